import { describe, expect, test } from 'vitest';
import type { RatesQuery } from '../contract/analytics.js';
import { InvalidInputError } from '../errors.js';
import { bucketsOf, windowOf } from './window.js';

/** A Thursday. */
const now = new Date('2026-11-19T10:20:30.456Z');
const iso = (asked: RatesQuery) => {
  const { from, to, interval } = windowOf(asked, now);
  return [from.toISOString(), to.toISOString(), interval];
};

describe('a window', () => {
  test('is the last seven days by the day when nothing is asked, the present hour included', () => {
    expect(iso({})).toEqual(['2026-11-12T11:00:00.000Z', '2026-11-19T11:00:00.000Z', 'day']);
  });

  test('is widened to whole hours', () => {
    expect(iso({ from: '2026-11-18T08:59:59.999Z', to: '2026-11-18T09:00:00.001Z' })).toEqual([
      '2026-11-18T08:00:00.000Z',
      '2026-11-18T10:00:00.000Z',
      'hour',
    ]);
    expect(iso({ from: '2026-11-01T00:00:00+02:00', to: '2026-11-18T00:00:00Z' })).toEqual([
      '2026-10-31T22:00:00.000Z',
      '2026-11-18T00:00:00.000Z',
      'day',
    ]);
  });

  test('is cut by the hour up to 48 hours, unless asked otherwise', () => {
    const to = '2026-11-18T00:00:00Z';
    expect(iso({ from: '2026-11-16T00:00:00Z', to })[2]).toBe('hour');
    expect(iso({ from: '2026-11-15T23:00:00Z', to })[2]).toBe('day');
    expect(iso({ from: '2026-11-16T00:00:00Z', to, interval: 'week' })[2]).toBe('week');
  });

  test.each<[string, RatesQuery]>([
    ['from', { from: '2026-11-18T00:00:00Z', to: '2026-11-18T00:00:00Z' }],
    ['from', { from: '2026-11-20T00:00:00Z' }],
    ['from', { from: '1999-12-31T23:00:00Z' }],
    ['to', { to: '2100-01-01T00:00:00.001Z', from: '2026-11-18T00:00:00Z' }],
    ['interval', { from: '2026-01-01T00:00:00Z', interval: 'hour' }],
  ])('that cannot be names %s', (field, asked) => {
    expect(() => windowOf(asked, now)).toThrow(InvalidInputError);
    try {
      windowOf(asked, now);
    } catch (error) {
      expect((error as InvalidInputError).errors.map((each) => each.field)).toEqual([field]);
    }
  });
});

describe('buckets', () => {
  const buckets = (asked: RatesQuery) =>
    bucketsOf(windowOf(asked, now), now).map(({ at, finished }) => `${at.slice(0, 13)} ${finished}`);

  test('are every UTC day that the window touches; the day that holds now is unfinished', () => {
    expect(buckets({ from: '2026-11-17T05:00:00Z', interval: 'day' })).toEqual([
      '2026-11-17T00 true',
      '2026-11-18T00 true',
      '2026-11-19T00 false',
    ]);
  });

  test('are finished at their very end', () => {
    const last = { from: '2026-11-18T22:00:00Z', to: '2026-11-19T00:00:00Z' };
    const at = (instant: string) =>
      bucketsOf(windowOf(last, now), new Date(instant)).map((each) => each.finished);
    expect(at('2026-11-19T00:00:00.000Z')).toEqual([true, true]);
    expect(at('2026-11-18T23:59:59.999Z')).toEqual([true, false]);
  });

  test('of weeks start on Monday', () => {
    expect(buckets({ from: '2026-11-08T23:00:00Z', interval: 'week' })).toEqual([
      '2026-11-02T00 true',
      '2026-11-09T00 true',
      '2026-11-16T00 false',
    ]);
  });
});
