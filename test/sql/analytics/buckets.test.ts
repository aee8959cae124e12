import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

type Bucket = 'hour' | 'day' | 'week' | 'month';

const ask = (bucket: Bucket, zone: string, from: string, to: string, shift = 0) =>
  database.engine.query('analytics/buckets', {
    bucket,
    zone,
    week_shift: shift,
    from: new Date(from),
    to: new Date(to),
  });

test('are every day that the window touches, each with the next', async () => {
  const rows = await ask('day', '', '2026-11-17T05:00:00Z', '2026-11-18T10:00:00Z');
  expect(rows.slice(0, 2)).toEqual([
    { at: '2026-11-17T00:00:00Z', next: '2026-11-18T00:00:00Z' },
    { at: '2026-11-18T00:00:00Z', next: '2026-11-19T00:00:00Z' },
  ]);
});

test('of weeks begin as it is said', async () => {
  const first = async (shift: number) =>
    (await ask('week', '', '2026-11-18T00:00:00Z', '2026-11-19T00:00:00Z', shift))[0]?.at.slice(0, 10);
  expect(await first(0)).toBe('2026-11-16');
  expect(await first(1)).toBe('2026-11-15');
  expect(await first(2)).toBe('2026-11-14');
});

test('a day is 23 and 25 hours long where the clocks change', async () => {
  const hours = async (from: string) => {
    const [day] = await ask('day', 'Europe/Berlin', from, from.replace('T12', 'T13'));
    return (Date.parse(day?.next ?? '') - Date.parse(day?.at ?? '')) / 3_600_000;
  };
  expect(await hours('2026-03-29T12:00:00Z')).toBe(23);
  expect(await hours('2026-10-25T12:00:00Z')).toBe(25);
  expect(await hours('2026-10-26T12:00:00Z')).toBe(24);
});

/** The day of an instant in a zone, by another calendar than the engine's. */
const dayIn = (zone: string) => {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  return (at: string | number) => format.format(new Date(at));
};

test.each([
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Cairo',
])('a day of %s is all of it and nothing else, each day of a year', async (zone) => {
  const day = dayIn(zone);
  const rows = await ask('day', zone, '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z');
  expect(rows.length).toBeGreaterThan(365);
  for (const { at, next } of rows.slice(0, 366)) {
    const last = day(Date.parse(next) - 1000);
    expect([zone, at, day(at), last]).toEqual([zone, at, day(at), day(at)]);
    expect([zone, day(Date.parse(at) - 1000) === day(at)]).toEqual([zone, false]);
  }
});

test('hours and months are those of the zone', async () => {
  const [hour] = await ask('hour', 'Asia/Kathmandu', '2026-11-18T10:00:00Z', '2026-11-18T10:15:00Z');
  expect(hour).toEqual({ at: '2026-11-18T09:15:00Z', next: '2026-11-18T10:15:00Z' });
  const [month] = await ask('month', 'America/New_York', '2026-11-18T10:00:00Z', '2026-11-18T10:15:00Z');
  expect(month).toEqual({ at: '2026-11-01T04:00:00Z', next: '2026-12-01T05:00:00Z' });
});
