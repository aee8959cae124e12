import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   name | versions
 *   bob  | 1
 *   ada  | 1, 2 with a new password
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const row = (name: string, version: number) => ({
    name,
    password: `hash ${version}`,
    roles: ['admin'],
    sessions_valid_from: at('09:00'),
    version,
  });
  await database.insert('users', [row('bob', 1), row('ada', 2)]);
  await database.insert('users', [row('ada', 1)]);
});
afterAll(() => database.close());

test('answers each user in the newest version, by name', async () => {
  const user = { roles: ['admin'], sessions_valid_from: at('09:00') };
  expect(await database.engine.query('auth/users', {})).toEqual([
    { name: 'ada', password: 'hash 2', version: 2, ...user },
    { name: 'bob', password: 'hash 1', version: 1, ...user },
  ]);
});
