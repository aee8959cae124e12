import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';
import { incident } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('incidents', [incident(uuid(1), 2, at('10:00'))]);
  // Written later, and older.
  await database.insert('incidents', [incident(uuid(1), 1, at('10:00')), incident(uuid(2), 1, at('10:00'))]);
});
afterAll(() => database.close());

test('tells the newest version, and nothing of an incident that is not there', async () => {
  const asked = (id: string) => database.engine.query('alerts/incident_by_id', { id });
  expect(await asked(uuid(1))).toEqual([{ id: uuid(1), version: 2, body: 'v2' }]);
  expect(await asked(uuid(3))).toEqual([]);
});
