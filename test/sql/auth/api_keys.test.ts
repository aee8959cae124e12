import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   id | created | versions
 *   b  | 09:00   | 1, 2 revoked
 *   a  | 10:00   | 1
 *   c  | 09:00   | 1
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const row = (id: string, time: string, version: number, revoked: boolean) => ({
    id,
    name: `key ${id}`,
    hash: `hash ${id}`,
    scopes: ['read', 'send'],
    created_at: at(time),
    version,
    revoked,
  });
  await database.insert('api_keys', [row('a', '10:00', 1, false), row('b', '09:00', 2, true)]);
  await database.insert('api_keys', [row('b', '09:00', 1, false), row('c', '09:00', 1, false)]);
});
afterAll(() => database.close());

test('answers each key in its newest version, revoked ones too, oldest first', async () => {
  const rows = await database.engine.query('auth/api_keys', {});
  expect(rows.map(({ id, version, revoked }) => [id, version, revoked])).toEqual([
    ['b', 2, true],
    ['c', 1, false],
    ['a', 1, false],
  ]);
  expect(rows[2]).toMatchObject({
    name: 'key a',
    hash: 'hash a',
    scopes: ['read', 'send'],
    created_at: at('10:00'),
  });
});
