import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, delivery, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   message | person | when
 *   m-1     | 1      | 10:00
 *   m-1     | 2      | 11:00  a message id that a sender used for a whole mailing: it was delivered to each of them
 *   m-2     | 3      | 10:00
 *   m-2     | 3      | 11:00  reported twice
 *   m-3     | 3      | 10:00  opened, never reported as delivered
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('events', [
    delivery('m-1', at('10:00'), { person: uuid(1) }),
    delivery('m-1', at('11:00'), { person: uuid(2), id: 'again' }),
    delivery('m-2', at('10:00'), { person: uuid(3) }),
    delivery('m-2', at('11:00'), { person: uuid(3), id: 'twice' }),
    delivery('m-3', at('10:00'), { person: uuid(3), type: 'opened' }),
  ]);
});
afterAll(() => database.close());

const pairs = async (ids: readonly string[], people: readonly string[]) => {
  const asked = { ids: ids.join('\n'), people: people.join('\n') };
  const rows = await database.engine.query('events/messages_of_people', asked);
  return rows.map(({ message_id, person }) => [message_id, person]).sort();
};

test('tells what was delivered to whom, once, although others got the same', async () => {
  expect(await pairs(['m-1', 'm-2', 'm-3', 'm-9'], [uuid(2), uuid(3), uuid(9)])).toEqual([
    ['m-1', uuid(2)],
    ['m-2', uuid(3)],
  ]);
});

test('finds nothing for somebody else, and nothing for nobody', async () => {
  expect(await pairs(['m-2'], [uuid(1)])).toEqual([]);
  expect(await pairs(['m-2'], [])).toEqual([]);
});
