import { compile, type Predicate } from './closure.js';
import type { Group, Leaf } from './condition.js';
import type { Fact, FactLayout, Facts } from './facts.js';

/** The index of the first condition that holds, −1 if none does. */
export type First = (facts: Facts, now: number) => number;

/**
 * Compiles conditions that are tried in order.
 *
 * Nearly every rule asks for the channel or the trigger. So the value of the field of which most conditions demand one
 * picks those that can still hold, again within these, and only what is left of them is asked: of 100 conditions over 8
 * channels and 5 triggers about 5, without their channel and trigger.
 */
export function compileFirst(conditions: readonly Group[], layout: FactLayout): First {
  const tried = conditions.map((condition, index) => triedOf(index, condition, layout));
  return dispatch(tried, layout, { left: mostEntries });
}

/** Bounds the memory of long lists in many conditions: what is beyond is tried in order. */
const mostEntries = 50_000;

interface Tried {
  readonly index: number;
  readonly condition: Group;
  readonly holds: Predicate;
}

function triedOf(index: number, condition: Group, layout: FactLayout): Tried {
  return { index, condition, holds: compile(condition, layout) };
}

function dispatch(tried: readonly Tried[], layout: FactLayout, entries: { left: number }): First {
  const demands = tried.map(({ condition }) => demandsOf(condition, layout));
  const slot = busiestSlot(demands);
  const demanded = demands.map((each) => each.get(slot));
  const values = new Set(demanded.flatMap((demand) => [...(demand?.values ?? [])]));
  const cost = (values.size + 1) * tried.length;
  if (slot < 0 || cost > entries.left) return inTurn(tried);
  entries.left -= cost;

  const rest = tried.map(({ index, condition, holds }, at) => {
    const demand = demanded[at];
    return demand === undefined
      ? { index, condition, holds }
      : triedOf(index, without(condition, demand.leaf), layout);
  });
  const byValue = new Map<Fact | undefined, First>(
    [...values].map((value) => {
      const can = rest.filter((_, at) => demanded[at]?.values.has(value) ?? true);
      return [value, dispatch(can, layout, entries)];
    }),
  );
  const others = dispatch(
    tried.filter((_, at) => demanded[at] === undefined),
    layout,
    entries,
  );
  return (facts, now) => (byValue.get(facts[slot]) ?? others)(facts, now);
}

function inTurn(tried: readonly Tried[]): First {
  return (facts, now) => {
    for (const { index, holds } of tried) if (holds(facts, now)) return index;
    return -1;
  };
}

/** A fact of which the condition must have one of these values, so that it can hold, and the leaf that says so. */
interface Demand {
  readonly leaf: Leaf;
  readonly values: ReadonlySet<string | number | boolean>;
}

function demandsOf(condition: Group, layout: FactLayout): Map<number, Demand> {
  const demands = new Map<number, Demand>();
  if (condition.not || condition.combinator !== 'and') return demands;
  for (const part of condition.parts) {
    if (part.kind === 'group') {
      for (const [slot, demand] of demandsOf(part, layout)) demands.set(slot, demand);
    } else if (!part.negated && part.test.kind === 'equals') {
      demands.set(layout.slotOf(part.field), { leaf: part, values: new Set([part.test.value]) });
    } else if (!part.negated && part.test.kind === 'one_of') {
      demands.set(layout.slotOf(part.field), { leaf: part, values: new Set(part.test.values) });
    }
  }
  return demands;
}

/** The condition where that leaf is known to hold: it stands under `and` alone. */
function without(condition: Group, leaf: Leaf): Group {
  const parts = condition.parts
    .filter((part) => part !== leaf)
    .map((part) => (part.kind === 'group' && part.combinator === 'and' ? without(part, leaf) : part));
  return { ...condition, parts };
}

/** The slot of which most conditions demand a value; −1 where fewer than three do, which is not worth a look. */
function busiestSlot(demands: readonly ReadonlyMap<number, Demand>[]): number {
  const counts = new Map<number, number>();
  for (const demand of demands)
    for (const slot of demand.keys()) counts.set(slot, (counts.get(slot) ?? 0) + 1);
  const [busiest] = [...counts].sort(([, a], [, b]) => b - a);
  return busiest !== undefined && busiest[1] >= 3 ? busiest[0] : -1;
}
