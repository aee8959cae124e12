import { expect, test } from 'vitest';
import { sizesOf, windowOf } from './sizes.js';

const now = new Date('2026-11-25T12:30:00Z');

test('without a window: the last 30 days or 48 hours, the unfinished one included', () => {
  expect(windowOf({}, now)).toEqual({
    from: new Date('2026-10-27T00:00:00Z'),
    to: new Date('2026-11-26T00:00:00Z'),
    interval: 'day',
  });
  expect(windowOf({ interval: 'hour' }, now)).toEqual({
    from: new Date('2026-11-23T13:00:00Z'),
    to: new Date('2026-11-25T13:00:00Z'),
    interval: 'hour',
  });
});

test('a window that is empty, or has too many buckets, is refused', () => {
  expect(windowOf({ from: '2026-11-26T00:00:00Z' }, now)).toBe('must lie before to');
  expect(windowOf({ from: '2020-01-01T00:00:00Z', interval: 'hour' }, now)).toBe(
    'may lie 750 hours before to at most',
  );
});

test('the size at the end of each bucket goes on from all before; without flows it stays', () => {
  const window = {
    from: new Date('2026-11-23T00:00:00Z'),
    to: new Date('2026-11-26T00:00:00Z'),
    interval: 'day' as const,
  };
  const flows = [
    { bucket: '2026-11-24T00:00:00Z', entered: 3, left: 4 },
    { bucket: null, entered: 12, left: 2 },
  ];
  expect(sizesOf(flows, window)).toEqual([
    { start: '2026-11-23T00:00:00.000Z', size: 10, entered: 0, left: 0 },
    { start: '2026-11-24T00:00:00.000Z', size: 9, entered: 3, left: 4 },
    { start: '2026-11-25T00:00:00.000Z', size: 9, entered: 0, left: 0 },
  ]);
});
