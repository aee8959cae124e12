import type { SurvivalPoint } from './curve.js';

/** The mean time stayed within a horizon. */
export interface RestrictedMean {
  readonly value: number;
  readonly std_error: number;
}

/**
 * Restricted mean: the area under the survival curve from `origin` to `until`, on which the curve stays flat after its
 * last time. With A_i the area from the i-th time on, its variance is Σ A_i² d_i / (n_i (n_i − d_i)); where all who are at
 * risk leave, A_i is 0, and so is the term. This is `rmean` of R's survfit.
 *
 * @param points in order of time
 * @param until the horizon
 * @see Irwin (1949), The standard error of an estimate of expectation of life, J. Hyg. 47, 188–189
 * @example restrictedMean(pointsOf([1, 2, 3, 4]), 4) // { value: 2.5, std_error: 0.559 }
 */
export function restrictedMean(points: readonly SurvivalPoint[], until: number, origin = 0): RestrictedMean {
  const within = points.filter(({ t }) => t <= until);
  let area = 0;
  let variance = 0;
  let end = until;
  for (const { t, survival, at_risk, events } of within.toReversed()) {
    area += survival * (end - t);
    end = t;
    const rest = at_risk - events;
    if (events > 0 && rest > 1e-12 * at_risk) variance += (area * area * events) / (at_risk * rest);
  }
  return { value: area + (end - origin), std_error: Math.sqrt(variance) };
}
