import { betaBinomialTail } from './beta-binomial.js';
import type { Day } from './cell.js';

/** The past of one cell. */
export interface Past {
  /** Days from which its mean rate is known. */
  readonly days: readonly Day[];
  /** What varies about that mean: the days themselves, or the campaigns of a stream, each on its day. */
  readonly parts: readonly Day[];
}

/** What a new day of a cell is expected to look like. */
export interface Expectation {
  /** Mean rate, the weekday's factor included. */
  readonly rate: number;
  /** Overdispersion between days and what is not known of the mean, together: the ρ of the predictive beta-binomial. */
  readonly rho: number;
  /** ρ between days alone. */
  readonly unevenness: number;
  /** Standard error of the mean rate, as a share of it. */
  readonly error: number;
  /** Days and events that the mean rests on. */
  readonly days: number;
  readonly events: number;
}

/** What many cells have in common. */
export interface Baseline {
  /**
   * κ, pooled over all cells: the squared coefficient of variation of a cell's own rate between days. The intra-class
   * correlation of a cell with mean rate μ is ρ = κμ: what makes campaigns uneven multiplies rates, whatever they are.
   */
  readonly unevenness: number;
  /** Factor on the rate by weekday of UTC, Thursday first: the epoch was one. */
  readonly weekdays: readonly number[];
  /** null while too little is known of the cell. */
  expect(past: Past, on: number): Expectation | null;
}

/** Days with deliveries that a mean needs, at least. */
export const warmUp = 28;
/** Events by which a weekday's factor is drawn towards 1. */
const weekdayPrior = 30;
/** Where the past itself holds a spike that nobody flagged. */
const improbable = 1e-4;
const rounds = 3;
/** Of κ: rates that vary by twice their mean. */
const most = 4;

/** Thursday is 0. */
const weekdayOf = (on: number): number => ((on % 7) + 7) % 7;

/**
 * Weekday factors and overdispersion from the past of all cells together: one cell alone has too few events to tell them.
 * Days that this past itself makes improbable (p < 0.0001) are left out of a second fit.
 */
export function baselineOf(pasts: readonly Past[]): Baseline {
  const known = pasts.filter(({ days }) => days.length > 0);
  const first = fitted(known);
  const kept = known.map((past) => {
    const expected = means(past.days, first.weekdays);
    const isProbable = (day: Day): boolean => {
      const rate = rateOn(expected.rate, first.weekdays, day.on);
      // The tail is asked only where it can be small.
      return (
        day.x <= 2 * day.n * rate + 3 ||
        betaBinomialTail(day.x, day.n, rate, first.unevenness * rate) >= improbable
      );
    };
    return { days: past.days.filter(isProbable), parts: past.parts.filter(isProbable) };
  });
  const isClean = kept.every(({ days }, index) => days.length === known[index]?.days.length);
  const { unevenness, weekdays } = isClean ? first : fitted(kept);
  return { unevenness, weekdays, expect: (past, on) => expectation(past, on, unevenness, weekdays) };
}

/** With a prior of half an event, so that a cell without one is not taken for certain. */
function means(
  days: readonly Day[],
  weekdays: readonly number[],
): { rate: number; events: number; n: number } {
  let events = 0;
  let weighed = 0;
  let n = 0;
  for (const day of days) {
    events += day.x;
    n += day.n;
    weighed += day.n * (weekdays[weekdayOf(day.on)] ?? 1);
  }
  return { rate: (events + 0.5) / (weighed + 1), events, n };
}

const rateOn = (rate: number, weekdays: readonly number[], on: number): number =>
  Math.min(0.5, rate * (weekdays[weekdayOf(on)] ?? 1));

function fitted(pasts: readonly Past[]): { unevenness: number; weekdays: number[] } {
  let weekdays = [1, 1, 1, 1, 1, 1, 1];
  for (let round = 0; round < 2; round++) weekdays = weekdayFactors(pasts, weekdays);
  let unevenness = 0;
  for (let round = 0; round < rounds; round++) unevenness = dispersion(pasts, weekdays, unevenness);
  return { unevenness, weekdays };
}

/** Observed over expected events of each weekday, drawn towards 1. */
function weekdayFactors(pasts: readonly Past[], before: readonly number[]): number[] {
  const observed = new Array<number>(7).fill(weekdayPrior);
  const expected = new Array<number>(7).fill(weekdayPrior);
  for (const { days } of pasts) {
    const { rate } = means(days, before);
    for (const day of days) {
      const weekday = weekdayOf(day.on);
      observed[weekday] = (observed[weekday] ?? 0) + day.x;
      expected[weekday] = (expected[weekday] ?? 0) + day.n * rate;
    }
  }
  return observed.map((sum, weekday) => sum / (expected[weekday] ?? 1));
}

/**
 * κ by weighted moments of the squared Pearson residuals, E z = 1 + (n − 1)κμ, with weights by their variance at the κ
 * before. One standard error is added: few cells would else pass for even days by chance.
 */
function dispersion(pasts: readonly Past[], weekdays: readonly number[], before: number): number {
  let excess = 0;
  let information = 0;
  for (const { days, parts } of pasts) {
    const { rate, n: total } = means(days, weekdays);
    for (const { on, n, x } of parts) {
      const p = rateOn(rate, weekdays, on);
      const expected = n * p;
      const reach = (n - 1) * p;
      const spread = 1 + reach * before;
      const weight = 1 / (2 * spread * spread + 1 / expected);
      const residual = (x - expected) ** 2 / (expected * (1 - p) * Math.max(0.1, 1 - n / total));
      excess += weight * reach * (residual - 1);
      information += weight * reach * reach;
    }
  }
  if (information === 0) return before;
  return Math.min(most, Math.max(0, excess / information) + 1 / Math.sqrt(information));
}

/** Variance of the mean, over μ(1 − μ): Σ nᵢ(1 + (nᵢ − 1)ρ) / N². */
function expectation(
  { days }: Past,
  on: number,
  unevenness: number,
  weekdays: readonly number[],
): Expectation | null {
  if (days.length < warmUp) return null;
  const { rate, events, n: total } = means(days, weekdays);
  const rho = unevenness * rate;
  let unknown = 0;
  for (const { n } of days) unknown += (n * (1 + (n - 1) * rho)) / (total * total);
  return {
    rate: rateOn(rate, weekdays, on),
    rho: Math.min(0.9, rho + unknown),
    unevenness: rho,
    error: Math.sqrt((unknown * (1 - rate)) / rate),
    days: days.length,
    events,
  };
}
