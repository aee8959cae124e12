import type { Labels } from './labels.js';
import type { Random } from './random.js';

/**
 * At most so many rows: all with an event, and of the others a random share r, each of which stands for 1/r. The weighted
 * loss is that of all rows on average, so predictions stay calibrated.
 */
export function thinned(
  rows: Int32Array,
  labels: Labels,
  most: number,
  random: Random,
): { readonly rows: Int32Array; readonly weight: Float64Array } {
  const isEvent = (row: number): boolean => labels.event[row] === 1;
  const events = rows.filter(isEvent).length;
  const others = rows.length - events;
  // Where events alone would fill more than half, all rows are thinned alike.
  const forEvent = rows.length <= most || events <= most / 2 ? 1 : most / rows.length;
  const forOther = rows.length <= most ? 1 : forEvent < 1 ? forEvent : (most - events) / others;
  const kept = rows.filter((row) => {
    const chance = isEvent(row) ? forEvent : forOther;
    return chance === 1 || random.chance(chance);
  });
  return {
    rows: kept,
    weight: Float64Array.from(
      kept,
      (row) => (labels.weight[row] as number) / (isEvent(row) ? forEvent : forOther),
    ),
  };
}
