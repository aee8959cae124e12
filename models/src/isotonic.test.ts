import { describe, expect, it } from 'vitest';
import { fitIsotonic, readIsotonic } from './isotonic.js';
import { createRandom } from './random.js';

/** max over i ≤ k of min over j ≥ k of the mean of y from i to j: the definition, without pooling. */
function naive(y: readonly number[], w: readonly number[]): number[] {
  const mean = (i: number, j: number): number => {
    let sum = 0;
    let weight = 0;
    for (let k = i; k <= j; k += 1) {
      sum += (w[k] as number) * (y[k] as number);
      weight += w[k] as number;
    }
    return sum / weight;
  };
  return y.map((_, k) => {
    const starts = Array.from({ length: k + 1 }, (_none, i) => i);
    return Math.max(...starts.map((i) => Math.min(...y.slice(k).map((_none, ahead) => mean(i, k + ahead)))));
  });
}

describe('fitIsotonic', () => {
  it('pools neighbours that fall', () => {
    expect(fitIsotonic([1, 2, 3, 4], [1, 3, 2, 4])).toEqual({
      points: [1, 2, 3, 4],
      values: [1, 2.5, 2.5, 4],
    });
  });

  it('counts weights, in whatever order rows come', () => {
    const { values } = fitIsotonic([3, 1, 2], [2, 1, 3], [3, 1, 1]);
    expect(values).toEqual([1, 2.25, 2.25]);
  });

  it('takes rows of equal x as one point with their mean', () => {
    expect(fitIsotonic([1, 1, 2], [0, 1, 1])).toEqual({ points: [1, 2], values: [0.5, 1] });
  });

  it('agrees with the max-min formula on random data', () => {
    const random = createRandom(5);
    for (let round = 0; round < 20; round += 1) {
      const y = Array.from({ length: 30 }, (_, i) => i / 30 + random.normal());
      const w = y.map(() => random.between(0.1, 3));
      const { values } = fitIsotonic([...y.keys()], y, w);
      for (const [k, value] of naive(y, w).entries()) expect(values[k]).toBeCloseTo(value, 12);
    }
  });
});

describe('readIsotonic', () => {
  it('is linear between points and constant outside', () => {
    const map = { points: [0, 2, 4], values: [0.25, 0.75, 0.75] };
    expect([-9, 0, 1, 3, 4, 9].map((x) => readIsotonic(map, x))).toEqual([0.25, 0.25, 0.5, 0.75, 0.75, 0.75]);
  });
});
