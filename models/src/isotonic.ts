/** A rising step-free map: values at rising points, linear between them, constant outside. */
export interface Isotonic {
  readonly points: readonly number[];
  readonly values: readonly number[];
}

/**
 * Weighted least squares under "never falls", by pooling adjacent violators; rows of equal x are one point with their mean.
 *
 * @see Ayer, Brunk, Ewing, Reid, Silverman (1955), Ann. Math. Stat. 26(4)
 */
export function fitIsotonic(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Isotonic {
  const order = Int32Array.from({ length: x.length }, (_, i) => i).sort(
    (one, other) => (x[one] as number) - (x[other] as number) || one - other,
  );
  const points: number[] = [];
  /** Blocks of neighbouring points with one value; `end` is the first point after. */
  const blocks: { sum: number; weight: number; end: number }[] = [];
  let at: { sum: number; weight: number; end: number } | undefined;
  const pool = (): void => {
    for (;;) {
      const last = blocks.at(-1);
      const before = blocks.at(-2);
      if (last === undefined || before === undefined || before.sum * last.weight < last.sum * before.weight)
        return;
      blocks.pop();
      before.sum += last.sum;
      before.weight += last.weight;
      before.end = last.end;
    }
  };
  for (const i of order) {
    const weight = weights?.[i] ?? 1;
    if (at === undefined || points.at(-1) !== x[i]) {
      pool();
      points.push(x[i] as number);
      at = { sum: 0, weight: 0, end: points.length };
      blocks.push(at);
    }
    at.sum += weight * (y[i] as number);
    at.weight += weight;
  }
  pool();
  const values: number[] = [];
  for (const { sum, weight, end } of blocks) while (values.length < end) values.push(sum / weight);
  return { points, values };
}

export function readIsotonic({ points, values }: Isotonic, x: number): number {
  const last = points.length - 1;
  if (x <= (points[0] as number)) return values[0] as number;
  if (x >= (points[last] as number)) return values[last] as number;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x >= (points[middle] as number)) low = middle;
    else high = middle;
  }
  const from = points[low] as number;
  const share = (x - from) / ((points[high] as number) - from);
  return (values[low] as number) + share * ((values[high] as number) - (values[low] as number));
}
