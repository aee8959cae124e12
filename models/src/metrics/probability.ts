/**
 * Mean negative log likelihood of what happened, in nats; probabilities are held in [10⁻¹⁵, 1 − 10⁻¹⁵]. Always forecasting
 * the base rate p scores −p log p − (1 − p) log(1 − p): compare with that, not with 0.
 *
 * @param happened 1 or 0
 * @example logLoss([1, 0], [0.8, 0.4]) // 0.367
 */
export function logLoss(
  happened: ArrayLike<number>,
  forecast: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  return weightedMean(forecast.length, weights, (i) =>
    rowLogLoss(happened[i] as number, forecast[i] as number),
  );
}

export function rowLogLoss(happened: number, forecast: number): number {
  const held = Math.min(1 - 1e-15, Math.max(1e-15, forecast));
  return happened === 1 ? -Math.log(held) : -Math.log1p(-held);
}

/**
 * Brier score: mean squared distance between the forecast and what happened.
 * 0 is perfect. Always forecasting the base rate p scores p(1 − p): compare with that, not with 0.
 *
 * @see Brier (1950), Verification of forecasts expressed in terms of probability, Mon. Weather Rev. 78(1)
 * @example brier([1, 0], [0.9, 0.2]) // 0.025
 */
export function brier(
  happened: ArrayLike<number>,
  forecast: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  return weightedMean(
    forecast.length,
    weights,
    (i) => ((forecast[i] as number) - (happened[i] as number)) ** 2,
  );
}

/** The share of a baseline's score that is saved: 1 − score / baseline. 0 is no better, negative is worse. */
export const skill = (score: number, baseline: number): number => 1 - score / baseline;

function weightedMean(
  rows: number,
  weights: ArrayLike<number> | undefined,
  of: (i: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows; i += 1) {
    const weight = weights?.[i] ?? 1;
    sum += weight * of(i);
    total += weight;
  }
  return sum / total;
}

/**
 * Murphy's parts of the Brier score, over rows of equal forecast: Brier = reliability − resolution + uncertainty. Reliability
 * is how far forecasts are from what happened to those who had them (0 is best); resolution how far the groups lie apart.
 *
 * @see Murphy (1973), A new vector partition of the probability score, J. Appl. Meteor. 12
 */
export function murphyParts(happened: ArrayLike<number>, forecast: ArrayLike<number>) {
  const groups = new Map<number, { rows: number; events: number }>();
  let events = 0;
  for (let i = 0; i < forecast.length; i += 1) {
    const group = groups.get(forecast[i] as number) ?? { rows: 0, events: 0 };
    group.rows += 1;
    group.events += happened[i] as number;
    events += happened[i] as number;
    groups.set(forecast[i] as number, group);
  }
  const rate = events / forecast.length;
  let reliability = 0;
  let resolution = 0;
  for (const [value, group] of groups) {
    const share = group.rows / forecast.length;
    reliability += share * (value - group.events / group.rows) ** 2;
    resolution += share * (group.events / group.rows - rate) ** 2;
  }
  return { reliability, resolution, uncertainty: rate * (1 - rate) };
}
