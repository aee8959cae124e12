import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision } from '../permissions/rows.js';
import { dead, receipt, target, waiting } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function ask() {
  const window = { from: new Date(at('12:00')), to: new Date(at('13:00')) };
  const [row] = await database.engine.query('targets/time_to_honour', window);
  return row;
}

/** Runs first: nothing has been stored yet. */
test('answers with zeros, and with no time, when nothing was decided or nobody is told', async () => {
  const nothing = { decisions: 0, honoured: 0, waiting: 0, dead: 0, p50_ms: null, p99_ms: null };
  expect(await ask()).toMatchObject(nothing);
  await database.insert('decisions', [
    decision(10, { received_at: at('11:59') }),
    ...[20, 30, 40, 50, 60].map((seq) => decision(seq)),
    decision(70, { received_at: at('13:00') }),
  ]);
  expect(await ask()).toMatchObject(nothing);
});

/*
 * Enabled targets: 1 and 2, the second from place 20 on. Target 3 is disabled, target 4 deleted, target 5 was made after
 * all decisions. Requests were received at 12:00.
 *
 *   seq | target 1     | target 2     | target 3 | so
 *   10  | 12:09        | 12:09        |          | received too early
 *   20  | 12:01        | (not told)   |          | honoured after 1 min
 *   30  | 12:01        | 12:03        | waiting  | honoured after 3 min
 *   40  | 12:01        | 12:11        | dead     | honoured after 11 min
 *   50  | 12:01        | (none yet)   |          | waits
 *   60  | dead         | waiting      |          | dead, and waits
 *   70  |              |              |          | received too late
 *
 * Of 1, 3, 11: the median is 3; p99 by R's type 7 lies at 0.99 × 2 = 1.98, so 3 + 0.98 × 8 = 10.84 minutes.
 */
test('counts a decision as honoured when the last enabled target has acknowledged it', async () => {
  await database.insert('targets', [
    target(1),
    target(2, { since: 20 }),
    target(3, { enabled: false }),
    target(4, { enabled: false, deleted: true }),
    target(5, { created_at: at('12:30') }),
  ]);
  const told = (number: number, seq: number, acknowledged: string, change = {}) =>
    receipt(number, seq, { acknowledged_at: at(acknowledged), ...change });
  await database.insert('receipts', [
    told(1, 10, '12:09', { received_at: at('11:59') }),
    told(2, 10, '12:09', { received_at: at('11:59') }),
    ...[20, 30, 40, 50].map((seq) => told(1, seq, '12:01')),
    told(2, 30, '12:03'),
    receipt(2, 40, waiting),
    receipt(3, 30, waiting),
    receipt(3, 40, dead),
    receipt(1, 60, dead),
    receipt(2, 60, waiting),
  ]);
  await database.insert('receipts', [told(2, 40, '12:11', { version: 2 })]);
  const row = await ask();
  expect(row).toMatchObject({
    decisions: 5,
    honoured: 3,
    waiting: 2,
    dead: 1,
    oldest_waiting_at: at('12:00'),
    p50_ms: 180_000,
  });
  expect(row?.p99_ms).toBeCloseTo(10.84 * 60_000, 6);
});
