import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, ids, subject, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   person | version | written
 *   1      | 5       | first
 *   1      | 3       | second: came late, is older
 *   2      | 1       | first
 *   3      | 1       | first, not asked about
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('subjects', [subject(1, 5, { email_id: uuid(50) }), subject(2, 1), subject(3, 1)]);
  await database.insert('subjects', [subject(1, 3, { email_id: uuid(51) })]);
});
afterAll(() => database.close());

test('answers each of these people once, in the newest version', async () => {
  const rows = await database.engine.query('subscribers/subjects_by_person', { ids: ids(1, 2, 9) });
  expect(rows.map(({ person, version }) => [person, version]).sort()).toEqual([
    [uuid(1), 5],
    [uuid(2), 1],
  ]);
  expect(rows.find(({ person }) => person === uuid(1))).toMatchObject({
    external_id: uuid(101),
    email_id: uuid(50),
    sealed: 'sealed 1.5',
    key_slot: 1,
    first_seen_at: at('08:00'),
  });
});
