import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';
import { dead, receipt, waiting } from './rows.js';

let database: TestDatabase;

/*
 *   target | seq | versions
 *   1      | 10  | acknowledged
 *   1      | 20  | waiting, waiting (3 tries), acknowledged
 *   1      | 30  | dead
 *   1      | 40  | waiting (2 tries)
 *   2      | 20  | acknowledged
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('receipts', [
    receipt(1, 10),
    receipt(1, 20, waiting),
    receipt(1, 30, dead),
    receipt(1, 40, { ...waiting, attempts: 2 }),
    receipt(2, 20),
  ]);
  await database.insert('receipts', [receipt(1, 20, { version: 3, attempts: 4 })]);
  await database.insert('receipts', [receipt(1, 20, { ...waiting, version: 2, attempts: 3 })]);
});
afterAll(() => database.close());

const between = (since: number, until: number) =>
  database.engine.query('targets/receipts_between', { target: uuid(101), since, until });

test('answers the newest version of each receipt of that target, in order', async () => {
  const first_sent_at = at('12:01');
  expect(await between(0, 100)).toEqual([
    { seq: 10, state: 'acknowledged', attempts: 1, first_sent_at },
    { seq: 20, state: 'acknowledged', attempts: 4, first_sent_at },
    { seq: 30, state: 'dead', attempts: 1, first_sent_at },
    { seq: 40, state: 'waiting', attempts: 2, first_sent_at },
  ]);
});

test('begins after the one place and ends with the other', async () => {
  expect((await between(10, 30)).map(({ seq }) => seq)).toEqual([20, 30]);
});
