import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, none, uuid } from '../permissions/rows.js';
import { edge } from './rows.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('memberships', [
    edge(1, 3),
    edge(2, 1),
    edge(3, 2),
    edge(4, 4),
    edge(5, 9, { segment: 'fans' }),
  ]);
  await database.insert('memberships', [edge(6, 2, { edge: 'left' }), edge(7, 4, { edge: 'left' })]);
  await database.insert('memberships', [edge(8, 4, { at: at('12:00') })]);
});
afterAll(() => database.close());

test('pages through those who are in it now, by id', async () => {
  const page = (after: string) =>
    database.engine.query('segments/members_page', { segment: 'vips', after, limit: 2 });
  expect(await page(none)).toEqual([
    { person: uuid(1), at: at('10:00') },
    { person: uuid(3), at: at('10:00') },
  ]);
  expect(await page(uuid(3))).toEqual([{ person: uuid(4), at: at('12:00') }]);
  expect(await page(uuid(4))).toEqual([]);
});
