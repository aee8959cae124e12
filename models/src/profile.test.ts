import { describe, expect, test } from 'vitest';
import { numericBins } from './profile.js';

describe('bins of a feature', () => {
  test('are deciles, each with its upper cut, and what is missing apart', () => {
    const values = Float64Array.from({ length: 101 }, (_, index) => index);
    const { cuts, counts } = numericBins('tenure', Float64Array.of(...values, Number.NaN, Number.NaN));
    expect(cuts).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(counts).toEqual([2, 11, 10, 10, 10, 10, 10, 10, 10, 10, 10]);
  });

  test('a count that is mostly 0 has a bin for 0', () => {
    const values = new Float64Array(100);
    values[7] = 3;
    expect(numericBins('bounced_90', values)).toMatchObject({ cuts: [0], counts: [0, 99, 1] });
  });

  test('a feature that nobody has is all missing', () => {
    expect(numericBins('days_since_open', Float64Array.of(Number.NaN))).toMatchObject({
      cuts: [],
      counts: [1, 0],
    });
  });
});
