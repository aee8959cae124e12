import { describe, expect, test } from 'vitest';
import { quantile } from './quantile.js';
import { pointsOf } from './test-support.js';

const median = (times: readonly number[]) => quantile(pointsOf(times), 0.5);

describe('the median', () => {
  test('is the first time at which fewer than half are left', () => {
    expect(median([1, 2, 3, 4, 5]).value).toBe(3);
  });

  test('is the middle of the stretch on which exactly half are left', () => {
    expect(median([1, 2, 3, 4]).value).toBe(2.5);
    expect(median([1, 2, -2.5, -2.7, 4]).value).toBe(4);
    // At the end of the curve there is no further step: the middle to its last time.
    expect(median([1, 2, -3, -6]).value).toBe(4);
  });

  test('takes what rounding leaves of a half for a half', () => {
    const points = pointsOf([1, 2, 3, 4]).map((point) => ({ ...point, survival: point.survival + 1e-12 }));
    expect(quantile(points, 0.5).value).toBe(2.5);
  });

  test('is not there where more than half stay, and is not guessed', () => {
    expect(median([1, -2, 3, -4, -5, -6, -7, -8])).toEqual({ value: null, lower: 1, upper: null });
  });

  test('of a curve without an end has no bounds, either', () => {
    expect(median([-1, -2, -3])).toEqual({ value: null, lower: null, upper: null });
    expect(median([3])).toEqual({ value: 3, lower: null, upper: null });
  });

  // Freireich et al. (1963), 6-MP; S(22) = .538, S(23) = .448.
  test('of the remissions of Freireich et al. is 23 weeks', () => {
    const survival = [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448];
    const points = [6, 7, 10, 13, 16, 22, 23].map((t, index) => ({
      t,
      at_risk: 1,
      events: 1,
      censored: 0,
      survival: survival[index] ?? 0,
      std_error: null,
      lower: null,
      upper: null,
    }));
    expect(quantile(points, 0.5).value).toBe(23);
  });

  test('of bands that rise again goes by the smallest share that reaches the level', () => {
    const points = pointsOf([2, 3, 4, -5, 6]).map((point, index) => ({
      ...point,
      lower: [0.054, 0.058, 0.031, 0.031, null][index] ?? null,
    }));
    // At 2 the bound is at .946, at 3 lower again, at .942: the level .5 is met there.
    expect(quantile(points, 0.5).lower).toBe(3);
  });

  test('begins where the curve begins', () => {
    // A quarter has left at once: half way from the step at 0 to the next one at 1.
    expect(quantile(pointsOf([0, 1, 2, 3]), 0.25, 0).value).toBe(0.5);
  });
});
