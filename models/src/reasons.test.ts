import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';
import { integratedGradients, shapleyValues } from './reasons.js';

describe('shapleyValues', () => {
  it('give each group its own part where parts add up, and share what only goes together', () => {
    const additive = (set: number): number => (set & 1 ? 2 : 0) + (set & 2 ? -1 : 0);
    expect(shapleyValues(2, additive)).toEqual([2, -1]);
    expect(shapleyValues(2, (set) => (set === 3 ? 6 : 0))).toEqual([3, 3]);
  });

  it('sum to what all groups add, for any value function', () => {
    const random = createRandom(1);
    const values = Array.from({ length: 64 }, () => random.normal());
    const found = shapleyValues(6, (set) => values[set] as number);
    const sum = found.reduce((total, one) => total + one, 0);
    expect(sum).toBeCloseTo((values[63] as number) - (values[0] as number), 12);
  });

  it('refuse more groups than can be looked at', () => {
    expect(() => shapleyValues(11, () => 0)).toThrow(/10 at most/);
  });
});

describe('integratedGradients', () => {
  it('are exact where the function is a parabola', () => {
    // f = x² + xy: along the straight line from 0 the gradient is linear, so the midpoints are exact.
    const gradient = ([x = 0, y = 0]: readonly number[]): number[] => [2 * x + y, x];
    const found = integratedGradients(gradient, [0, 0], [3, 2], 10);
    expect(found[0]).toBeCloseTo(9 + 3, 12);
    expect(found[1]).toBeCloseTo(3, 12);
  });
});
