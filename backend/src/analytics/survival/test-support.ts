import type { SurvivalPoint } from './curve.js';

/** The curve of as many as there are times, all of whom end; negative: censored. No two at one time. */
export function pointsOf(times: readonly number[]): SurvivalPoint[] {
  let survival = 1;
  let greenwood = 0;
  const inTurn = [...times].sort((a, b) => Math.abs(a) - Math.abs(b));
  return inTurn.map((time, index): SurvivalPoint => {
    const n = inTurn.length - index;
    const events = time < 0 ? 0 : 1;
    survival *= (n - events) / n;
    if (n > events) greenwood += events / (n * (n - events));
    const error = survival * Math.sqrt(greenwood);
    const isOpen = survival > 0 && survival < 1;
    const bound = (side: number) =>
      isOpen
        ? survival ** Math.exp((side * 1.959963984540054 * Math.sqrt(greenwood)) / Math.log(survival))
        : null;
    return {
      t: Math.abs(time),
      at_risk: n,
      events,
      censored: 1 - events,
      survival,
      std_error: survival === 0 ? null : error,
      lower: bound(-1),
      upper: bound(1),
    };
  });
}
