import type { RateRow } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import { barGeometry, filterLines, rateScale, segmentLines, sortLines } from './segments.js';

const rate = (value: number | null, spread = 0.25) => ({
  numerator: 20,
  denominator: value === null ? 0 : 1000,
  value,
  lower: value === null ? null : value * (1 - spread),
  upper: value === null ? null : value * (1 + spread),
});

function row(
  key: string,
  value: number | null,
  before: number | null = null,
  more: Partial<RateRow> = {},
): RateRow {
  return {
    key,
    title: key.toUpperCase(),
    delivered: 1000,
    opt_out_rate: rate(value),
    complaint_rate: rate(0.001),
    previous_opt_out_rate: rate(before),
    trend: [],
    size: null,
    ...more,
  };
}

/*
 *  key   rate    before   size   interval
 *  a     0.010   0.002    50     ± 25 %
 *  b     null    null     null
 *  c     0.020   0.020    9      0 … 0.4 (three deliveries)
 *  d     0.005   0.010    700    ± 25 %
 */
const lines = segmentLines([
  row('a', 0.01, 0.002, { size: 50 }),
  row('b', null),
  row('c', 0.02, 0.02, { size: 9, opt_out_rate: { ...rate(0.02), lower: 0, upper: 0.4 } }),
  row('d', 0.005, 0.01, { size: 700 }),
]);
const keys = (list: { row: RateRow }[]) => list.map((line) => line.row.key).join('');

test('rows without the value stand last in both orders', () => {
  expect(keys(sortLines(lines, 'rate', 'desc'))).toBe('cadb');
  expect(keys(sortLines(lines, 'rate', 'asc'))).toBe('dacb');
  expect(keys(sortLines(lines, 'size', 'desc'))).toBe('dacb');
  expect(keys(sortLines(lines, 'size', 'asc'))).toBe('cadb');
  expect(keys(sortLines(lines, 'change', 'desc'))).toBe('acdb');
});

test('by the interval, what is surely high leads, not what chance made high', () => {
  expect(keys(sortLines(lines, 'interval', 'desc'))).toBe('adcb');
  expect(keys(sortLines(lines, 'interval', 'asc'))).toBe('dacb');
  // 1 of 9: at least 2 %, at most 43 %. It stands behind what 20 of 1000 say.
  const tiny = row('t', 0.11, null, { opt_out_rate: { ...rate(0.11), lower: 0.02, upper: 0.43 } });
  expect(keys(sortLines([...segmentLines([tiny]), ...lines], 'interval', 'desc'))).toBe('adtcb');
});

test('names are sorted as people count: 2 before 10', () => {
  const named = segmentLines(['s10', 's2', 's1'].map((key) => row(key, 0.01)));
  expect(sortLines(named, 'title', 'asc').map((line) => line.row.key)).toEqual(['s1', 's2', 's10']);
});

test('sorting leaves the given rows as they are', () => {
  const before = keys(lines);
  sortLines(lines, 'rate', 'asc');
  expect(keys(lines)).toBe(before);
});

test('the filter wants every word, in any order and case', () => {
  const named = segmentLines([row('active-de', 0.01), row('active-fr', 0.01), row('new-de', 0.01)]);
  expect(filterLines(named, 'DE act').map((line) => line.row.key)).toEqual(['active-de']);
  expect(filterLines(named, '  ')).toHaveLength(3);
});

test('the common scale follows the well-known rows', () => {
  expect(lines.map((line) => line.uncertain)).toEqual([false, true, true, false]);
  expect(rateScale(lines)).toBe(0.015);
  expect(rateScale(segmentLines([row('b', null)]))).toBe(0.01);
});

test('a bar lies within its track and is open where the interval goes on', () => {
  expect(barGeometry(rate(0.01), 0.02)).toEqual({ left: 37.5, width: 25, mark: 50, open: false });
  expect(barGeometry({ value: 0.03, lower: 0, upper: 0.4 }, 0.02)).toEqual({
    left: 0,
    width: 100,
    mark: 100,
    open: true,
  });
  expect(barGeometry(rate(null), 0.02)).toBeNull();
});
