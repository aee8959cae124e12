import { describe, expect, it } from 'vitest';
import { solvePositiveDefinite } from './cholesky.js';
import { createRandom } from './random.js';

describe('solvePositiveDefinite', () => {
  it('solves a system computed by hand', () => {
    // 4x + 2y = 10, 2x + 3y = 11
    const x = solvePositiveDefinite(Float64Array.of(4, 2, 2, 3), Float64Array.of(10, 11));
    expect(x[0]).toBeCloseTo(1, 14);
    expect(x[1]).toBeCloseTo(3, 14);
  });

  it('reads the upper triangle alone', () => {
    const x = solvePositiveDefinite(Float64Array.of(4, 2, 999, 3), Float64Array.of(10, 11));
    expect([...x]).toEqual([...solvePositiveDefinite(Float64Array.of(4, 2, 2, 3), Float64Array.of(10, 11))]);
  });

  it('gives back what a random matrix was multiplied by', () => {
    const random = createRandom(3);
    const n = 25;
    const root = Float64Array.from({ length: n * n }, () => random.normal());
    const truth = Float64Array.from({ length: n }, () => random.normal());
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i += 1)
      for (let j = 0; j < n; j += 1)
        for (let k = 0; k < n; k += 1)
          a[i * n + j] = (a[i * n + j] as number) + (root[k * n + i] as number) * (root[k * n + j] as number);
    const b = Float64Array.from({ length: n }, (_, i) =>
      truth.reduce((sum, x, j) => sum + (a[i * n + j] as number) * x, 0),
    );
    const found = solvePositiveDefinite(a, b);
    for (const [i, x] of truth.entries()) expect(found[i]).toBeCloseTo(x, 7);
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(() => solvePositiveDefinite(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toThrow(/row 1/);
    expect(() => solvePositiveDefinite(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow(/row 0/);
  });
});
