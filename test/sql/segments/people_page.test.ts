import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { none, subject, uuid } from '../permissions/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('subjects', [subject(3, 1), subject(1, 1), subject(2, 1)]);
  await database.insert('subjects', [subject(1, 2)]);
});
afterAll(() => database.close());

test('pages through everybody once, by id', async () => {
  const page = (after: string) => database.engine.query('segments/people_page', { after, limit: 2 });
  expect(await page(none)).toEqual([{ person: uuid(1) }, { person: uuid(2) }]);
  expect(await page(uuid(2))).toEqual([{ person: uuid(3) }]);
});
