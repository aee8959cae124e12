import { compileLeaf, type Predicate } from '../../conditions/closure.js';
import type { Fact } from '../../conditions/facts.js';
import { type AskedField, FactLayout, type Group, type Leaf, leavesOf } from '../../conditions/index.js';
import { candidatesOf } from './candidates.js';

/** Facts under which a condition holds, by field. */
export type Witness = Record<string, string | number | boolean | string[] | null>;

export type Search =
  | { found: Witness }
  /** There are none. */
  | { found: null; isComplete: true }
  /** None were found in the steps allowed. */
  | { found: null; isComplete: false };

/** Steps of one search; about a second at most. */
const mostSteps = 400_000;

/**
 * Looks for facts under which a condition holds, field by field, and turns back as soon as what is settled decides it
 * (Kleene's three values). What is found is sound: the closures themselves said so. The facts of different fields are
 * taken to be free of each other.
 */
export function findWitness(condition: Group, now: number): Search {
  const layout = new FactLayout();
  const evaluate = threeValued(condition, layout);
  const leaves = leavesOf(condition);
  const fields = [...layout.fields].sort((a, b) => timesAsked(leaves, b) - timesAsked(leaves, a));
  const candidates = fields.map((field) => {
    const own = leaves.filter((leaf) => leaf.field.id === field.id);
    return candidatesOf(field, own, now);
  });
  const facts: (Fact | undefined)[] = layout.fields.map(() => undefined);
  let steps = 0;
  const search = (depth: number): boolean | null => {
    if (++steps > mostSteps) return null;
    const held = evaluate(facts, now);
    if (held !== undefined) return held;
    const field = fields[depth];
    if (field === undefined) return false;
    const slot = layout.slotOf(field);
    let isCut = false;
    for (const value of candidates[depth] ?? []) {
      facts[slot] = value;
      const found = search(depth + 1);
      if (found === true) return true;
      isCut ||= found === null;
    }
    facts[slot] = undefined;
    return isCut ? null : false;
  };
  const answer = search(0);
  if (answer === true) return { found: witnessOf(layout.fields, facts) };
  return { found: null, isComplete: answer === false };
}

/** All must hold. */
export const all = (...parts: readonly Group[]): Group => ({
  kind: 'group',
  combinator: 'and',
  not: false,
  parts,
});
export const not = (group: Group): Group => ({ ...group, not: !group.not });

function timesAsked(leaves: readonly Leaf[], field: AskedField): number {
  return leaves.filter((leaf) => leaf.field.id === field.id).length;
}

type ThreeValued = (facts: readonly (Fact | undefined)[], now: number) => boolean | undefined;

function threeValued(part: Leaf | Group, layout: FactLayout): ThreeValued {
  if (part.kind === 'leaf') {
    const holds: Predicate = compileLeaf(part, layout);
    const slot = layout.slotOf(part.field);
    return (facts, now) => (facts[slot] === undefined ? undefined : holds(facts as readonly Fact[], now));
  }
  const parts = part.parts.map((each) => threeValued(each, layout));
  // Of `and` one that does not hold settles it, of `or` one that does.
  const settling = part.combinator === 'or';
  return (facts, now) => {
    let isOpen = false;
    for (const each of parts) {
      const held = each(facts, now);
      if (held === settling) return settling !== part.not;
      isOpen ||= held === undefined;
    }
    return isOpen ? undefined : !settling !== part.not;
  };
}

/** Fields that were never looked at are left out: the condition holds whatever they are. */
function witnessOf(fields: readonly AskedField[], facts: readonly (Fact | undefined)[]): Witness {
  const found: Witness = {};
  for (const [slot, field] of fields.entries()) {
    const fact = facts[slot];
    if (fact === undefined) continue;
    const isInstant = field.field.type === 'instant' && typeof fact === 'number';
    found[field.id] =
      fact instanceof Set
        ? [...fact].sort()
        : isInstant
          ? new Date(fact).toISOString()
          : (fact as Witness[string]);
  }
  return found;
}
