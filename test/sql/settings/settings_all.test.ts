import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   key     | version | value
 *   markets | 2       | ["DE"]
 *   markets | 1       | ["US"], written later
 *   demo    | 1       | true
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const row = (key: string, version: number, value: string) => ({
    key,
    version,
    value,
    changed_at: at('09:00'),
    changed_by: 'ada',
  });
  await database.insert('settings', [row('markets', 2, '["DE"]'), row('demo', 1, 'true')]);
  await database.insert('settings', [row('markets', 1, '["US"]')]);
});
afterAll(() => database.close());

test('answers each setting once, in its newest value', async () => {
  const known = { changed_at: at('09:00'), changed_by: 'ada' };
  expect(await database.engine.query('settings/settings_all', {})).toEqual([
    { key: 'demo', value: 'true', version: 1, ...known },
    { key: 'markets', value: '["DE"]', version: 2, ...known },
  ]);
});
