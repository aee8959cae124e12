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
  const [row] = await database.engine.query('analytics/decisions_totals', { from, to });
  return row;
}

/** Runs first: nothing has been stored yet. */
test('answers with zeros, and with no time to honour, when nobody left', async () => {
  expect(await ask()).toEqual({
    requests: 0,
    opt_outs: 0,
    complaints: 0,
    unsolicited: 0,
    unattributed: 0,
    kept: 0,
    time_to_honour_p99_ms: null,
    previous_requests: 0,
    previous_unsolicited: 0,
    previous_unattributed: 0,
    previous_kept: 0,
  });
});

/*
 * Windows of one day, by receipt.
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
test('counts who left by receipt, now and in the window of the same length before', async () => {
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
  const row = await ask();
  expect(row?.time_to_honour_p99_ms).toBeCloseTo(970.9, 9);
  expect(row).toMatchObject({
    requests: 4,
    opt_outs: 2,
    complaints: 1,
    unsolicited: 3,
    unattributed: 1,
    kept: 4,
    previous_requests: 2,
    previous_unsolicited: 2,
    previous_unattributed: 1,
    previous_kept: 2,
  });
});
