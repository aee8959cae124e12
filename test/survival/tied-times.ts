/** √ε of a double. */
const tolerance = 1.490116119384766e-8;

/**
 * Times that differ by rounding alone count as one: of times within √ε of the one before, absolutely or in parts of the
 * mean, the first stands for all. R does so with data (`timefix`); spells of the service are whole milliseconds and need it
 * not.
 */
export function tied(times: readonly number[]): (time: number) => number {
  const distinct = [...new Set(times)].sort((a, b) => a - b);
  const mean = distinct.reduce((sum, time) => sum + Math.abs(time), 0) / distinct.length;
  const standsFor = new Map<number, number>();
  let first = Number.NaN;
  let before = Number.NEGATIVE_INFINITY;
  for (const time of distinct) {
    const gap = time - before;
    if (!(gap <= tolerance || gap / mean <= tolerance)) first = time;
    standsFor.set(time, first);
    before = time;
  }
  return (time) => standsFor.get(time) ?? time;
}
