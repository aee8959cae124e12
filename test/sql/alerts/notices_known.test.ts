import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { ids, uuid } from '../permissions/rows.js';
import { notice } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('alert_notices', [notice(uuid(1)), notice(uuid(2), { state: 'dead' })]);
  await database.insert('alert_notices', [notice(uuid(1), { version: 2 })]);
});
afterAll(() => database.close());

test('tells each that is there once, dead ones too', async () => {
  expect(await database.engine.query('alerts/notices_known', { ids: ids(1, 2, 3) })).toEqual([
    { known: uuid(1) },
    { known: uuid(2) },
  ]);
});
