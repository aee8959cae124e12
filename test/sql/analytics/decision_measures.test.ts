import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { attributed, decision } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function ask() {
  const from = new Date('2026-11-11T00:00:00Z');
  const to = new Date('2026-11-12T00:00:00Z');
  return measures({ from, to });
}

type Params = Parameters<typeof database.engine.query<'analytics/decision_measures'>>[1];

async function measures(asked: { from: Date; to: Date } & Partial<Params>) {
  return database.engine.query('analytics/decision_measures', {
    first: 'none',
    second: 'none',
    bucket: 'none',
    zone: '',
    week_shift: 0,
    ...asked,
  });
}

/** Runs first: nothing has been stored yet. */
test('answers without a row when nobody left', async () => {
  expect(await ask()).toEqual([]);
});

/*
 * Windows of one day, by when the request was made.
 *
 *   received          | type         | delivery | unsolicited | kept | decided after
 *   9 Nov 23:59       | opted_out    |          | yes         | 7    |                too early
 *   10 Nov 00:00      | opted_out    |          | yes         | 2    | 90,000 ms      before
 *   10 Nov 23:59      | erased       |          | yes         | 0    |                before
 *   11 Nov 00:00      | opted_out    | 9 Nov    | no          | 3    | 10 ms          now
 *   11 Nov 12:00      | complained   | 10 Nov   | yes         | 1    | 20 ms          now
 *   11 Nov 12:00      | opted_out    |          | yes         | 0    | 1,000 ms       now, unattributed
 *   11 Nov 12:00      | erased       |          | yes         | 0    | 30 ms          now, belongs to no delivery anyway
 *   11 Nov 12:00      | opted_in     |          | no          | 0    | 99,000 ms      nobody left
 *   11 Nov 12:00      | bounced      |          | no          | 0    | 99,000 ms      nobody left
 *   12 Nov 00:00      | opted_out    |          | yes         | 7    |                too late
 *
 * p99 of 10, 20, 30, 1000 by R's type 7: place 0.99 × 3 = 2.97, so 30 + 0.97 × 970 = 970.9.
 */
test('counts who left', async () => {
  const noon = '2026-11-11T12:00:00.000Z';
  await database.insert('decisions', [
    decision('2026-11-09T23:59:59.999Z', { unsolicited: true, kept_by_scoping: 7 }),
    decision('2026-11-10T00:00:00.000Z', {
      unsolicited: true,
      kept_by_scoping: 2,
      decided_at: '2026-11-10T00:01:30.000Z',
    }),
    decision('2026-11-10T23:59:59.999Z', { type: 'erased', unsolicited: true }),
    decision('2026-11-11T00:00:00.000Z', {
      ...attributed('2026-11-09T08:00:00.000Z'),
      unsolicited: false,
      kept_by_scoping: 3,
      decided_at: '2026-11-11T00:00:00.010Z',
    }),
    decision(noon, {
      ...attributed('2026-11-10T08:00:00.000Z'),
      type: 'complained',
      unsolicited: true,
      kept_by_scoping: 1,
      decided_at: '2026-11-11T12:00:00.020Z',
    }),
    decision(noon, { unsolicited: true, decided_at: '2026-11-11T12:00:01.000Z' }),
    decision(noon, { type: 'erased', unsolicited: true, decided_at: '2026-11-11T12:00:00.030Z' }),
    decision(noon, { type: 'opted_in', decided_at: '2026-11-11T12:01:39.000Z' }),
    decision(noon, { type: 'bounced', decided_at: '2026-11-11T12:01:39.000Z' }),
    decision('2026-11-12T00:00:00.000Z', { unsolicited: true, kept_by_scoping: 7 }),
  ]);
  const [row] = await ask();
  expect(row?.p99_ms).toBeCloseTo(970.9, 9);
  expect(row).toMatchObject({
    requests: 4,
    opt_outs: 2,
    complaints: 1,
    unsolicited: 3,
    unattributed: 1,
    kept: 4,
    pauses: 0,
    caps: 0,
  });
});

