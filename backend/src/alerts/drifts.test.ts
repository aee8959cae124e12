import { describe, expect, test } from 'vitest';
import { baselineOf, type Past } from './baseline.js';
import type { Day } from './cell.js';
import { driftOf, limitFor } from './drifts.js';

const cell = { level: 'stream', stream: 'news', key: '', metric: 'opt_outs' } as const;
const settings = { falsePerYear: 1, minDeliveries: 200, minRatio: 1.5 };
const days = (from: number, rates: readonly number[], n = 5000): Day[] =>
  rates.map((rate, index) => ({ on: from + index, n, x: Math.round(n * rate) }));
const even = (count: number): number[] => Array.from({ length: count }, () => 0.003);
const reference: Past = { days: days(0, even(56)), parts: days(0, even(56)) };
const baseline = baselineOf([reference]);
const found = (recent: readonly Day[], limit = 10) =>
  driftOf(cell, reference, recent, baseline, limit, settings);

describe('a drift', () => {
  test('is found where the rate stays twice as high, and says since when', () => {
    const drift = found(days(56, [...even(10), ...even(6).map((rate) => 2 * rate)]));
    expect(drift).toMatchObject({ from: 66, on: 71, n: 30_000, x: 180 });
    expect(drift?.expected).toBeCloseTo(90, 0);
  });

  test('is none where the rate stays, or falls', () => {
    expect(found(days(56, even(28)))).toBeNull();
    expect(
      found(
        days(
          56,
          even(28).map((rate) => rate / 2),
        ),
      ),
    ).toBeNull();
  });

  test('a bad day that is made up for is none', () => {
    expect(found(days(56, [...even(5), 0.005, ...even(10)]))).toBeNull();
  });

  test('needs thirty events in the reference', () => {
    const thin: Past = { days: days(0, even(56), 150), parts: [] };
    expect(
      driftOf(
        cell,
        thin,
        days(
          56,
          even(10).map((rate) => 4 * rate),
        ),
        baselineOf([thin]),
        5,
        settings,
      ),
    ).toBeNull();
  });

  test('the limit grows with the cells and with the years between false alarms', () => {
    expect(limitFor(100, 1)).toBeCloseTo(Math.log(3650), 12);
    expect(limitFor(100, 0.1)).toBeGreaterThan(limitFor(100, 1));
  });
});
