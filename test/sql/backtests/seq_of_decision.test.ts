import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, uuid } from '../permissions/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('decisions', [decision(1), decision(2)]);
});
afterAll(() => database.close());

test('answers the number of that decision alone, and nothing for one that is not there', async () => {
  expect(await database.engine.query('backtests/seq_of_decision', { id: uuid(1002) })).toEqual([{ seq: 2 }]);
  expect(await database.engine.query('backtests/seq_of_decision', { id: uuid(7) })).toEqual([]);
});
