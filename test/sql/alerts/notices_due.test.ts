import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';
import { notice } from './rows.js';

/* 1 is due, 2 not yet, 3 was taken meanwhile, 4 is given up, 5 is due and older. */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('alert_notices', [
    notice(uuid(1)),
    notice(uuid(2), { next_at: at('12:01') }),
    notice(uuid(3)),
    notice(uuid(4), { state: 'dead' }),
    notice(uuid(5), { made_at: at('09:00'), next_at: at('12:00'), attempts: 3 }),
  ]);
  await database.insert('alert_notices', [notice(uuid(3), { version: 2, state: 'acknowledged' })]);
});
afterAll(() => database.close());

test('tells what waits and is due, the oldest first', async () => {
  const rows = await database.engine.query('alerts/notices_due', { now: new Date(at('12:00')), most: 10 });
  expect(rows.map(({ id, attempts }) => [id, attempts])).toEqual([
    [uuid(5), 3],
    [uuid(1), 0],
  ]);
});
