import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision, delivery, none, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   event        | what                   | hash
 *   e-1          | decision 1             | h-1
 *   delivered m  | a delivery             | h m
 *   e'2 \ "x"    | decision 2             | h-2
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('decisions', [decision(1), decision(2, { event_id: `e'2 \\ "x"` })]);
  await database.insert('events', [delivery('m', at('10:00'))]);
});
afterAll(() => database.close());

test('knows the ids of decisions and of events, with the hash of what they said', async () => {
  const ids = ['e-1', 'delivered m', `e'2 \\ "x"`, 'e-9', 'e-'].join('\n');
  const rows = await database.engine.query('events/known_ids', { ids });
  expect(new Map(rows.map(({ id, ...row }) => [id, row]))).toEqual(
    new Map([
      ['e-1', { content_hash: 'h-1', decision: uuid(1001) }],
      ['delivered m', { content_hash: 'h m', decision: none }],
      [`e'2 \\ "x"`, { content_hash: 'h-2', decision: uuid(1002) }],
    ]),
  );
});

test('an id that was taken twice stands once', async () => {
  await database.insert('decisions', [decision(1)]);
  expect(await database.engine.query('events/known_ids', { ids: 'e-1' })).toHaveLength(1);
});
