import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { uuid } from '../permissions/rows.js';
import { receipt, waiting } from './rows.js';

let database: TestDatabase;

/*
 *   target | cursors, in versions | receipts
 *   1      | 10, 30, then 20      | 25, 40 (waiting)
 *   2      |                      | 5
 *   3      | 7                    |
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const cursor = (number: number, version: number, seq: number) => ({
    target: uuid(100 + number),
    version,
    seq,
  });
  await database.insert('target_cursors', [cursor(1, 1, 10), cursor(3, 1, 7)]);
  await database.insert('target_cursors', [cursor(1, 2, 30)]);
  await database.insert('target_cursors', [cursor(1, 3, 20)]);
  await database.insert('receipts', [receipt(1, 25), receipt(1, 40, waiting), receipt(2, 5)]);
});
afterAll(() => database.close());

test('answers the cursor stored last, and the highest receipt of any state', async () => {
  const rows = await database.engine.query('targets/resume_points', {});
  expect(rows.sort((a, b) => (a.target < b.target ? -1 : 1))).toEqual([
    { target: uuid(101), cursor: 20, last_receipt: 40 },
    { target: uuid(102), cursor: 0, last_receipt: 5 },
    { target: uuid(103), cursor: 7, last_receipt: 0 },
  ]);
});
