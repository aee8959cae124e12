import { compileLeaf, type Predicate } from '../../conditions/closure.js';
import type { Fact } from '../../conditions/facts.js';
import { type AskedField, FactLayout, type Group, type Leaf, leavesOf } from '../../conditions/index.js';
import { candidatesOf } from './candidates.js';
import { Pace } from './pace.js';

/** Facts under which a condition holds, by field. */
export type Witness = Record<string, string | number | boolean | string[] | null>;

export type Search =
  | { found: Witness }
  /** There are none. */
  | { found: null; isComplete: true }
  /** None were found with what may be spent. */
  | { found: null; isComplete: false };

/** Questions to leaves that one search may ask: 30 million take a second. */
const mostOfSearch = 2_000_000;
/** All searches of one check together: half a minute. What is left then is not told. */
const mostOfCheck = 1_000_000_000;
/** About a millisecond. */
const mostBetweenLooks = 50_000;

/** Searches of one check: they share what may be spent, and leave the thread to others in between. */
export class Searches {
  #left: number;
  readonly #pace = new Pace();

  constructor(
    private readonly now: number,
    budget = mostOfCheck,
  ) {
    this.#left = budget;
  }

  /**
   * Looks for facts under which a condition holds, field by field, and turns back as soon as what is settled decides it
   * (Kleene's three values). What is found is sound: the closures themselves said so. The facts of different fields are
   * taken to be free of each other.
   */
  async find(condition: Group): Promise<Search> {
    const search = searching(condition, this.now, Math.min(mostOfSearch, this.#left));
    for (;;) {
      if (this.#pace.isDue) await this.#pace.rest();
      const { done, value } = search.next();
      if (done !== true) continue;
      this.#left -= value.spent;
      return value.search;
    }
  }
}

/** Yields now and then, to be gone on with. */
function* searching(
  condition: Group,
  now: number,
  budget: number,
): Generator<undefined, { search: Search; spent: number }> {
  const layout = new FactLayout();
  const asked = { count: 0 };
  const evaluate = threeValued(condition, layout, asked);
  const leaves = leavesOf(condition);
  const tried = layout.fields.map((field) => {
    const own = leaves.filter((leaf) => leaf.field.id === field.id);
    return { field, asked: own.length, ...candidatesOf(field, own, now) };
  });
  // What cannot be tried to the end comes last: mostly the rest has settled it by then.
  tried.sort((a, b) => Number(b.isComplete) - Number(a.isComplete) || b.asked - a.asked);
  const facts: (Fact | undefined)[] = layout.fields.map(() => undefined);
  let nextLook = mostBetweenLooks;
  function* search(depth: number): Generator<undefined, boolean | null> {
    if (++asked.count > budget) return null;
    if (asked.count > nextLook) {
      nextLook = asked.count + mostBetweenLooks;
      yield;
    }
    const held = evaluate(facts, now);
    if (held !== undefined) return held;
    const next = tried[depth];
    if (next === undefined) return false;
    const slot = layout.slotOf(next.field);
    let isCut = !next.isComplete;
    for (const value of next.values) {
      facts[slot] = value;
      const found = yield* search(depth + 1);
      if (found === true) return true;
      isCut ||= found === null;
    }
    facts[slot] = undefined;
    return isCut ? null : false;
  }
  const answer = yield* search(0);
  const found = { found: null, isComplete: answer === false } as const;
  return { search: answer === true ? { found: witnessOf(layout.fields, facts) } : found, spent: asked.count };
}

/** All must hold. */
export const all = (...parts: readonly Group[]): Group => ({
  kind: 'group',
  combinator: 'and',
  not: false,
  parts,
});
export const not = (group: Group): Group => ({ ...group, not: !group.not });

type ThreeValued = (facts: readonly (Fact | undefined)[], now: number) => boolean | undefined;

function threeValued(part: Leaf | Group, layout: FactLayout, asked: { count: number }): ThreeValued {
  if (part.kind === 'leaf') {
    const holds: Predicate = compileLeaf(part, layout);
    const slot = layout.slotOf(part.field);
    return (facts, now) => {
      asked.count += 1;
      return facts[slot] === undefined ? undefined : holds(facts as readonly Fact[], now);
    };
  }
  const parts = part.parts.map((each) => threeValued(each, layout, asked));
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
