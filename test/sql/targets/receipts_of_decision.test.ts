import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, ids, uuid } from '../permissions/rows.js';
import { receipt, waiting } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('receipts', [
    receipt(1, 20, waiting),
    receipt(1, 30),
    receipt(2, 20, { ...waiting, attempts: 5 }),
    receipt(3, 20),
  ]);
  await database.insert('receipts', [receipt(1, 20, { version: 2, attempts: 2 })]);
});
afterAll(() => database.close());

test('answers where a decision stands at the targets asked about', async () => {
  const asked = { targets: ids(101, 102, 109), seq: 20 };
  expect(await database.engine.query('targets/receipts_of_decision', asked)).toEqual([
    {
      target: uuid(101),
      state: 'acknowledged',
      attempts: 2,
      first_sent_at: at('12:01'),
      acknowledged_at: at('12:02'),
      status: 204,
      detail: 'answered 204',
    },
    {
      target: uuid(102),
      state: 'waiting',
      attempts: 5,
      first_sent_at: at('12:01'),
      acknowledged_at: null,
      status: 503,
      detail: 'answered 503',
    },
  ]);
});