test('cuts by what the request says and by the segments of its moment, in days of a time zone', async () => {
  await database.engine.command('TRUNCATE TABLE decisions');
  await database.insert('decisions', [
    decision('2026-11-11T20:00:00.000Z', {
      segments: ['country:DE', 'plan:free'],
      reason: 'too_many',
      trigger: 'link_unsubscribe',
    }),
    decision('2026-11-11T21:00:00.000Z', { segments: ['country:DE'], reason: 'I said: stop!' }),
    decision('2026-11-11T22:00:00.000Z', { type: 'paused', segments: ['country:DE'] }),
    decision('2026-11-11T23:30:00.000Z', { type: 'capped', segments: ['country:US'], flags: [] }),
    decision('2026-11-11T23:30:00.000Z', { flags: ['machine_suspected'], stream: 'news' }),
  ]);
  const from = new Date('2026-11-11T00:00:00Z');
  const to = new Date('2026-11-13T00:00:00Z');
  const cells = async (asked: Partial<Params>) =>
    (await measures({ from, to, ...asked })).map((row) => [
      row.first_key,
      row.second_key,
      row.at,
      row.requests,
      row.pauses,
      row.caps,
      row.suspected,
    ]);
  expect(await cells({ first: 'segment' })).toEqual([
    ['country:DE', '', '2026-11-11T00:00:00Z', 2, 1, 0, 0],
    ['country:US', '', '2026-11-11T00:00:00Z', 0, 0, 1, 0],
    ['plan:free', '', '2026-11-11T00:00:00Z', 1, 0, 0, 0],
  ]);
  expect(await cells({ first: 'stream', second: 'reason' })).toEqual([
    ['news', '', '2026-11-11T00:00:00Z', 1, 0, 0, 1],
    ['promotions', '', '2026-11-11T00:00:00Z', 0, 1, 1, 0],
    ['promotions', 'other', '2026-11-11T00:00:00Z', 1, 0, 0, 0],
    ['promotions', 'too_many', '2026-11-11T00:00:00Z', 1, 0, 0, 0],
  ]);
  expect(await cells({ bucket: 'day', zone: 'Europe/Berlin' })).toEqual([
    ['', '', '2026-11-10T23:00:00Z', 2, 1, 0, 0],
    ['', '', '2026-11-11T23:00:00Z', 1, 0, 1, 1],
  ]);
});

test('a repeat is of somebody who stopped something in the 30 days before, also before the window', async () => {
  await database.engine.command('TRUNCATE TABLE decisions');
  const stops = { streams_stopped: ['promotions'] };
  const other = { ...stops, person: '00000000-0000-4000-8000-000000000002' };
  await database.insert('decisions', [
    decision('2026-10-20T00:00:00.000Z', stops),
    decision('2026-11-11T00:00:00.000Z', stops),
    decision('2026-11-11T01:00:00.000Z', { type: 'paused' }),
    decision('2026-11-11T02:00:00.000Z'),
    decision('2026-10-01T00:00:00.000Z', other),
    decision('2026-11-11T00:00:00.000Z', other),
  ]);
  const [row] = await ask();
  expect(row).toMatchObject({ requests: 3, stops: 2, repeats: 1 });
});

test('what is known later of the time before decides which of two requests stopped something', async () => {
  await database.engine.command('TRUNCATE TABLE decisions');
  // As they arrived, the later one stopped the stream and the earlier one found it closed.
  const later = decision('2026-11-11T05:00:00.000Z', { streams_stopped: ['promotions'] });
  const earlier = decision('2026-11-11T03:00:00.000Z');
  const third = decision('2026-11-11T04:00:00.000Z', { type: 'complained', streams_stopped: ['news'] });
  await database.insert('decisions', [later, earlier, third]);
  expect((await ask())[0]).toMatchObject({ requests: 3, stops: 2, repeats: 1 });
  const recount = ({ id, type, order_at }: typeof later, stops: number) => ({
    ...{ sign: 1, person: later.person, decision: id, type, order_at, received_at: order_at },
    ...{ version: 1, stops },
  });
  await database.insert('recounts', [recount(later, 0), recount(earlier, 1)]);
  expect((await ask())[0]).toMatchObject({ requests: 3, stops: 2, repeats: 1 });
  // A row from before that was asked, which says nothing of it, leaves what the decision says.
  await database.insert('recounts', [recount(third, -1)]);
  expect((await ask())[0]).toMatchObject({ stops: 2, repeats: 1 });
  await database.insert('recounts', [{ ...recount(third, 0), version: 2 }]);
  expect((await ask())[0]).toMatchObject({ stops: 1, repeats: 0 });
});
