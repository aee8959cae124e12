import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, uuid } from '../permissions/rows.js';
import { dead, receipt, waiting } from './rows.js';

let database: TestDatabase;

/*
 *   seq | receipt at target 1        | at target 2
 *   10  | acknowledged               |
 *   20  |                            | acknowledged
 *   30  | dead                       |
 *   40  | waiting                    |
 *   50  | acknowledged, then waiting |
 *   60  | waiting, then acknowledged |
 *   70  |                            |
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert(
    'decisions',
    [10, 20, 30, 40, 50, 60, 70].map((seq) => decision(seq)),
  );
  await database.insert('receipts', [
    receipt(1, 10),
    receipt(2, 20),
    receipt(1, 30, dead),
    receipt(1, 40, waiting),
    receipt(1, 50),
    receipt(1, 60, waiting),
  ]);
  await database.insert('receipts', [
    receipt(1, 50, { ...waiting, version: 2 }),
    receipt(1, 60, { version: 2 }),
  ]);
});
afterAll(() => database.close());

const missing = async (since: number, until: number, limit = 10) => {
  const asked = { target: uuid(101), since, until, limit };
  return (await database.engine.query('targets/unreceipted_decisions', asked)).map(({ seq }) => seq);
};

test('answers decisions that are neither acknowledged nor dead at that target', async () => {
  expect(await missing(0, 100)).toEqual([20, 40, 50, 70]);
});

test('begins after the one place, ends with the other, and holds at most the limit', async () => {
  expect(await missing(20, 50)).toEqual([40, 50]);
  expect(await missing(0, 100, 2)).toEqual([20, 40]);
});
