import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, delivery, ids, uuid } from '../permissions/rows.js';

let database: TestDatabase;
const never = '1970-01-01T00:00:00.000Z';

/*
 *   person | delivered     | opened                    | clicked
 *   1      | 08:00, 10:00  | 11:00, 12:00 by a machine | 13:00 by a machine
 *   2      | 09:00         |                           |
 *   3      | 09:00         |                           |             (not asked about)
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const event = (id: string, time: string, type: string, flags: string[] = []) =>
    delivery(id, at(time), { id, type, flags });
  await database.insert('events', [event('1', '10:00', 'delivered'), event('2', '11:00', 'opened')]);
  await database.insert('events', [
    event('3', '08:00', 'delivered'),
    event('4', '12:00', 'opened', ['machine']),
    event('5', '13:00', 'clicked', ['machine']),
    delivery('m-6', at('09:00'), { person: uuid(2) }),
    delivery('m-7', at('09:00'), { person: uuid(3) }),
  ]);
});
afterAll(() => database.close());

test('tells the last of each kind over all inserts, and leaves machines out', async () => {
  const rows = await database.engine.query('events/engagement_by_person', { ids: ids(1, 2, 9) });
  expect(rows.sort((a, b) => (a.person < b.person ? -1 : 1))).toEqual([
    { person: uuid(1), last_delivered_at: at('10:00'), last_opened_at: at('11:00'), last_clicked_at: never },
    { person: uuid(2), last_delivered_at: at('09:00'), last_opened_at: never, last_clicked_at: never },
  ]);
});
