import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';
import { dead, receipt, waiting } from './rows.js';

let database: TestDatabase;

/*
 *   target | seq | received | acknowledged      | lag
 *   1      | 10  | 11:59    | 12:59             | before the window
 *   1      | 20  | 12:00    | 12:01             | 1 min
 *   1      | 30  | 12:00    | 12:03             | 3 min
 *   1      | 40  | 12:10    | 12:20             | 10 min
 *   1      | 50  | 12:10    | waiting           |
 *   1      | 60  | 12:10    | dead              |
 *   1      | 70  | 13:00    | 13:01             | after the window
 *   2      | 10  | 12:30    | 14:00, a backfill | none
 *
 * Of 1, 3, 10: the median is 3; p99 by R's type 7 lies at 0.99 × 2 = 1.98, so 3 + 0.98 × 7 = 9.86 minutes.
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const told = (number: number, seq: number, received: string, acknowledged: string, change = {}) =>
    receipt(number, seq, { received_at: at(received), acknowledged_at: at(acknowledged), ...change });
  await database.insert('receipts', [
    told(1, 10, '11:59', '12:59'),
    told(1, 20, '12:00', '12:01'),
    receipt(1, 30, waiting),
    told(1, 40, '12:10', '12:20'),
    receipt(1, 50, { ...waiting, received_at: at('12:10') }),
    receipt(1, 60, { ...dead, received_at: at('12:10') }),
    told(1, 70, '13:00', '13:01'),
    told(2, 10, '12:30', '14:00', { is_backfill: true }),
  ]);
  await database.insert('receipts', [told(1, 30, '12:00', '12:03', { version: 2 })]);
});
afterAll(() => database.close());

test('answers the lag of what was received in the window and acknowledged', async () => {
  const window = { from: new Date(at('12:00')), to: new Date(at('13:00')) };
  const [first, second] = await database.engine.query('targets/lag_by_target', window);
  expect(first).toMatchObject({
    target: uuid(101),
    acknowledged: 3,
    last_acknowledged_at: at('12:20'),
    p50_ms: 180_000,
  });
  expect(first?.p99_ms).toBeCloseTo(9.86 * 60_000, 6);
  expect(second).toEqual({
    target: uuid(102),
    acknowledged: 1,
    last_acknowledged_at: at('14:00'),
    p50_ms: null,
    p99_ms: null,
  });
});
