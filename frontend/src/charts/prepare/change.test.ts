import type { Rate } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import { changeBetween, isUncertain } from './change.js';

/** Wilson's interval, as the API sends it. */
function rate(numerator: number, denominator: number): Rate {
  if (denominator === 0) return { numerator, denominator, value: null, lower: null, upper: null };
  const z = 1.959963984540054;
  const p = numerator / denominator;
  const centre = p + (z * z) / (2 * denominator);
  const half = z * Math.sqrt((p * (1 - p)) / denominator + (z * z) / (4 * denominator * denominator));
  const scale = 1 + (z * z) / denominator;
  return { numerator, denominator, value: p, lower: (centre - half) / scale, upper: (centre + half) / scale };
}

test('agrees with the example of Newcombe (1998), table II, method 10: 56/70 against 48/80', () => {
  const change = changeBetween(rate(56, 70), rate(48, 80));
  expect(change?.difference).toBeCloseTo(0.2, 10);
  expect(change?.lower).toBeCloseTo(0.0524, 4);
  expect(change?.upper).toBeCloseTo(0.3339, 4);
  expect(change?.verdict).toBe('higher');
});

test('agrees with the edges of the same table: 10/10 against 0/20, and 0/10 against 0/20', () => {
  const extreme = changeBetween(rate(10, 10), rate(0, 20));
  expect(extreme?.lower).toBeCloseTo(0.6791, 4);
  expect(extreme?.upper).toBeCloseTo(1, 4);
  const none = changeBetween(rate(0, 10), rate(0, 20));
  expect(none?.lower).toBeCloseTo(-0.1611, 4);
  expect(none?.upper).toBeCloseTo(0.2775, 4);
  expect(none?.verdict).toBe('unclear');
});

test('turns its sign with its arguments', () => {
  expect(changeBetween(rate(48, 80), rate(56, 70))?.verdict).toBe('lower');
});

test('says nothing when either period delivered nothing', () => {
  expect(changeBetween(rate(0, 0), rate(1, 10))).toBeNull();
  expect(changeBetween(rate(1, 10), rate(0, 0))).toBeNull();
});

test('a rate is uncertain while its interval is wider than the rate: up to about 15 opt-outs', () => {
  expect(isUncertain(rate(0, 0))).toBe(true);
  expect(isUncertain(rate(0, 50_000))).toBe(true);
  expect(isUncertain(rate(10, 1000))).toBe(true);
  expect(isUncertain(rate(10, 1_000_000))).toBe(true);
  expect(isUncertain(rate(20, 1000))).toBe(false);
  expect(isUncertain(rate(20, 1_000_000))).toBe(false);
});
