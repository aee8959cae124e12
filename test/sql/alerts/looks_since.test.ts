import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at } from '../permissions/rows.js';

/* The look at 12:00 was written twice, the one at 09:00 lies before. */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const look = (bucket: string, kind = 'day') => ({ kind, bucket, tests: 40, alarms: 1, looked_at: bucket });
  await database.insert('alert_looks', [look(at('09:00')), look(at('12:00'))]);
  await database.insert('alert_looks', [look(at('12:00')), look(at('12:00'), 'complaints')]);
});
afterAll(() => database.close());

test('tells each look once', async () => {
  expect(await database.engine.query('alerts/looks_since', { since: new Date(at('10:00')) })).toEqual([
    { kind: 'complaints', bucket: at('12:00'), most_tests: 40, most_alarms: 1 },
    { kind: 'day', bucket: at('12:00'), most_tests: 40, most_alarms: 1 },
  ]);
});
