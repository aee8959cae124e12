import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, uuid } from '../permissions/rows.js';

let database: TestDatabase;
const trace = '[{"rule":"wide","matched":true,"detail":"all"}]';
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('decisions', [decision(1), { ...decision(2), ruleset: uuid(5), trace }]);
});
afterAll(() => database.close());

test('answers the version and the trace of that decision alone, and nothing for one that is not there', async () => {
  const ask = (id: string) => database.engine.query('backtests/trace_of_decision', { id });
  expect(await ask(uuid(1002))).toEqual([{ seq: 2, ruleset: uuid(5), trace }]);
  expect(await ask(uuid(7))).toEqual([]);
});
