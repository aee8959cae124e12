import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { uuid } from '../permissions/rows.js';
import { dead, receipt } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('receipts', [
    receipt(1, 10, dead),
    receipt(1, 20, dead),
    receipt(1, 30, dead),
    receipt(2, 10),
    receipt(2, 20, dead),
    receipt(3, 10),
  ]);
  await database.insert('receipts', [
    receipt(1, 30, { version: 2 }),
    receipt(2, 10, { ...dead, version: 2 }),
  ]);
});
afterAll(() => database.close());

test('counts what is dead still, by target', async () => {
  expect(await database.engine.query('targets/dead_by_target', {})).toEqual([
    { target: uuid(101), dead: 2 },
    { target: uuid(102), dead: 2 },
  ]);
});
