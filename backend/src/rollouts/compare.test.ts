import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z95 } from '../analytics/wilson.js';
import { Rollout } from '../contract/rollouts.js';
import { compareArms, meanOf, newcombe, nobody } from './compare.js';

const proportion = fc
  .integer({ min: 1, max: 100_000 })
  .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));

describe("Newcombe's interval of a difference", () => {
  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 10, 0.6075, 1],
  ])('is that of Newcombe (1998), table II, method 10: %i/%i − %i/%i', (x, m, y, n, lower, upper) => {
    const difference = newcombe([x, m], [y, n]);
    expect(difference.value).toBeCloseTo(x / m - y / n, 12);
    expect(difference.lower).toBeCloseTo(lower, 4);
    expect(difference.upper).toBeCloseTo(upper, 4);
  });

  test('holds the difference, stays inside [−1, 1], and is its mirror image with the arms exchanged', () => {
    fc.assert(
      fc.property(proportion, proportion, (one, two) => {
        const { value, lower, upper } = newcombe(one, two);
        const mirrored = newcombe(two, one);
        if (value === null || lower === null || upper === null) return false;
        expect(mirrored.lower).toBeCloseTo(-upper, 12);
        expect(mirrored.upper).toBeCloseTo(-lower, 12);
        return lower <= value && value <= upper && lower >= -1 - 1e-12 && upper <= 1 + 1e-12;
      }),
    );
  });

  test('of an arm without people is nothing, not zero', () => {
    const unknown = { value: null, lower: null, upper: null };
    expect(newcombe([0, 0], [3, 10])).toEqual(unknown);
    expect(newcombe([3, 10], [0, 0])).toEqual(unknown);
  });
});

describe('a mean', () => {
  test('is that of the values themselves', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 2, maxLength: 200 }), (values) => {
        const sum = values.reduce((total, value) => total + value, 0);
        const squares = values.reduce((total, value) => total + value * value, 0);
        const mean = sum / values.length;
        const spread = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1);
        const { value, lower, upper } = meanOf(values.length, sum, squares);
        expect(value).toBeCloseTo(mean, 9);
        expect((upper ?? 0) - mean).toBeCloseTo(z95 * Math.sqrt(spread / values.length), 6);
        expect(mean - (lower ?? 0)).toBeCloseTo((upper ?? 0) - mean, 9);
      }),
    );
  });

  test('of one value has no interval, and of none there is no mean', () => {
    expect(meanOf(1, 3, 9)).toEqual({ n: 1, value: 3, lower: null, upper: null });
    expect(meanOf(0, 0, 0)).toEqual({ n: 0, value: null, lower: null, upper: null });
  });
});

describe('two arms', () => {
  const fresh = {
    ...nobody,
    people: 200,
    decisions: 220,
    streams_stopped: 230,
    streams_kept: 400,
    first_kept: 400,
    first_kept_squares: 1000,
    repeats: 20,
    complaints: 8,
    followed_people: 70,
    followed_repeats: 56,
    followed_complaints: 7,
  };
  const old = {
    ...fresh,
    first_kept: 300,
    first_kept_squares: 600,
    followed_people: 80,
    followed_repeats: 48,
  };

  test('are compared as an experiment, rates over those whose 30 days are over, new minus old', () => {
    const compared = compareArms(fresh, old);
    expect(compared.design).toBe('randomised');
    expect(compared.new_arm.repeat_rate).toMatchObject({ numerator: 56, denominator: 70 });
    expect(compared.new_arm.complaints_so_far).toMatchObject({ numerator: 8, denominator: 200 });
    expect(compared.differences.repeat_rate.value).toBeCloseTo(0.2, 12);
    expect(compared.differences.repeat_rate.lower).toBeCloseTo(0.0524, 4);
    expect(compared.differences.complaint_rate.value).toBeCloseTo(7 / 70 - 7 / 80, 12);
    expect(compared.differences.complaints_so_far.value).toBe(0);
    // Means 2 and 1.5; variances (200 × 1000 − 400²)/(200 × 199) and (200 × 600 − 300²)/(200 × 199).
    const half = z95 * Math.sqrt((40_000 / 39_800 + 30_000 / 39_800) / 200);
    expect(compared.differences.kept_per_person.value).toBeCloseTo(0.5, 12);
    expect(compared.differences.kept_per_person.upper).toBeCloseTo(0.5 + half, 12);
  });

  test('without people have no rates and no differences', () => {
    const { new_arm, differences } = compareArms(nobody, old);
    expect(new_arm.complaint_rate.value).toBeNull();
    for (const one of Object.values(differences)) expect(one.value).toBeNull();
    expect(Rollout.shape.differences.parse(differences)).toEqual(differences);
  });
});
