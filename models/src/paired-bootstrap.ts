import type { Random } from './random.js';

/** A mean with the interval that 95 % of the resamples fall into. */
export interface Resampled {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The mean over rows, with an interval by resampling groups of rows: rows of one person are not independent. Of losses of
 * two models of the same rows, as their difference, it says whether one is better.
 *
 * @param groups of each row
 * @see Efron, Tibshirani (1993), An introduction to the bootstrap, chapter 8
 */
export function resampledMean(
  values: Float64Array,
  groups: readonly string[],
  random: Random,
  draws = 1000,
): Resampled {
  const places = new Map<string, number>();
  const sums: number[] = [];
  const counts: number[] = [];
  for (const [row, group] of groups.entries()) {
    let place = places.get(group);
    if (place === undefined) {
      place = sums.length;
      places.set(group, place);
      sums.push(0);
      counts.push(0);
    }
    sums[place] = (sums[place] as number) + (values[row] as number);
    counts[place] = (counts[place] as number) + 1;
  }
  const all = sums.reduce((sum, one) => sum + one, 0) / values.length;
  const means = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw += 1) {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < sums.length; i += 1) {
      const place = random.integer(sums.length);
      sum += sums[place] as number;
      count += counts[place] as number;
    }
    means[draw] = sum / count;
  }
  means.sort();
  const at = (share: number): number => means[Math.min(draws - 1, Math.floor(share * draws))] as number;
  return { mean: all, lower: at(0.025), upper: at(0.975) };
}
