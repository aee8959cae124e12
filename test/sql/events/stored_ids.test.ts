import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision, delivery, none, uuid } from '../permissions/rows.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('decisions', [decision(1), decision(2, { event_id: 'e-1' })]);
  await database.insert('events', [delivery('m', at('10:00'))]);
});
afterAll(() => database.close());

test('gives each row under which an event id was taken, with its decision', async () => {
  const rows = await database.engine.query('events/stored_ids', { ids: 'e-1\ndelivered m\ne-9' });
  const found = rows.map(({ id, decision: by, received_at }) => [
    id,
    by,
    Number.isNaN(Date.parse(received_at)),
  ]);
  expect(found.sort()).toEqual([
    ['delivered m', none, false],
    ['e-1', uuid(1001), false],
    ['e-1', uuid(1002), false],
  ]);
});
