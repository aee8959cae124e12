import { betaQuantile } from './special.js';

/**
 * Jeffreys interval of a proportion: quantiles of Beta(x + ½, n − x + ½), 0 and 1 where nothing or everything happened.
 * @see Brown, Cai, DasGupta (2001), Interval estimation for a binomial proportion, Stat. Sci. 16(2)
 */
export function jeffreysInterval(successes: number, trials: number, level = 0.95): [number, number] {
  const outside = (1 - level) / 2;
  const [a, b] = [successes + 0.5, trials - successes + 0.5];
  return [
    successes === 0 ? 0 : betaQuantile(outside, a, b),
    successes === trials ? 1 : betaQuantile(1 - outside, a, b),
  ];
}

/**
 * Exact interval of a proportion: never covers less often than it says, and is wider for it.
 * @see Clopper and Pearson (1934), Biometrika 26
 */
export function clopperPearsonInterval(successes: number, trials: number, level = 0.95): [number, number] {
  const outside = (1 - level) / 2;
  return [
    successes === 0 ? 0 : betaQuantile(outside, successes, trials - successes + 1),
    successes === trials ? 1 : betaQuantile(1 - outside, successes + 1, trials - successes),
  ];
}
