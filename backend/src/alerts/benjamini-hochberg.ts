/**
 * Which of these p values are rejected while the false share among the rejected is at most q in expectation: all up to the
 * largest p₍ᵢ₎ ≤ q i/m, in order of size. Where nothing is true, that is also the chance of any rejection.
 *
 * @returns for each p value whether it is rejected
 * @see Benjamini, Hochberg (1995), Controlling the false discovery rate, JRSS B 57(1); under positive dependence
 *   Benjamini, Yekutieli (2001), Ann. Stat. 29(4)
 * @example rejectedBy([0.01, 0.04, 0.03, 0.5], 0.05) // [true, false, false, false]
 */
export function rejectedBy(values: readonly number[], q: number): boolean[] {
  const sorted = [...values].sort((one, other) => one - other);
  let limit = Number.NEGATIVE_INFINITY;
  for (const [index, value] of sorted.entries())
    if (value <= (q * (index + 1)) / sorted.length) limit = value;
  return values.map((value) => value <= limit);
}
