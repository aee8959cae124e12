import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyInstant, anyLedger, ledgerStart, storeLedger } from '../../support/any-ledger.js';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { naiveSpells } from '../../support/naive-spells.js';
import { coverOf, delivery, person, spellMark, stream, takenBack } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

type Bucket = 'none' | 'hour' | 'day' | 'week' | 'month';

async function growth(from: string, to: string, bucket: Bucket = 'none', zone = '', previousFrom = from) {
  const rows = await database.engine.query('analytics/list_growth', {
    ...coverOf('promotions', 'news', 'offers'),
    ...{ previous_from: new Date(previousFrom), from: new Date(from), to: new Date(to) },
    ...{ bucket, zone, week_shift: 0 },
  });
  return rows.map((row) => [
    row.stream,
    row.at,
    row.began,
    row.ended,
    row.previous_began,
    row.previous_ended,
  ]);
}

/** Runs first: nothing has been stored yet. */
test('nothing begins or ends in an empty database', async () => {
  expect(await growth('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z')).toEqual([]);
});

/*
 * All of November 2026; times are 12:00 unless said.
 *
 *   person | stream     | what happened                                            | began     | ended
 *   1      | promotions | delivered 2nd and 20th, opt-out 5th, opt-in 9th          | 2nd, 9th  | 5th
 *   2      | promotions | delivered October 31st, opt-out 5th                      |           | 5th
 *   2      | news       | opt-out 4th (nothing was open), delivered 6th            |           |
 *   3      | news       | delivered 5th 23:30, complaint 7th, complaint 8th        | 5th       | 7th
 *   4      | news       | delivered October 1st; opt-out 10th, taken back on 12th  |           |
 *   5      | news       | opt-in 15th                                              | 15th      |
 *   6      | promotions | delivered November 30th 23:59 (the window before: none)  | 30th      |
 */
test('counts what began and ended by the time at which it happened', async () => {
  const day = (number: number, time = '12:00') =>
    `2026-11-${String(number).padStart(2, '0')}T${time}:00.000Z`;
  const mark = (number: number, cause: string, at: string, stream = 'promotions', grade = 1) =>
    spellMark(cause, at, stream, { person: person(number), subject: person(number), grade });
  const sent = (number: number, at: string, stream = 'promotions') =>
    delivery(at, { person: person(number), stream });
  const undone = mark(4, 'opt_out', day(10), 'news');
  await database.insert('spell_marks', [
    mark(1, 'opt_in', day(9)),
    mark(5, 'opt_in', day(15), 'news'),
    takenBack(undone.decision, day(12)),
    mark(1, 'opt_out', day(5)),
    mark(2, 'opt_out', day(5)),
    mark(2, 'opt_out', day(4), 'news'),
    mark(3, 'complaint', day(8), 'news'),
    mark(3, 'complaint', day(7), 'news'),
    undone,
  ]);
  await database.insert('events', [sent(1, day(20)), sent(2, '2026-10-31T12:00:00.000Z')]);
  await database.insert('events', [
    sent(1, day(2)),
    sent(2, day(6), 'news'),
    sent(3, day(5, '23:30'), 'news'),
    sent(4, '2026-10-01T12:00:00.000Z', 'news'),
    sent(6, day(30, '23:59')),
  ]);
  const [november, december] = ['2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'];
  expect(await growth(november, december, 'none', '', '2026-10-02T00:00:00Z')).toEqual([
    ['news', november, 2, 1, 0, 0],
    ['promotions', november, 3, 2, 1, 0],
  ]);
  expect(await growth(november, day(10), 'day')).toEqual([
    ['news', '2026-11-05T00:00:00Z', 1, 0, 0, 0],
    ['news', '2026-11-07T00:00:00Z', 0, 1, 0, 0],
    ['promotions', '2026-11-02T00:00:00Z', 1, 0, 0, 0],
    ['promotions', '2026-11-05T00:00:00Z', 0, 2, 0, 0],
    ['promotions', '2026-11-09T00:00:00Z', 1, 0, 0, 0],
  ]);
  // In Berlin it is the 6th already.
  expect(await growth(day(5, '23:00'), day(6), 'day', 'Europe/Berlin')).toEqual([
    ['news', '2026-11-05T23:00:00Z', 1, 0, 0, 0],
  ]);
});

const iso = (at: number) => new Date(at).toISOString();
const end = ledgerStart + 7 * 3_600_000;

test('over all time is every spell of a walk through the ledger; between two instants what reach grew by', async () => {
  await database.insert('streams', [
    stream('news', 'email', 'newsletter', 'blog'),
    stream('offers', 'email', 'promotions', 'shop'),
  ]);
  let spells = 0;
  await fc.assert(
    fc.asyncProperty(anyLedger, anyInstant, anyInstant, async (ledger, one, other) => {
      await storeLedger(database, ledger);
      const sums = async (from: number, to: number) =>
        new Map(
          (await growth(iso(from), iso(to))).map(([stream, , began, ended]) => [
            String(stream),
            [Number(began), Number(ended)] as const,
          ]),
        );
      const whole = await sums(0, end);
      for (const key of ['news', 'offers']) {
        const asked = { stream: key, segment: '', asOf: end, knownAt: Number.MAX_SAFE_INTEGER };
        const naive = naiveSpells(ledger, { ...asked, whileInSegment: false, unit: 1 });
        spells += naive.length;
        expect(whole.get(key) ?? [0, 0]).toEqual([
          naive.length,
          naive.filter(({ cause }) => cause > 0).length,
        ]);
      }
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      const flows = from === to ? new Map<string, readonly [number, number]>() : await sums(from, to);
      const [before, after] = [await reachAt(from), await reachAt(to)];
      for (const key of ['news', 'offers']) {
        const [began, ended] = flows.get(key) ?? [0, 0];
        expect((after.get(key) ?? 0) - (before.get(key) ?? 0)).toBe(began - ended);
      }
    }),
    { numRuns: 20, seed: Number(process.env.SECATEUR_SEED) },
  );
  expect(spells).toBeGreaterThan(30);
}, 120_000);

async function reachAt(at: number): Promise<Map<string, number>> {
  const rows = await database.engine.query('analytics/reach_by', {
    ...coverOf('promotions', 'news', 'offers'),
    ...{ first: 'stream', second: 'none', at: new Date(at), segments_at: new Date(at), limit: 10 },
  });
  return new Map(rows.map(({ first_key, spells }) => [first_key, spells]));
}
