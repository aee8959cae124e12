import { expect, test } from 'vitest';
import { monthOf } from './month.js';

const now = new Date('2026-12-01T00:00:00.000Z');

test('a month goes from its first instant in UTC to that of the next, over years and leap days', () => {
  expect(monthOf('2025-12', now)).toEqual({ from: new Date('2025-12-01'), to: new Date('2026-01-01') });
  expect(monthOf('2024-02', now)).toEqual({ from: new Date('2024-02-01'), to: new Date('2024-03-01') });
});

test('a month may be asked for as soon as it has begun, and not before', () => {
  expect(monthOf('2026-12', now).from).toEqual(now);
  expect(() => monthOf('2026-12', new Date(now.getTime() - 1))).toThrow('has not begun');
  expect(() => monthOf('1999-12', now)).toThrow('must not be before');
  expect(() => monthOf('0000-01', now)).toThrow('month');
});
