import { compile, type Predicate } from './closure.js';
import type { Group } from './condition.js';
import type { FactLayout, Facts } from './facts.js';

/**
 * Compiles conditions that are tried in order: the index of the first that holds, −1 if none does.
 *
 * Most sets ask of one field, the channel or the trigger, for a value in nearly every condition. Its value picks the
 * conditions that can still hold, and only they are asked: of 100 conditions over 8 channels, 12 or 13.
 */
export function compileFirst(
  conditions: readonly Group[],
  layout: FactLayout,
): (facts: Facts, now: number) => number {
  const tried = conditions.map((condition, index) => ({ index, holds: compile(condition, layout) }));
  const demands = conditions.map((condition) => demandsOf(condition, layout));
  const slot = busiestSlot(demands);
  const among = (value: unknown): Tried[] =>
    tried.filter(({ index }) => demands[index]?.get(slot)?.has(value) ?? true);
  const values = new Set(demands.flatMap((demand) => [...(demand.get(slot) ?? [])]));
  const byValue = new Map([...values].map((value) => [value, among(value)]));
  // No value of any demand is undefined.
  const others = among(undefined);
  return (facts, now) => first(byValue.get(facts[slot]) ?? others, facts, now);
}

interface Tried {
  readonly index: number;
  readonly holds: Predicate;
}

function first(tried: readonly Tried[], facts: Facts, now: number): number {
  for (const { index, holds } of tried) if (holds(facts, now)) return index;
  return -1;
}

type Demands = ReadonlyMap<number, ReadonlySet<unknown>>;

/** For each slot the values of which it must have one, so that the condition can hold. */
function demandsOf(condition: Group, layout: FactLayout): Demands {
  const demands = new Map<number, ReadonlySet<unknown>>();
  if (condition.not || condition.combinator !== 'and') return demands;
  for (const part of condition.parts) {
    if (part.kind === 'group') {
      for (const [slot, values] of demandsOf(part, layout)) demands.set(slot, values);
    } else if (!part.negated && part.test.kind === 'equals') {
      demands.set(layout.slotOf(part.field), new Set([part.test.value]));
    } else if (!part.negated && part.test.kind === 'one_of') {
      demands.set(layout.slotOf(part.field), new Set(part.test.values));
    }
  }
  return demands;
}

/** The slot of which most conditions demand a value; −1, which no facts have, without any. */
function busiestSlot(demands: readonly Demands[]): number {
  const counts = new Map<number, number>();
  for (const demand of demands)
    for (const slot of demand.keys()) counts.set(slot, (counts.get(slot) ?? 0) + 1);
  let busiest = -1;
  for (const [slot, count] of counts) if (count > (counts.get(busiest) ?? 0)) busiest = slot;
  return busiest;
}
