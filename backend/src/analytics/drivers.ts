import { benjaminiHochberg } from '@secateur/models/statistics';
import type { Driver } from '../contract/analytics.js';
import { chiSquareTail } from './survival/index.js';
import { z95 } from './wilson.js';

/** Sums over the strata of one cell; sql/queries/analytics/drivers.sql says what each is. */
export interface DriverSums {
  readonly view: Driver['view'];
  readonly dimension: Driver['dimension'];
  readonly key: string;
  readonly delivered: number;
  readonly opt_outs: number;
  readonly compared: number;
  readonly compared_opt_outs: number;
  readonly expected: number;
  readonly conditional_mean: number;
  readonly conditional_variance: number;
  readonly own_weight: number;
  readonly other_weight: number;
  readonly log_ratio_term: number;
}

type Ratio = NonNullable<Driver['ratio']>;

/** Cells with fewer opt-outs than this to expect say nothing; they are neither told nor tested. */
const leastExpected = 1;

/**
 * What each cell has over what its exposure predicts, the greatest excess first.
 *
 * @see Mantel and Haenszel (1959), J. Natl. Cancer Inst. 22, 719–748: risk ratio and test over strata
 * @see Greenland and Robins (1985), Biometrics 41, 55–68: variance of the logarithm of the risk ratio
 * @see DerSimonian and Laird (1986), Control. Clin. Trials 7, 177–188: how much cells differ beyond chance
 * @see Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57, 289–300
 */
export function driversOf(
  sums: readonly DriverSums[],
  titleOf: (dimension: Driver['dimension'], key: string) => string,
): Driver[] {
  const told = sums.filter((one) => one.compared === 0 || one.conditional_mean >= leastExpected);
  const p = told.map(pOf);
  const tests = p.flatMap((one, index) => (one === null ? [] : [{ p: one, index }]));
  const rates = benjaminiHochberg(tests.map((one) => one.p));
  const q = new Map(tests.map(({ index }, place) => [index, rates[place]]));
  const shrunk = shrunkRatios(told);
  return told
    .map((one, index): Driver => {
      const isCompared = one.compared > 0;
      return {
        view: one.view,
        dimension: one.dimension,
        key: one.key,
        title: titleOf(one.dimension, one.key),
        delivered: one.delivered,
        compared: one.compared,
        opt_outs: one.opt_outs,
        expected: isCompared ? one.expected : null,
        excess: isCompared ? one.compared_opt_outs - one.expected : null,
        ratio: boundsOf(logRatioOf(one)),
        shrunk: boundsOf(shrunk[index] ?? null),
        p: p[index] ?? null,
        q: q.get(index) ?? null,
      };
    })
    .sort(
      (one, other) => (other.excess ?? Number.NEGATIVE_INFINITY) - (one.excess ?? Number.NEGATIVE_INFINITY),
    );
}

/** Without a correction for continuity: with it the false-discovery rate would be below what is promised. */
function pOf({ compared_opt_outs, conditional_mean, conditional_variance }: DriverSums): number | null {
  if (!(conditional_variance > 0)) return null;
  return chiSquareTail((compared_opt_outs - conditional_mean) ** 2 / conditional_variance, 1);
}

interface LogRatio {
  readonly value: number;
  readonly variance: number;
}

/** null where cell or others have no opt-out: the ratio is then 0 or beyond all bounds. */
function logRatioOf({ own_weight, other_weight, log_ratio_term }: DriverSums): LogRatio | null {
  if (!(own_weight > 0 && other_weight > 0)) return null;
  return {
    value: Math.log(own_weight / other_weight),
    variance: log_ratio_term / (own_weight * other_weight),
  };
}

function boundsOf(ratio: LogRatio | null): Ratio | null {
  if (ratio === null) return null;
  const half = z95 * Math.sqrt(Math.max(0, ratio.variance));
  return {
    value: Math.exp(ratio.value),
    lower: Math.exp(ratio.value - half),
    upper: Math.exp(ratio.value + half),
  };
}

/** Empirical Bayes: each is drawn towards the mean of the cells of its view and dimension. */
function shrunkRatios(cells: readonly DriverSums[]): (LogRatio | null)[] {
  const families = new Map<string, LogRatio[]>();
  const ratios = cells.map((one) => {
    const ratio = logRatioOf(one);
    if (ratio === null || !(ratio.variance > 0)) return null;
    const family = `${one.view} ${one.dimension}`;
    families.set(family, [...(families.get(family) ?? []), ratio]);
    return ratio;
  });
  const priors = new Map([...families].map(([family, all]) => [family, priorOf(all)]));
  return cells.map((one, index) => {
    const [ratio, prior] = [ratios[index], priors.get(`${one.view} ${one.dimension}`)];
    if (ratio == null || prior === undefined) return null;
    if (prior.variance === 0) return { value: prior.mean, variance: prior.meanVariance };
    const weight = prior.variance / (prior.variance + ratio.variance);
    return {
      value: weight * ratio.value + (1 - weight) * prior.mean,
      variance: weight * ratio.variance + (1 - weight) ** 2 * prior.meanVariance,
    };
  });
}

function priorOf(ratios: readonly LogRatio[]): { mean: number; meanVariance: number; variance: number } {
  const meanOf = (spread: number) => {
    let [sum, weights] = [0, 0];
    for (const { value, variance } of ratios) {
      sum += value / (variance + spread);
      weights += 1 / (variance + spread);
    }
    return { mean: sum / weights, meanVariance: 1 / weights };
  };
  const fixed = meanOf(0).mean;
  let [heterogeneity, weights, squares] = [0, 0, 0];
  for (const { value, variance } of ratios) {
    heterogeneity += (value - fixed) ** 2 / variance;
    weights += 1 / variance;
    squares += 1 / variance ** 2;
  }
  const scale = weights - squares / weights;
  const variance = scale > 0 ? Math.max(0, (heterogeneity - (ratios.length - 1)) / scale) : 0;
  return { ...meanOf(variance), variance };
}
