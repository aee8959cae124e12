/**
 * Population stability index of shares by bin: Σ (actual − expected) log(actual / expected). Under no drift nm/(n+m) · PSI is
 * about chi-square with one degree less than there are bins: .1 and .25 are folklore.
 *
 * @param least an empty bin counts as holding this share
 */
export function populationStability(
  expected: readonly number[],
  actual: readonly number[],
  least = 1e-6,
): number {
  if (expected.length !== actual.length) throw new RangeError('both need the same bins');
  return expected.reduce((sum, share, bin) => {
    const e = Math.max(least, share);
    const a = Math.max(least, actual[bin] as number);
    return sum + (a - e) * Math.log(a / e);
  }, 0);
}
