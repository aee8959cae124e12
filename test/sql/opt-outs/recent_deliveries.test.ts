import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, delivery, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   message | person | when   | what
 *   m-1     | 1      | 09:59  | delivered, just too early
 *   m-2     | 1      | 10:00  | delivered
 *   m-3     | 1      | 11:00  | opened
 *   m-4     | 2      | 11:00  | delivered
 *   m-5     | 3      | 11:00  | delivered, to somebody who was not asked about
 *   m-6     | 2      | 01:00  | delivered, early
 *   m-7     | 2      | 12:01  | delivered, just too late
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('events', [
    delivery('m-1', at('09:59')),
    delivery('m-2', at('10:00')),
    delivery('m-3', at('11:00'), { type: 'opened' }),
    delivery('m-4', at('11:00'), { person: uuid(2) }),
    delivery('m-5', at('11:00'), { person: uuid(3) }),
    delivery('m-6', at('01:00'), { person: uuid(2) }),
    delivery('m-7', at('12:01'), { person: uuid(2) }),
  ]);
});
afterAll(() => database.close());

const ask = async (messages: string) => {
  const window = `${Date.parse(at('10:00'))}\t${Date.parse(at('12:00'))}`;
  const windows = `${uuid(1)}\t${window}\n${uuid(2)}\t${window}`;
  return database.engine.query('opt-outs/recent_deliveries', { windows, messages });
};

test('answers the deliveries of these people in their windows, both ends included', async () => {
  expect((await ask('')).map(({ message_id }) => message_id).sort()).toEqual(['m-2', 'm-4']);
});

test('answers an older delivery that a request names, but not one to somebody else', async () => {
  expect((await ask('m-6\nm-5')).map(({ message_id }) => message_id).sort()).toEqual(['m-2', 'm-4', 'm-6']);
});

test('says what attribution needs', async () => {
  expect((await ask('')).find(({ message_id }) => message_id === 'm-2')).toEqual({
    id: expect.any(String),
    audience: '',
    person: uuid(1),
    message_id: 'm-2',
    stream: 'promotions',
    channel: 'email',
    campaign: 'bf',
    message_type: 'offer',
    occurred_at: at('10:00'),
    segments: ['plan:free'],
  });
});
