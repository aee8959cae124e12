import { expect, test } from 'vitest';
import { niceTop, ticksTo } from './scale.js';

test.each([
  [0, 0.01],
  [0.0041, 0.005],
  [0.008, 0.008],
  [0.0092, 0.01],
  [0.012, 0.015],
  [0.7, 0.8],
  [3, 3],
])('the top of %d is %d', (value, top) => {
  expect(niceTop(value)).toBe(top);
});

test.each([
  [0.01, [0, 0.002, 0.004, 0.006, 0.008, 0.01]],
  [0.015, [0, 0.005, 0.01, 0.015]],
  [0.008, [0, 0.002, 0.004, 0.006, 0.008]],
  [0.006, [0, 0.002, 0.004, 0.006]],
  [0.02, [0, 0.005, 0.01, 0.015, 0.02]],
  [0.05, [0, 0.01, 0.02, 0.03, 0.04, 0.05]],
])('the ticks up to %d are round', (top, ticks) => {
  expect(ticksTo(top)).toEqual(ticks);
});
