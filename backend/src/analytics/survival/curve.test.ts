import { expect, test } from 'vitest';
import { readAt } from './curve.js';
import { pointsOf } from './test-support.js';

test('a curve is read as the step that a time lies on, with those at risk at its next time', () => {
  const points = pointsOf([2, -4, 5]);
  const read = (t: number) => {
    const { at_risk, point } = readAt(points, t);
    return [at_risk, point?.t ?? null];
  };
  expect(read(1)).toEqual([3, null]);
  expect(read(2)).toEqual([3, 2]);
  expect(read(3)).toEqual([2, 2]);
  expect(read(4)).toEqual([2, 4]);
  expect(read(5)).toEqual([1, 5]);
  expect(read(6)).toEqual([0, 5]);
  expect(readAt([], 1)).toEqual({ t: 1, at_risk: 0, point: null });
});
