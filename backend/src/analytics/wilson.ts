/** A proportion with the bounds of its interval; all three are null when there is nothing to divide by. */
interface Proportion {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** The 97.5 % quantile of the standard normal distribution: a two-sided interval of 95 %. */
export const z95 = 1.959963984540054;

/**
 * Wilson score interval of a proportion p̂ = x / n, without continuity correction:
 *
 *   (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)
 *
 * Unlike p̂ ± z √(p̂(1 − p̂)/n) it never leaves [0, 1], and says something at x = 0 and x = n: at x = 0 the upper bound is
 * z² / (n + z²), about 3.84 / n. Its centre is drawn towards 1/2, so it is not symmetric about p̂.
 *
 * @param successes x, a whole number in [0, n]
 * @param trials n; 0 gives nulls: a rate of nothing is no zero
 * @param z quantile of the standard normal distribution
 * @throws RangeError unless 0 ≤ x ≤ n
 * @see Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22(158), 209–212
 * @see Newcombe (1998), Two-sided confidence intervals for the single proportion, Stat. Med. 17, method 3
 * @example wilson(81, 263) // { value: 0.308, lower: 0.2553, upper: 0.3662 }
 */
export function wilson(successes: number, trials: number, z: number = z95): Proportion {
  if (!(successes >= 0 && successes <= trials)) {
    throw new RangeError(`${successes} of ${trials} is no proportion`);
  }
  if (trials === 0) return { value: null, lower: null, upper: null };
  const value = successes / trials;
  const zz = z * z;
  const centre = value + zz / (2 * trials);
  const half = z * Math.sqrt((value * (1 - value)) / trials + zz / (4 * trials * trials));
  const scale = 1 + zz / trials;
  return {
    value,
    // Rounding must not push a bound past what it bounds: at x = 0 the lower bound is 0, at x = n the upper is 1.
    lower: Math.max(0, Math.min(value, (centre - half) / scale)),
    upper: Math.min(1, Math.max(value, (centre + half) / scale)),
  };
}
