import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const row = (number: number) => ({
    id: uuid(number),
    number,
    rules: '[]',
    note: `version ${number}`,
    based_on: uuid(number - 1),
    created_at: at('09:00'),
    created_by: 'ada',
  });
  await database.insert('rulesets', [row(2)]);
  await database.insert('rulesets', [row(1)]);
});
afterAll(() => database.close());

test('answers every version as it was written, oldest first', async () => {
  const rows = await database.engine.query('rules/rulesets_all', {});
  expect(rows.map(({ id, number, based_on }) => [id, number, based_on])).toEqual([
    [uuid(1), 1, uuid(0)],
    [uuid(2), 2, uuid(1)],
  ]);
});
