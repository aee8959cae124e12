import type { Fact } from '../../conditions/facts.js';
import { type AskedField, type Leaf } from '../../conditions/index.js';

const day = 86_400_000;
/** Members of a set of which every combination is tried; of more, each alone and all together. */
const mostCombined = 5;

/**
 * Values of a field that answer its leaves in every way in which they can be answered: what the leaves name, what lies
 * between and beside it, and missing. Where texts are asked for their parts, not every combination is tried.
 */
export function candidatesOf(field: AskedField, leaves: readonly Leaf[], now: number): Fact[] {
  const { type, may_be_missing, choices } = field.field;
  const missing: Fact[] = may_be_missing ? [null] : [];
  switch (type) {
    case 'boolean':
      return [true, false, ...missing];
    case 'number':
    case 'instant':
      return [...numbers(leaves, now), ...missing];
    case 'set':
      return [...sets(leaves), ...missing];
    case 'choice': {
      const named = namedTexts(leaves);
      const other = (choices ?? []).map(({ value }) => value).find((value) => !named.includes(value));
      return [...named, ...(other === undefined ? [] : [other]), ...missing];
    }
    case 'text':
      return [...texts(leaves), ...missing];
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
  const composed: string[] = [];
  for (const begin of ['', ...parts('begins')])
    for (const middle of ['', ...parts('contains')])
      for (const end of ['', ...parts('ends')])
        if (composed.length < 200) composed.push(begin + middle + end);
  const other = 'something else';
  return [...new Set([...namedTexts(leaves), ...composed, other])];
}

function sets(leaves: readonly Leaf[]): ReadonlySet<string>[] {
  const members = [
    ...new Set(
      leaves.flatMap(({ test }) =>
        test.kind === 'has' ? [test.member] : test.kind === 'has_one_of' ? test.members : [],
      ),
    ),
  ];
  if (members.length > mostCombined)
    return [new Set(), ...members.map((member) => new Set([member])), new Set(members)];
  return Array.from(
    { length: 2 ** members.length },
    (_, bits) => new Set(members.filter((__, index) => (bits >> index) & 1)),
  );
}
