import { expect, test } from 'vitest';
import { rateOf } from '../analytics/rate.js';
import { type Moved, scoreOf, topMovers } from './movers.js';

const moved = (key: string, now: [number, number], before: [number, number]): Moved => ({
  ...{ kind: 'stream', key, complaint_rate: rateOf(0, 1), previous_complaint_rate: rateOf(0, 1) },
  opt_out_rate: rateOf(...now),
  previous_opt_out_rate: rateOf(...before),
});

test('the score is the difference in pooled standard errors', () => {
  // p = 40/2000 = 0.02; error = √(0.02 · 0.98 · 2/1000) = 0.00626; (0.03 − 0.01) / 0.00626 = 3.194
  expect(scoreOf(rateOf(30, 1000), rateOf(10, 1000))).toBeCloseTo(3.194, 3);
  expect(scoreOf(rateOf(10, 199), rateOf(1, 1000))).toBe(0);
  expect(scoreOf(rateOf(0, 1000), rateOf(0, 1000))).toBe(0);
});

test('movers are those that chance does not explain, up or down, the furthest first', () => {
  const found = topMovers([
    moved('same', [20, 1000], [21, 1000]),
    moved('down', [5, 1000], [40, 1000]),
    moved('up', [60, 1000], [5, 1000]),
  ]);
  expect(found.map(({ key }) => key)).toEqual(['up', 'down']);
});
