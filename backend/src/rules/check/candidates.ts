import type { Fact } from '../../conditions/facts.js';
import { type AskedField, type Leaf } from '../../conditions/index.js';

const day = 86_400_000;
/** Members of a set of which every combination is tried; of more, each alone, all together, and each missing. */
const mostCombined = 8;
const mostComposed = 200;

export interface Candidates {
  readonly values: readonly Fact[];
  /** Every way in which the leaves can be answered is among the answers to these. */
  readonly isComplete: boolean;
}

/**
 * Values of a field that answer its leaves in every way in which they can be answered: what the leaves name, what lies
 * between and beside it, and missing. Of texts that are asked for their parts, and of large sets, not every combination
 * is tried.
 */
export function candidatesOf(field: AskedField, leaves: readonly Leaf[], now: number): Candidates {
  const { type, may_be_missing, choices } = field.field;
  const missing: Fact[] = may_be_missing ? [null] : [];
  const all = (values: readonly Fact[], isComplete = true): Candidates => ({
    values: [...values, ...missing],
    isComplete,
  });
  switch (type) {
    case 'boolean':
      return all([true, false]);
    case 'number':
    case 'instant':
      return all(numbers(leaves, now));
    case 'set': {
      const members = membersOf(leaves);
      return all(sets(members), members.length <= mostCombined);
    }
    case 'choice': {
      const named = namedTexts(leaves);
      const other = (choices ?? []).map(({ value }) => value).find((value) => !named.includes(value));
      return all([...named, ...(other === undefined ? [] : [other])]);
    }
    case 'text':
      return all(
        texts(leaves),
        leaves.every(
          ({ test }) => test.kind === 'equals' || test.kind === 'one_of' || test.kind === 'missing',
        ),
      );
  }
}

function numbers(leaves: readonly Leaf[], now: number): number[] {
  const named = new Set<number>();
  for (const { test } of leaves) {
    if (test.kind === 'order') named.add(test.than);
    else if (test.kind === 'between') for (const end of [test.low, test.high]) named.add(end);
    else if (test.kind === 'equals' && typeof test.value === 'number') named.add(test.value);
    else if (test.kind === 'one_of')
      for (const value of test.values) if (typeof value === 'number') named.add(value);
    if (test.kind === 'within_last') for (const end of [now - test.days * day, now]) named.add(end);
  }
  const sorted = [...named].sort((a, b) => a - b);
  const between = sorted.slice(1).map((value, index) => (value + (sorted[index] ?? value)) / 2);
  const [low = 0, high = 0] = [sorted[0], sorted.at(-1)];
  return [...new Set([...sorted, ...between, low - 1, high + 1])];
}

function namedTexts(leaves: readonly Leaf[]): string[] {
  return [
    ...new Set(
      leaves.flatMap(({ test }): string[] => {
        if (test.kind === 'equals') return [String(test.value)];
        if (test.kind === 'one_of') return test.values.map(String);
        return test.kind === 'contains' || test.kind === 'begins' || test.kind === 'ends' ? [test.text] : [];
      }),
    ),
  ];
}

function texts(leaves: readonly Leaf[]): string[] {
  const parts = (kind: 'begins' | 'contains' | 'ends') =>
    leaves.flatMap(({ test }) => (test.kind === kind ? [test.text] : []));
  const contained = parts('contains');
  const composed: string[] = [];
  for (const begin of ['', ...parts('begins')])
    for (const middle of ['', contained.join(' '), ...contained])
      for (const end of ['', ...parts('ends')])
        if (composed.length < mostComposed) composed.push(begin + middle + end);
  const named = namedTexts(leaves);
  let other = 'something else';
  while (named.includes(other)) other += ' again';
  return [...new Set([...named, ...composed, other])];
}

function membersOf(leaves: readonly Leaf[]): string[] {
  return [
    ...new Set(
      leaves.flatMap(({ test }) =>
        test.kind === 'has' ? [test.member] : test.kind === 'has_one_of' ? test.members : [],
      ),
    ),
  ];
}

function sets(members: readonly string[]): ReadonlySet<string>[] {
  if (members.length > mostCombined) {
    const without = members.map((member) => new Set(members.filter((other) => other !== member)));
    return [new Set(), ...members.map((member) => new Set([member])), new Set(members), ...without];
  }
  return Array.from(
    { length: 2 ** members.length },
    (_, bits) => new Set(members.filter((__, index) => (bits >> index) & 1)),
  );
}
