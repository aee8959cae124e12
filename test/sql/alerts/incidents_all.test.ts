import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';
import { incident } from './rows.js';

/* Incident 1 is old and open, 2 old and resolved, 3 new and resolved. */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const old = '2025-01-01T00:00:00.000Z';
  await database.insert('incidents', [
    incident(uuid(1), 1, old),
    incident(uuid(2), 1, old),
    incident(uuid(3), 1, at('10:00')),
  ]);
  await database.insert('incidents', [
    incident(uuid(2), 2, old, { is_open: false }),
    incident(uuid(3), 2, at('10:00'), { is_open: false }),
  ]);
});
afterAll(() => database.close());

test('tells open ones whatever their age, and others since a time, each in its newest version', async () => {
  const asked = { since: new Date('2026-01-01T00:00:00Z'), most: 10 };
  expect(await database.engine.query('alerts/incidents_all', asked)).toEqual([
    { id: uuid(3), version: 2, body: 'v2' },
    { id: uuid(1), version: 1, body: 'v1' },
  ]);
  expect(await database.engine.query('alerts/incidents_all', { ...asked, most: 1 })).toHaveLength(1);
});
