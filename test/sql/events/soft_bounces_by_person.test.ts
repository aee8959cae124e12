import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, delivery, ids, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   person | soft bounces       | not counted
 *   1      | 09:00, 10:00 of two messages, 10:30 of the second again | 07:00 (before), 11:00 block, 12:00 delayed, 13:00 delivered
 *   2      | 09:00 without a trigger |
 *   3      | 09:00              | (not asked about)
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const bounce = (id: string, time: string, changes: object = {}) =>
    delivery(id, at(time), { id, type: 'bounced', trigger: 'soft_bounce', ...changes });
  await database.insert('events', [bounce('1', '09:00'), bounce('2', '10:00'), bounce('3', '07:00')]);
  await database.insert('events', [
    bounce('4', '11:00', { flags: ['block'] }),
    bounce('5', '12:00', { trigger: 'delivery_delayed' }),
    bounce('6', '13:00', { type: 'delivered', trigger: '' }),
    bounce('7', '09:00', { person: uuid(2), trigger: '' }),
    bounce('8', '09:00', { person: uuid(3) }),
    bounce('9', '10:30', { message_id: '2' }),
  ]);
});
afterAll(() => database.close());

test('counts messages that bounced softly since the instant, and neither blocks nor delays', async () => {
  const rows = await database.engine.query('events/soft_bounces_by_person', {
    ids: ids(1, 2, 9),
    since: new Date(at('08:00')),
  });
  expect(rows.sort((a, b) => (a.person < b.person ? -1 : 1))).toEqual([
    { person: uuid(1), channel: 'email', bounces: 2 },
    { person: uuid(2), channel: 'email', bounces: 1 },
  ]);
});
