/** Indices from the highest score to the lowest; equal ones keep their order. */
function descending(scores: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: scores.length }, (_, i) => i).sort(
    (one, other) => (scores[other] as number) - (scores[one] as number) || one - other,
  );
}

/** Calls back at each distinct score, from the highest, with the weight of positives and of negatives that have it. */
function atEachScore(
  happened: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  visit: (positive: number, negative: number) => void,
): void {
  const order = descending(scores);
  let positive = 0;
  let negative = 0;
  for (const [place, i] of order.entries()) {
    const weight = weights?.[i] ?? 1;
    if (happened[i] === 1) positive += weight;
    else negative += weight;
    const next = order[place + 1];
    if (next !== undefined && scores[next] === scores[i]) continue;
    visit(positive, negative);
    positive = 0;
    negative = 0;
  }
}

/**
 * Area under the receiver operating characteristic: the chance that one it happened to scores higher than one it did not;
 * ties count one half. 0.5 says nothing, 1 orders perfectly. null without both classes.
 *
 * @param happened 1 or 0
 * @see Hanley and McNeil (1982), Radiology 143
 * @example rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.75
 */
export function rocAuc(
  happened: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number | null {
  let above = 0;
  let below = 0;
  let won = 0;
  atEachScore(happened, scores, weights, (positive, negative) => {
    won += negative * (above + positive / 2);
    above += positive;
    below += negative;
  });
  return above > 0 && below > 0 ? won / (above * below) : null;
}

/**
 * Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over distinct scores, the area under the precision-recall steps. A random order
 * scores the share of positives, not one half. null without a positive.
 *
 * @example averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.8333
 */
export function averagePrecision(
  happened: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number | null {
  let found = 0;
  let seen = 0;
  let area = 0;
  atEachScore(happened, scores, weights, (positive, negative) => {
    found += positive;
    seen += positive + negative;
    if (seen > 0) area += positive * (found / seen);
  });
  return found > 0 ? area / found : null;
}

/**
 * Largest lead of the share of positives over that of negatives above a threshold (one-sided Kolmogorov–Smirnov). null
 * without both classes.
 */
export function kolmogorovSmirnov(happened: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  const total = Array.from(happened).reduce((sum, one) => sum + one, 0);
  const rest = happened.length - total;
  if (total === 0 || rest === 0) return null;
  let above = 0;
  let below = 0;
  let lead = 0;
  atEachScore(happened, scores, undefined, (positive, negative) => {
    above += positive;
    below += negative;
    lead = Math.max(lead, above / total - below / rest);
  });
  return lead;
}

/**
 * How much more often it happened among the share with the highest scores than among all: ⌊share · n⌋ rows, one at least;
 * among equal scores the earlier row. 1 is no better than chance. null without a positive.
 */
export function lift(happened: ArrayLike<number>, scores: ArrayLike<number>, share = 0.1): number | null {
  const total = Array.from(happened).reduce((sum, one) => sum + one, 0);
  if (total === 0 || scores.length === 0) return null;
  const count = Math.max(1, Math.floor(share * scores.length));
  let found = 0;
  for (const i of descending(scores).subarray(0, count)) found += happened[i] as number;
  return found / count / (total / scores.length);
}

/**
 * Variance of the area under the curve, from how each positive is placed among the negatives and the other way round. null
 * with fewer than two of either class.
 * @see DeLong, DeLong, Clarke-Pearson (1988), Biometrics 44(3)
 */
export function rocAucVariance(happened: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  const positives: number[] = [];
  const negatives: number[] = [];
  for (let i = 0; i < scores.length; i += 1)
    (happened[i] === 1 ? positives : negatives).push(scores[i] as number);
  if (positives.length < 2 || negatives.length < 2) return null;
  return (
    varianceOf(placements(positives, negatives)) / positives.length +
    varianceOf(placements(negatives, positives)) / negatives.length
  );
}

/** For each value the share of the others below it; equal ones count one half. */
function placements(values: readonly number[], others: readonly number[]): number[] {
  const sorted = Float64Array.from(others).sort();
  return values.map(
    (value) => (countBelow(sorted, value, false) + countBelow(sorted, value, true)) / 2 / sorted.length,
  );
}

function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle] as number;
    if (at < value || (orEqual && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1);
}
