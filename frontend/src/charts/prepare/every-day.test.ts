import { expect, test } from 'vitest';
import { everyDay } from './every-day.js';

test('a day that is left out is a gap', () => {
  const points = [
    { day: '2026-02-28', mean: 0.1 },
    { day: '2026-03-02', mean: 0.2 },
  ];
  expect(everyDay(points).map(({ value }) => value)).toEqual([0.1, null, 0.2]);
  expect(everyDay([])).toEqual([]);
});
