import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/engine.js';
import { attributed, decision, delivery } from './analytics/rows.js';

// Long windows are read by whole days and short ends by quarters of an hour: the sum must be that of the deliveries.

const start = Date.parse('2026-10-20T00:00:00.000Z');
const quarter = 900_000;
/** 20 days; clocks change in Europe within them. */
const span = 20 * 96;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  // Every fifth quarter of an hour one delivery, and of every third of these an opt-out.
  const moments = Array.from({ length: span / 5 }, (_, index) => new Date(start + index * 5 * quarter));
  await database.insert(
    'events',
    moments.map((at, index) =>
      delivery(at.toISOString(), { segments: [`country:${index % 2 === 0 ? 'DE' : 'IN'}`] }),
    ),
  );
  await database.insert(
    'decisions',
    moments
      .filter((_, index) => index % 3 === 0)
      .map((at, index) =>
        decision(
          new Date(at.getTime() + 60_000).toISOString(),
          attributed(at.toISOString(), {
            attributed_segments: [`country:${index % 2 === 0 ? 'DE' : 'IN'}`],
          }),
        ),
      ),
  );
});
afterAll(() => database.close());

const anyWindow = fc.tuple(fc.nat(span), fc.nat(span), fc.boolean()).map(([one, other, whole]) => {
  const at = (place: number) => new Date(start + (whole ? Math.round(place / 96) * 96 : place) * quarter);
  return one < other ? { from: at(one), to: at(other) } : { from: at(other), to: at(one) };
});
const anyZone = fc.constantFrom('', 'Asia/Kolkata', 'Europe/Berlin', 'America/New_York', 'Pacific/Chatham');

const inSeconds = (at: Date) => Math.floor(at.getTime() / 1000);
const bucketSql = {
  hour: 'toStartOfHour(at, zone)',
  day: 'toStartOfDay(at, zone)',
  week: 'toDateTime(toStartOfWeek(toDate(at, zone), 1), zone)',
  month: 'toDateTime(toStartOfMonth(at, zone), zone)',
} as const;

test('rates of any window count each delivery and opt-out in it once', async () => {
  await fc.assert(
    fc.asyncProperty(anyWindow, fc.nat(span), async ({ from, to }, length) => {
      const previousFrom = new Date(from.getTime() - length * quarter);
      const [row] = await database.engine.query('analytics/rates', {
        ...{ first: 'none', second: 'none', from, to, previous_from: previousFrom, limit: 1 },
      });
      const [naive] = await database.engine.rows(
        'naive',
        `SELECT countIf(at >= ${inSeconds(from)} AND at < ${inSeconds(to)} AND NOT gone) AS delivered,
           countIf(at >= ${inSeconds(from)} AND at < ${inSeconds(to)} AND gone) AS opt_outs,
           countIf(at >= ${inSeconds(previousFrom)} AND at < ${inSeconds(from)} AND NOT gone) AS previous_delivered,
           countIf(at >= ${inSeconds(previousFrom)} AND at < ${inSeconds(from)} AND gone) AS previous_opt_outs
         FROM
         (
           SELECT toUnixTimestamp(toDateTime(occurred_at)) AS at, false AS gone FROM events
           UNION ALL SELECT toUnixTimestamp(toDateTime(attributed_at)) AS at, true AS gone FROM decisions
         )`,
      );
      expect({
        delivered: row?.delivered ?? 0,
        opt_outs: row?.opt_outs ?? 0,
        previous_delivered: row?.previous_delivered ?? 0,
        previous_opt_outs: row?.previous_opt_outs ?? 0,
      }).toEqual(naive);
    }),
    { numRuns: 30 },
  );
});

test('buckets of any time zone have what was delivered in them, of segments, too', async () => {
  let met = 0;
  await fc.assert(
    fc.asyncProperty(
      anyWindow,
      anyZone,
      fc.constantFrom('hour', 'day', 'week', 'month'),
      async ({ from, to }, zone, bucket) => {
        const rows = await database.engine.query('analytics/rates_trend', {
          ...{ first: 'segment', second: 'none', from, to, bucket, zone, week_shift: 0 },
          ...{ first_keys: ['country:DE', 'country:IN'], second_keys: ['', ''] },
        });
        const naive = await database.engine.rows(
          'naive',
          `WITH '${zone === '' ? 'UTC' : zone}' AS zone
           SELECT segment AS first_key, toUnixTimestamp(${bucketSql[bucket]}) AS second, sum(1 - gone) AS delivered,
             sum(gone) AS opt_outs
           FROM
           (
             SELECT toDateTime(occurred_at, 'UTC') AS at, 0 AS gone, segments[1] AS segment FROM events
             UNION ALL
             SELECT toDateTime(attributed_at, 'UTC') AS at, 1 AS gone, attributed_segments[1] AS segment FROM decisions
           )
           WHERE at >= toDateTime(${inSeconds(from)}, 'UTC') AND at < toDateTime(${inSeconds(to)}, 'UTC')
           GROUP BY first_key, second
           HAVING delivered > 0
           ORDER BY first_key, second`,
        );
        expect(
          rows.map(({ first_key, at, delivered, opt_outs }) => ({
            ...{ first_key, second: Date.parse(at) / 1000, delivered, opt_outs },
          })),
        ).toEqual(naive);
        met += rows.length;
      },
    ),
    { numRuns: 30 },
  );
  expect(met).toBeGreaterThan(100);
});
