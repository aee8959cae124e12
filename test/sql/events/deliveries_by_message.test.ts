import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, delivery, uuid } from '../permissions/rows.js';

const noId = '00000000-0000-0000-0000-000000000000';
let database: TestDatabase;

/*
 *   message | person | when
 *   m-1     | 1      | 10:00
 *   m-1     | 2      | 11:00  a message id that a sender used for a whole mailing: nobody in particular is meant
 *   m-2     | 3      | 10:00
 *   m-2     | 3      | 11:00  reported twice
 *   m-3     | 4      | 10:00  opened, never reported as delivered
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('events', [
    delivery('m-1', at('11:00'), { person: uuid(2), id: 'again' }),
    delivery('m-1', at('10:00')),
    delivery('m-2', at('10:00'), { person: uuid(3) }),
    delivery('m-2', at('11:00'), { person: uuid(3), id: 'twice' }),
    delivery('m-3', at('10:00'), { person: uuid(4), type: 'opened' }),
  ]);
});
afterAll(() => database.close());

test('leads from a message to whom it was delivered, and to nobody where it went to several people', async () => {
  const rows = await database.engine.query('events/deliveries_by_message', { ids: 'm-1\nm-2\nm-3\nm-9' });
  expect(rows.map(({ message_id, person, people }) => [message_id, person, people]).sort()).toEqual([
    ['m-1', noId, 2],
    ['m-2', uuid(3), 1],
  ]);
});
