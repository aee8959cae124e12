import type { Bins, Ending } from '@secateur/models/churn';
import { poissonTail, populationStability } from '@secateur/models/statistics';
import { chiSquareTail } from '../analytics/survival/chi-square.js';

/** Below that a shift is of no consequence, however sure it is. */
const leastShift = 0.1;
/** Chance that a shift is found where nothing moved. */
const shiftChance = 0.001;
/** A forecast that is off by that is worth an alarm; either way. */
const leastRatio = 1.5;
const fewestEvents = 3;
/** Of each look at all streams together. */
const weekChance = 0.001;
/** Weeks until a false alarm by the sums of all streams together, on average: five years. */
const falseEveryWeeks = 260;
export const weekMs = 7 * 86_400_000;
const mostWeeks = 26;

/** How far the values of a feature, or the risks, have moved since the model was tested. */
export interface Shift {
  readonly feature: string;
  /** Population stability index over the deciles, or the levels, of then. */
  readonly psi: number;
  /** Above it chance does not explain it, and it is of consequence. */
  readonly threshold: number;
  readonly drifted: boolean;
}

/**
 * Counts of then and now over the same bins; half a row more in each, so that an empty bin has a share.
 *
 * Where nothing moved, nm / (n + m) times the index is about chi-square with one degree less than there are bins. Most people
 * are the same then and now, which makes moves smaller than that, so that the threshold errs on the quiet side.
 */
export function shiftOf({ name, counts }: Bins, now: readonly number[]): Shift {
  const used = counts.flatMap((before, bin) => (before + (now[bin] ?? 0) > 0 ? [bin] : []));
  const steady = { feature: name, psi: 0, threshold: leastShift, drifted: false };
  const [n, m] = [counts, now].map((all) => all.reduce((sum, count) => sum + count, 0)) as [number, number];
  if (used.length < 2 || n === 0 || m === 0) return steady;
  const shares = (all: readonly number[], of: number): number[] =>
    used.map((bin) => ((all[bin] ?? 0) + 0.5) / (of + used.length / 2));
  const psi = populationStability(shares(counts, n), shares(now, m));
  const threshold = Math.max(leastShift, chiSquareBeyond(shiftChance, used.length - 1) * (1 / n + 1 / m));
  return { feature: name, psi, threshold, drifted: psi > threshold };
}

/** What a chi-square variable exceeds with that chance. */
function chiSquareBeyond(chance: number, degrees: number): number {
  let [low, high] = [0, degrees + 10];
  while (chiSquareTail(high, degrees) > chance) high *= 2;
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2;
    if (chiSquareTail(middle, degrees) > chance) low = middle;
    else high = middle;
  }
  return high;
}

export interface Forecast {
  /** ms since the epoch */
  readonly t0: number;
  readonly stream: string;
  readonly subscriptions: number;
  /** Opt-outs within 7 days. */
  readonly expected: number;
}

export interface Week {
  /** Days from `from` to 7 days later; ms since the epoch. */
  readonly from: number;
  readonly subscriptions: number;
  readonly expected: number;
  readonly observed: number;
  /** Observed of expected, with the exact 95 % interval of a Poisson count; null where nothing was expected. */
  readonly ratio: { readonly value: number; readonly lower: number; readonly upper: number } | null;
}

export interface Outcome {
  readonly stream: string;
  /** The oldest first; no two overlap. */
  readonly weeks: readonly Week[];
  /** Sums of log likelihood ratios of half as many again, and of two thirds, against the forecast. */
  readonly rising: number;
  readonly falling: number;
  /** A sum above it is an alarm: once in five years by chance, over all streams, at most. */
  readonly limit: number;
  readonly drifted: boolean;
}

/**
 * Forecasts of the weeks that are over: back from the latest, one every 7 days, so that no day counts twice.
 *
 * @param over ms since the epoch: a week that ends later is not over
 */
