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
  const blocks: { sum: number; weight: number; points: number[] }[] = [];
  for (const i of order) {
    const weight = weights?.[i] ?? 1;
    const last = blocks.at(-1);
    if (last !== undefined && last.points.at(-1) === x[i]) {
      last.sum += weight * (y[i] as number);
      last.weight += weight;
    } else {
      blocks.push({ sum: weight * (y[i] as number), weight, points: [x[i] as number] });
    }
  }
  const pooled: typeof blocks = [];
  for (const block of blocks) {
    pooled.push(block);
    for (;;) {
      const last = pooled.at(-1);
      const before = pooled.at(-2);
      if (last === undefined || before === undefined) break;
      if (before.sum * last.weight < last.sum * before.weight) break;
      pooled.splice(-2, 2, {
        sum: before.sum + last.sum,
        weight: before.weight + last.weight,
        points: before.points.concat(last.points),
      });
    }
  }
  return {
    points: pooled.flatMap(({ points }) => points),
    values: pooled.flatMap(({ points, sum, weight }) => points.map(() => sum / weight)),
  };
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
