import type { Group, Leaf } from './condition.js';
import type { FactLayout, Facts } from './facts.js';

export const millisecondsOfDay = 86_400_000;

/** @param now the instant to which `within the last` refers, in ms since the epoch */
export type Predicate = (facts: Facts, now: number) => boolean;

/** Compiles once; the result looks up nothing and allocates nothing. */
export function compile(group: Group, layout: FactLayout): Predicate {
  const parts = group.parts.map((part) =>
    part.kind === 'leaf' ? compileLeaf(part, layout) : compile(part, layout),
  );
  const joined = group.combinator === 'and' ? every(parts) : some(parts);
  return group.not ? (facts, now) => !joined(facts, now) : joined;
}

export function compileLeaf({ field, test, negated }: Leaf, layout: FactLayout): Predicate {
  const slot = layout.slotOf(field);
  switch (test.kind) {
    case 'missing':
      return negated ? (facts) => facts[slot] !== null : (facts) => facts[slot] === null;
    case 'equals': {
      const { value } = test;
      if (!negated) return (facts) => facts[slot] === value;
      return (facts) => facts[slot] !== null && facts[slot] !== value;
    }
    case 'order':
      return compileOrder(slot, test);
    case 'between': {
      const { low, high } = test;
      return (facts) => {
        const fact = facts[slot];
        return typeof fact === 'number' && (fact >= low && fact <= high) !== negated;
      };
    }
    case 'one_of': {
      const values: ReadonlySet<unknown> = new Set(test.values);
      return (facts) => facts[slot] !== null && values.has(facts[slot]) !== negated;
    }
    case 'contains':
    case 'begins':
    case 'ends':
      return compilePart(slot, test, negated);
    case 'within_last': {
      const length = test.days * millisecondsOfDay;
      return (facts, now) => {
        const fact = facts[slot];
        return typeof fact === 'number' && (fact > now - length && fact <= now) !== negated;
      };
    }
    case 'has': {
      const { member } = test;
      return (facts) => {
        const fact = facts[slot];
        return fact instanceof Set && fact.has(member) !== negated;
      };
    }
    case 'has_one_of': {
      const { members } = test;
      return (facts) => {
        const fact = facts[slot];
        return fact instanceof Set && members.some((member) => fact.has(member)) !== negated;
      };
    }
  }
}

function compileOrder(slot: number, { operator, than }: Extract<Leaf['test'], { kind: 'order' }>): Predicate {
  // typeof, because null < 1 holds in JavaScript.
  switch (operator) {
    case '<':
      return (facts) => {
        const fact = facts[slot];
        return typeof fact === 'number' && fact < than;
      };
    case '<=':
      return (facts) => {
        const fact = facts[slot];
        return typeof fact === 'number' && fact <= than;
      };
    case '>':
      return (facts) => {
        const fact = facts[slot];
        return typeof fact === 'number' && fact > than;
      };
    case '>=':
      return (facts) => {
        const fact = facts[slot];
        return typeof fact === 'number' && fact >= than;
      };
  }
}

/** Both texts are well-formed, so that code units, code points and bytes of UTF-8 agree. */
function compilePart(
  slot: number,
  { kind, text }: Extract<Leaf['test'], { kind: 'contains' | 'begins' | 'ends' }>,
  negated: boolean,
): Predicate {
  switch (kind) {
    case 'contains':
      return (facts) => {
        const fact = facts[slot];
        return typeof fact === 'string' && fact.includes(text) !== negated;
      };
    case 'begins':
      return (facts) => {
        const fact = facts[slot];
        return typeof fact === 'string' && fact.startsWith(text) !== negated;
      };
    case 'ends':
      return (facts) => {
        const fact = facts[slot];
        return typeof fact === 'string' && fact.endsWith(text) !== negated;
      };
  }
}

/** Unrolled for the few parts that a group has: a loop over closures costs as much again as the closures. */
function every(parts: readonly Predicate[]): Predicate {
  const [a, b, c, d] = parts;
  if (a === undefined) return () => true;
  if (b === undefined) return a;
  if (c === undefined) return (facts, now) => a(facts, now) && b(facts, now);
  if (d === undefined) return (facts, now) => a(facts, now) && b(facts, now) && c(facts, now);
  const rest = every(parts.slice(3));
  return (facts, now) => a(facts, now) && b(facts, now) && c(facts, now) && rest(facts, now);
}

function some(parts: readonly Predicate[]): Predicate {
  const [a, b, c, d] = parts;
  if (a === undefined) return () => false;
  if (b === undefined) return a;
  if (c === undefined) return (facts, now) => a(facts, now) || b(facts, now);
  if (d === undefined) return (facts, now) => a(facts, now) || b(facts, now) || c(facts, now);
  const rest = some(parts.slice(3));
  return (facts, now) => a(facts, now) || b(facts, now) || c(facts, now) || rest(facts, now);
}
