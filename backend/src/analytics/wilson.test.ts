import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rateOf } from './rate.js';
import { wilson, z95 } from './wilson.js';

/**
 * The definition instead of its solution: the bounds are where the score test stops rejecting,
 * (p̂ − p)² = z² p(1 − p)/n, found by halving.
 */
function naive(successes: number, trials: number): [lower: number, upper: number] {
  const observed = successes / trials;
  const rejects = (p: number) => (observed - p) ** 2 > (z95 * z95 * p * (1 - p)) / trials;
  const edge = (inside: number, outside: number): number => {
    if (!rejects(outside)) return outside;
    let [kept, refused] = [inside, outside];
    for (let step = 0; step < 200; step++) {
      const middle = (kept + refused) / 2;
      if (rejects(middle)) refused = middle;
      else kept = middle;
    }
    return kept;
  };
  return [edge(observed, 0), edge(observed, 1)];
}

const counts = fc
  .integer({ min: 1, max: 1_000_000 })
  .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));

describe('the Wilson score interval', () => {
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('is that of Newcombe (1998), table I, method 3: %i of %i', (successes, trials, lower, upper) => {
    const interval = wilson(successes, trials);
    expect(interval.value).toBe(successes / trials);
    expect(interval.lower).toBeCloseTo(lower, 4);
    expect(interval.upper).toBeCloseTo(upper, 4);
  });

  test('holds the proportion, stays inside [0, 1], and is where the score test stops rejecting', () => {
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const { value, lower, upper } = wilson(successes, trials);
        if (value === null || lower === null || upper === null) return false;
        const [naiveLower, naiveUpper] = naive(successes, trials);
        expect(lower).toBeCloseTo(naiveLower, 9);
        expect(upper).toBeCloseTo(naiveUpper, 9);
        return lower >= 0 && lower <= value && value <= upper && upper <= 1;
      }),
      { seed: 1927 },
    );
  });

  test('is the same from the other side: of those who stayed', () => {
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const left = wilson(successes, trials);
        const stayed = wilson(trials - successes, trials);
        expect(left.lower).toBeCloseTo(1 - (stayed.upper ?? Number.NaN), 12);
        expect(left.upper).toBeCloseTo(1 - (stayed.lower ?? Number.NaN), 12);
      }),
      { seed: 1927 },
    );
  });

  test('at none and at all ends exactly at 0 and 1, and says z²/(n + z²) on the other side', () => {
    const zz = z95 * z95;
    expect(wilson(0, 1000).lower).toBe(0);
    expect(wilson(0, 1000).upper).toBeCloseTo(zz / (1000 + zz), 12);
    expect(wilson(1000, 1000).upper).toBe(1);
    expect(wilson(1000, 1000).lower).toBeCloseTo(1000 / (1000 + zz), 12);
  });

  test('of nothing is nothing, not zero', () => {
    expect(wilson(0, 0)).toEqual({ value: null, lower: null, upper: null });
  });

  test.each([
    [2, 1],
    [-1, 1],
    [1, 0],
    [Number.NaN, 1],
  ])('refuses %d of %d', (successes, trials) => {
    expect(() => wilson(successes, trials)).toThrow(RangeError);
  });

  test('does as its @example says', () => {
    const { value, lower, upper } = wilson(81, 263);
    expect([value, lower, upper].map((each) => Number(each?.toFixed(4)))).toEqual([0.308, 0.2553, 0.3662]);
  });
});

describe('a rate', () => {
  test('shows what it divides', () => {
    expect(rateOf(1, 4)).toMatchObject({ numerator: 1, denominator: 4, value: 0.25 });
  });

  test('is never over 100 %, and of nothing delivered there is none', () => {
    expect(rateOf(3, 2)).toMatchObject({ numerator: 3, denominator: 2, value: 1, upper: 1 });
    expect(rateOf(1, 0)).toEqual({ numerator: 1, denominator: 0, value: null, lower: null, upper: null });
  });
});
