import { describe, expect, test } from 'vitest';
import type { RatesQuery } from '../contract/analytics.js';
import { InvalidInputError } from '../errors.js';
import { windowOf } from './window.js';

/** A Thursday. */
const now = new Date('2026-11-19T10:20:30.456Z');
const zones = new Set(['UTC', 'Asia/Kolkata']);
const iso = (asked: RatesQuery) => {
  const { from, to, interval } = windowOf(asked, now, zones);
  return [from.toISOString(), to.toISOString(), interval];
};

describe('a window', () => {
  test('is the last seven days by the day when nothing is asked, the present quarter of an hour included', () => {
    expect(iso({})).toEqual(['2026-11-12T10:30:00.000Z', '2026-11-19T10:30:00.000Z', 'day']);
  });

  test('is widened to whole quarters of an hour', () => {
    expect(iso({ from: '2026-11-18T08:59:59.999Z', to: '2026-11-18T09:00:00.001Z' })).toEqual([
      '2026-11-18T08:45:00.000Z',
      '2026-11-18T09:15:00.000Z',
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
    ['time_zone', { time_zone: 'Mars/Olympus' }],
    ['interval', { from: '2026-01-01T00:00:00Z', interval: 'hour' }],
  ])('that cannot be names %s', (field, asked) => {
    expect(() => windowOf(asked, now, zones)).toThrow(InvalidInputError);
    try {
      windowOf(asked, now, zones);
    } catch (error) {
      expect((error as InvalidInputError).errors.map((each) => each.field)).toEqual([field]);
    }
  });
});
