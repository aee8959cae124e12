import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at } from '../permissions/rows.js';
import { dead, receipt, target, waiting } from '../targets/rows.js';
import { decision } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

type Cut = 'none' | 'segment' | 'stream' | 'trigger';
async function honour(first: Cut = 'none', bucket: 'none' | 'hour' = 'none') {
  return database.engine.query('analytics/honour', {
    ...{ first, second: 'none', from: new Date(at('12:00')), to: new Date(at('14:00')) },
    ...{ bucket, zone: '', week_shift: 0 },
  });
}

/** Runs first: nothing has been stored yet. */
test('has no row where nothing was asked', async () => {
  expect(await honour()).toEqual([]);
});

/*
 * Enabled targets: 1, and 2 from place 30 on. Received at 12:00 unless said; decided after so many seconds.
 *
 *   seq | type      | stream     | received | decided | target 1 | target 2 | so
 *   10  | opted_out | promotions | 11:59    |         | 12:09    |          | received too early
 *   20  | opted_out | promotions |          | 1 s     | 12:01    |          | acknowledged after 1 min
 *   30  | complained| news       |          | 2 s     | 12:01    | 12:03    | acknowledged after 3 min
 *   40  | erased    | news       | 13:00    | 5 s     | 13:01    | dead     | a dead letter
 *   50  | opted_out | news       | 13:00    | 3 s     |          | 13:02    | waits
 *   60  | opted_in  | news       |          |         | 12:30    | 12:30    | nobody left
 *   5   | opted_out | promotions |          | 9 s     |          |          | before the first target: owed to nobody
 */
test('times until it held and until the last target acknowledged it, by receipt', async () => {
  const request = (seq: number, type: string, stream: string, seconds: number, received = at('12:00')) =>
    decision(received, {
      ...{ seq, type, stream, segments: ['plan:free'], order_at: at('09:00') },
      decided_at: new Date(Date.parse(received) + seconds * 1000).toISOString(),
    });
  await database.insert('decisions', [
    request(10, 'opted_out', 'promotions', 1, at('11:59')),
    request(20, 'opted_out', 'promotions', 1),
    request(30, 'complained', 'news', 2),
    request(40, 'erased', 'news', 5, at('13:00')),
    request(50, 'opted_out', 'news', 3, at('13:00')),
    request(60, 'opted_in', 'news', 3),
    request(5, 'opted_out', 'promotions', 9),
  ]);
  await database.insert('targets', [
    target(1, { since: 6 }),
    target(2, { since: 29 }),
    target(3, { enabled: false }),
  ]);
  const told = (number: number, seq: number, time: string, change = {}) =>
    receipt(number, seq, { acknowledged_at: at(time), ...change });
  const atOne = { received_at: at('13:00') };
  await database.insert('receipts', [
    told(1, 20, '12:01'),
    told(1, 30, '12:01'),
    told(2, 30, '12:03'),
    told(1, 40, '13:01', atOne),
    receipt(2, 40, { ...dead, ...atOne }),
    told(2, 50, '13:02', atOne),
    receipt(1, 50, { ...waiting, ...atOne }),
    told(1, 60, '12:30'),
    told(2, 60, '12:30'),
  ]);
  const [row] = await honour();
  // Decided after 1, 2, 3, 5 and 9 s: the median is 3; p99 by R's type 7 lies at 0.99 × 4 = 3.96, so 5 + 0.96 × 4.
  expect(row).toMatchObject({ requests: 5, p50_ms: 3000, owed: 4, acknowledged: 2, waiting: 1, dead: 1 });
  expect(row?.p99_ms).toBeCloseTo(8840, 6);
  // Acknowledged after 1 and 3 minutes.
  expect(row?.acknowledged_p50_ms).toBe(120_000);
  expect(row?.acknowledged_p99_ms).toBeCloseTo(178_800, 6);

  const byStream = await honour('stream');
  expect(byStream.map((one) => [one.first_key, one.requests, one.owed, one.acknowledged])).toEqual([
    ['news', 3, 3, 1],
    ['promotions', 2, 1, 1],
  ]);
  const byHour = await honour('none', 'hour');
  expect(byHour.map((one) => [one.at, one.requests, one.acknowledged_p50_ms])).toEqual([
    [at('12:00').replace('.000Z', 'Z'), 3, 120_000],
    [at('13:00').replace('.000Z', 'Z'), 2, null],
  ]);
  expect((await honour('segment')).map((one) => [one.first_key, one.requests])).toEqual([['plan:free', 5]]);
});
