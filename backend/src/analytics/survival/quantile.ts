import type { SurvivalPoint } from './curve.js';

/** √ε: closer than this, survival and level are the same. */
const tolerance = 1.490116119384766e-8;

/** The time by which a share has left. null: not reached, and never extrapolated. */
export interface Quantile {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * The time at which a share of all has left, with the times at which the bands cross the same level (Brookmeyer and
 * Crowley 1982), as `quantile()` of R's survival package finds them: where the curve runs flat exactly at the level, the
 * middle of that stretch; at its end, the middle between the last step and the last time.
 *
 * Bands need not fall everywhere, with delayed entry least of all: what counts is the time of the smallest share at or
 * above the level, not the first such time.
 *
 * @param points in order of time, with at least one
 * @param share in (0, 1): 0.5 is the median
 * @param origin where the curve begins, at survival 1
 * @see Brookmeyer, Crowley (1982), A confidence interval for the median survival time, Biometrics 38, 29–41
 */
export function quantile(points: readonly SurvivalPoint[], share: number, origin = 0): Quantile {
  const times = [origin, ...points.map(({ t }) => t)];
  const crossing = (heights: (number | null)[]): number | null =>
    crossingOf(times, [0, ...heights.map((height) => (height === null ? null : 1 - height))], share);
  return {
    value: crossing(points.map(({ survival }) => survival)),
    lower: crossing(points.map(({ lower }) => lower)),
    upper: crossing(points.map(({ upper }) => upper)),
  };
}

function crossingOf(
  times: readonly number[],
  left: readonly (number | null)[],
  share: number,
): number | null {
  // A time at which nobody left repeats the share: the step is the first of them.
  const seen = new Set<number | null>();
  const steps: { t: number; share: number | null }[] = [];
  for (const [index, t] of times.entries()) {
    const each = left[index] ?? null;
    if (seen.has(each)) continue;
    seen.add(each);
    steps.push({ t, share: each });
  }
  const reached = (level: number): number | null => {
    let best: { t: number; share: number } | null = null;
    for (const step of steps) {
      if (step.share !== null && step.share >= level && (best === null || step.share < best.share)) {
        best = { t: step.t, share: step.share };
      }
    }
    return best?.t ?? null;
  };
  const from = reached(share - tolerance);
  const last = steps.at(-1)?.share ?? null;
  const to =
    last !== null && Math.abs(share - last) < tolerance ? (times.at(-1) ?? null) : reached(share + tolerance);
  return from === null || to === null ? null : (from + to) / 2;
}