export function weeksOver(forecasts: readonly Forecast[], over: number): Forecast[] {
  const starts = [...new Set(forecasts.map(({ t0 }) => t0))].sort((one, other) => other - one);
  const kept = new Set<number>();
  let next = over;
  for (const start of starts) {
    if (kept.size === mostWeeks) break;
    if (start + weekMs > next) continue;
    kept.add(start);
    next = start;
  }
  return forecasts.filter(({ t0 }) => kept.has(t0));
}

/** What was forecast of each stream, week by week, beside what happened. */
export function outcomesOf(weeks: readonly Forecast[], endings: readonly Ending[]): Outcome[] {
  const streams = [...new Set(weeks.map(({ stream }) => stream))].sort();
  // Each stream's sum may rise and fall.
  const limit = Math.log(falseEveryWeeks * 2 * Math.max(1, streams.length));
  const optOuts = new Map<string, Ending[]>();
  for (const ending of endings) {
    if (!ending.isOptOut) continue;
    const own = optOuts.get(ending.stream);
    if (own === undefined) optOuts.set(ending.stream, [ending]);
    else own.push(ending);
  }
  return streams.map((stream) => {
    const own = weeks.filter((week) => week.stream === stream).sort((one, other) => one.t0 - other.t0);
    const counted = own.map((week) => weekOf(week, optOuts.get(stream) ?? []));
    const [rising, falling] = [leastRatio, 1 / leastRatio].map((times) => sumOf(counted, times)) as [
      number,
      number,
    ];
    const drifted = rising > limit || falling > limit || isBeyond(counted.at(-1), streams.length);
    return { stream, weeks: counted, rising, falling, limit, drifted };
  });
}

function weekOf({ t0, subscriptions, expected }: Forecast, optOuts: readonly Ending[]): Week {
  const observed = optOuts.filter(
    ({ began, ended }) => began <= t0 && ended > t0 && ended <= t0 + weekMs,
  ).length;
  const over = (count: number): number => count / expected;
  const [lower, upper] = poissonInterval(observed);
  const ratio = expected > 0 ? { value: over(observed), lower: over(lower), upper: over(upper) } : null;
  return { from: t0, subscriptions, expected, observed, ratio };
}

/**
 * CUSUM of the log likelihood ratio of `times` as many against as many: with a limit h a false alarm takes e^h weeks or more on
 * average.
 * @see Lorden (1971), Procedures for reacting to a change in distribution, Ann. Math. Statist. 42
 */
function sumOf(weeks: readonly Week[], times: number): number {
  return weeks.reduce(
    (sum, { observed, expected }) => Math.max(0, sum + observed * Math.log(times) - (times - 1) * expected),
    0,
  );
}

/** Is the latest week by itself more, or less, than chance explains, and of consequence? */
function isBeyond(week: Week | undefined, streams: number): boolean {
  if (week?.ratio == null || Math.max(week.observed, week.expected) < fewestEvents) return false;
  const { observed, expected, ratio } = week;
  const chance = weekChance / streams / 2;
  if (ratio.value >= leastRatio) return poissonTail(observed, expected) < chance;
  return ratio.value <= 1 / leastRatio && 1 - poissonTail(observed + 1, expected) < chance;
}

/**
 * The exact 95 % interval of the mean of a Poisson count.
 * @see Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28
 */
export function poissonInterval(count: number): [lower: number, upper: number] {
  const tail = 0.025;
  const lower = count === 0 ? 0 : meanWhere((mean) => poissonTail(count, mean) > tail, count);
  return [lower, meanWhere((mean) => 1 - poissonTail(count + 1, mean) < tail, 3 * count + 10)];
}

/** The least mean up to which `isAbove` is false. */
function meanWhere(isAbove: (mean: number) => boolean, most: number): number {
  let [low, high] = [0, most];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (isAbove(middle)) high = middle;
    else low = middle;
  }
  return high;
}
