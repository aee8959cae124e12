import type { Baseline, Expectation, Past } from './baseline.js';
import { logLikelihood } from './beta-binomial.js';
import type { Cell, Day } from './cell.js';

/** A cell whose rate has crept up. */
export interface Drift {
  readonly cell: Cell;
  /** The first day of the climb, and the last. */
  readonly from: number;
  readonly on: number;
  readonly n: number;
  readonly x: number;
  readonly expected: number;
  readonly sum: number;
  readonly expectation: Expectation;
}

export interface DriftSettings {
  /** False alarms a year, over all cells. */
  readonly falsePerYear: number;
  readonly minDeliveries: number;
  readonly minRatio: number;
}

/** Events that the reference must hold: with fewer the rate itself is off by too much. */
export const leastEvents = 30;

/**
 * Found by simulation: with h = ln(365 · cells / budget) a fifteenth of the budget came on clean logs (7 false drifts in 5.5
 * years at 20 a year): p₀ is taken high, and cells of one stream climb together. A tenth leaves room.
 */
const slack = 10;

/**
 * The limit of the sum. For a likelihood ratio of the true model false alarms come at most every eʰ steps (Lorden 1971).
 * Rate and ρ are estimates here; `pnpm simulate` counts what comes of it.
 */
export const limitFor = (cells: number, falsePerYear: number): number =>
  Math.log((365 * Math.max(1, cells)) / (slack * falsePerYear));

/**
 * CUSUM of the beta-binomial log likelihood ratio of twice the rate against the rate, day by day:
 *
 *   S ← max(0, S + ln BB(x; n, 2p₀, ρ) − ln BB(x; n, p₀, ρ))
 *
 * p₀ is one standard error above the estimate: an error in it is the same on all days and would add up.
 *
 * @param reference the past, well before `recent`, so that a climb does not lift what it is held against
 * @param recent in order; the sum begins at 0 with the first
 * @returns null while the sum is under the limit, or too little is known
 * @see Page (1954), Continuous inspection schemes, Biometrika 41; Lorden (1971), Ann. Math. Stat. 42(6)
 */
export function driftOf(
  cell: Cell,
  reference: Past,
  recent: readonly Day[],
  baseline: Baseline,
  limit: number,
  { minRatio, minDeliveries }: DriftSettings,
): Drift | null {
  const start = { sum: 0, from: 0, n: 0, x: 0, expected: 0 };
  let state = start;
  let last: Expectation | null = null;
  for (const { on, n, x } of recent) {
    const expectation = baseline.expect(reference, on);
    if (expectation === null || expectation.events < leastEvents) return null;
    const { rate } = expectation;
    const least = Math.min(0.4, rate * (1 + expectation.error));
    const ratio =
      logLikelihood(x, n, 2 * least, expectation.unevenness) -
      logLikelihood(x, n, least, expectation.unevenness);
    const sum = state.sum + ratio;
    state =
      sum <= 0
        ? start
        : {
            sum,
            from: state.sum === 0 ? on : state.from,
            n: state.n + n,
            x: state.x + x,
            expected: state.expected + n * rate,
          };
    last = expectation;
  }
  const end = recent.at(-1);
  if (last === null || end === undefined || state.sum < limit) return null;
  if (state.n < minDeliveries || state.x < minRatio * state.expected) return null;
  return { cell, on: end.on, expectation: last, ...state };
}
