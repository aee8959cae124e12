/** Groups of features beyond which the 2ᵏ subsets are too many to look at. */
const mostGroups = 10;

/**
 * Exact Shapley values: what each group of features adds on average over all orders in which groups may come. They sum to
 * value(all) − value(none).
 *
 * @param value of a set of groups, given as bits: bit i is group i
 * @see Shapley (1953), A value for n-person games
 */
export function shapleyValues(groups: number, value: (set: number) => number): number[] {
  if (groups > mostGroups) throw new RangeError(`${groups} groups are too many: ${mostGroups} at most`);
  const all = 2 ** groups;
  const values = Array.from({ length: all }, (_, set) => value(set));
  // Share of the orders in which exactly a set of that size comes before: s! (k − s − 1)! / k!
  const shares: number[] = [1 / Math.max(1, groups)];
  for (let size = 1; size < groups; size += 1)
    shares.push(((shares[size - 1] as number) * size) / (groups - size));
  return Array.from({ length: groups }, (_, group) => {
    let sum = 0;
    for (let set = 0; set < all; set += 1) {
      if (set & (1 << group)) continue;
      const size = set.toString(2).replaceAll('0', '').length;
      sum += (shares[size] as number) * ((values[set | (1 << group)] as number) - (values[set] as number));
    }
    return sum;
  });
}

/**
 * Integrated gradients: (x − baseline) times the mean gradient along the straight line between them, by the midpoint rule.
 * They sum to f(x) − f(baseline) up to what the steps miss.
 *
 * @see Sundararajan, Taly, Yan (2017), Axiomatic attribution for deep networks, ICML
 */
export function integratedGradients(
  gradient: (at: readonly number[]) => readonly number[],
  baseline: readonly number[],
  x: readonly number[],
  steps = 50,
): number[] {
  const sums = x.map(() => 0);
  for (let step = 0; step < steps; step += 1) {
    const share = (step + 0.5) / steps;
    const slopes = gradient(
      x.map((value, i) => (baseline[i] as number) + share * (value - (baseline[i] as number))),
    );
    for (const [i, slope] of slopes.entries()) sums[i] = (sums[i] as number) + slope / steps;
  }
  return sums.map((sum, i) => sum * ((x[i] as number) - (baseline[i] as number)));
}
