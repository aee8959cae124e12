import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { restrictedMean } from './restricted-mean.js';
import { pointsOf } from './test-support.js';

describe('the restricted mean', () => {
  test('of complete data is the mean of what each stayed, up to the horizon', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 60 }),
        (times, until) => {
          const stayed = times.map((time) => Math.min(time, until));
          const mean = stayed.reduce((sum, each) => sum + each, 0) / times.length;
          const variance = stayed.reduce((sum, each) => sum + (each - mean) ** 2, 0) / times.length ** 2;
          const found = restrictedMean(pointsOf(times), until);
          expect(found.value).toBeCloseTo(mean, 9);
          expect(found.std_error).toBeCloseTo(Math.sqrt(variance), 9);
        },
      ),
    );
  });

  test('beyond the last time takes the curve for flat', () => {
    expect(restrictedMean(pointsOf([2, -4]), 10)).toEqual({ value: 2 + 0.5 * 8, std_error: Math.sqrt(8) });
  });

  test('before the first time is the horizon itself', () => {
    expect(restrictedMean(pointsOf([5, 6]), 3)).toEqual({ value: 3, std_error: 0 });
    expect(restrictedMean([], 3)).toEqual({ value: 3, std_error: 0 });
  });

  test('from a later beginning leaves out what came before', () => {
    expect(restrictedMean(pointsOf([3, 4]), 4, 2).value).toBe(1.5);
  });

  test('does as its @example says', () => {
    const { value, std_error } = restrictedMean(pointsOf([1, 2, 3, 4]), 4);
    expect([value, Number(std_error.toFixed(3))]).toEqual([2.5, 0.559]);
  });
});
