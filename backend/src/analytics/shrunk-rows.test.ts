import { expect, test } from 'vitest';
import { metricOf } from './metrics.js';
import { shrinksBy, shrunkRows } from './shrunk-rows.js';

const cell = (keys: string[], numerator: number, denominator: number) => ({
  keys,
  figure: { numerator, denominator },
});

test('shares that are cut are shrunk, but not rates of the same deliveries', () => {
  expect(shrinksBy(metricOf('opt_out_rate'), ['campaign'])).toBe(true);
  expect(shrinksBy(metricOf('opt_out_rate'), [])).toBe(false);
  expect(shrinksBy(metricOf('opt_out_rate'), ['campaign', 'trigger'])).toBe(false);
  expect(shrinksBy(metricOf('unsolicited_share'), ['trigger'])).toBe(true);
  expect(shrinksBy(metricOf('delivered'), ['campaign'])).toBe(false);
});

test('segments are drawn to their own family, and a family of fewer than four is left as it is', () => {
  const countries = ['DE', 'FR', 'IT', 'ES'].map((code, index) =>
    cell([`country:${code}`], 10 + index, 1000),
  );
  const plans = ['free', 'pro'].map((plan) => cell([`plan:${plan}`], 300, 1000));
  const shrunk = shrunkRows(['segment'], [...countries, ...plans], 6);
  for (const one of shrunk.slice(0, 4)) expect(one?.towards).toBeLessThan(0.02);
  expect(shrunk.slice(4)).toEqual([null, null]);
});

test('cells that are not shown are siblings all the same, and one without a trial is no rate', () => {
  const cells = ['a', 'b', 'c', 'd', 'e'].map((key, index) => cell([key], index, index === 0 ? 0 : 100));
  const shrunk = shrunkRows(['campaign'], cells, 2);
  expect(shrunk).toHaveLength(2);
  expect(shrunk[0]).toBeNull();
  expect(shrunk[1]?.value).toBeGreaterThan(0.01);
  expect(shrunk[1]?.value).toBeLessThan(0.04);
});
