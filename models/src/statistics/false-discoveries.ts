/**
 * Benjamini–Hochberg: p values adjusted so that, of those called at q, no more than the share q is false on average.
 * @see Benjamini and Hochberg (1995), JRSS B 57(1)
 * @example benjaminiHochberg([0.04, 0.01, 0.5]) // [0.06, 0.03, 0.5]
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const order = [...p.keys()].sort((one, other) => (p[other] as number) - (p[one] as number));
  const adjusted = new Array<number>(p.length).fill(1);
  let least = 1;
  for (const [place, i] of order.entries()) {
    least = Math.min(least, ((p[i] as number) * p.length) / (p.length - place));
    adjusted[i] = least;
  }
  return adjusted;
}
