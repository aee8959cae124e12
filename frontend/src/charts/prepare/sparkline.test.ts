import { expect, test } from 'vitest';
import { prepareSparkline } from './sparkline.js';
import { visibleRows } from './visible-rows.js';

const value = (number: number | null, finished = true) => ({ value: number, finished });

test('breaks at a gap, starts again behind it, and dashes into the unfinished bucket', () => {
  const line = prepareSparkline(
    [value(1), value(2), value(null), value(1), value(2), value(3, false)],
    54,
    24,
  );
  expect(line.line).toBe('M2 17L12 12M32 17L42 12');
  expect(line.open).toBe('M42 12L52 7');
  expect(line.dots).toEqual([]);
});

test('a point between gaps is a dot', () => {
  expect(prepareSparkline([value(null), value(1), value(null)], 24, 24).dots).toEqual([{ x: 12, y: 7 }]);
});

test('nothing but gaps, nothing at all and all zero are drawn without a fault', () => {
  expect(prepareSparkline([value(null)], 20, 20)).toEqual({ line: '', open: '', dots: [] });
  expect(prepareSparkline([], 20, 20)).toEqual({ line: '', open: '', dots: [] });
  expect(prepareSparkline([value(0), value(0)], 20, 20).line).toBe('M2 18L18 18');
});

test('only the rows in view and a few around them are on the page', () => {
  expect(visibleRows(500, 46, 0, 690)).toEqual({ first: 0, last: 23, above: 0, below: 477 * 46 });
  expect(visibleRows(500, 46, 4600, 690)).toEqual({ first: 92, last: 123, above: 92 * 46, below: 377 * 46 });
  expect(visibleRows(3, 46, 0, 690)).toEqual({ first: 0, last: 3, above: 0, below: 0 });
});

test('a list that got shorter than the scroll position still shows its end', () => {
  const { first, last } = visibleRows(5, 46, 9000, 690);
  expect(first).toBeLessThan(last);
  expect(last).toBe(5);
});
