import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, delivery, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   message | person | when  | what
 *   m-1     | 1      | 08:00 | opened
 *   m-2     | 1      | 09:00 | clicked
 *   m-3     | 1      | 09:30 | opened by a machine
 *   m-4     | 1      | 10:00 | opened
 *   m-5     | 2      | 09:00 | delivered only
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('events', [
    delivery('m-1', at('08:00'), { type: 'opened' }),
    delivery('m-2', at('09:00'), { type: 'clicked' }),
    delivery('m-3', at('09:30'), { type: 'opened', flags: ['machine'] }),
    delivery('m-4', at('10:00'), { type: 'opened' }),
    delivery('m-5', at('09:00'), { person: uuid(2) }),
  ]);
});
afterAll(() => database.close());

test('answers the last open or click at or before each instant, never a later one or a machine\u2019s', async () => {
  const questions = [
    [0, uuid(1), '07:59'],
    [1, uuid(1), '08:00'],
    [2, uuid(1), '09:45'],
    [3, uuid(1), '11:00'],
    [4, uuid(2), '11:00'],
  ] as const;
  const asked = questions.map(([number, person, time]) => `${number}\t${person}\t${Date.parse(at(time))}`);
  const rows = await database.engine.query('events/engagement_as_of', { asked: asked.join('\n') });
  expect(rows.sort((a, b) => a.number - b.number)).toEqual([
    { number: 1, engaged_at: at('08:00') },
    { number: 2, engaged_at: at('09:00') },
    { number: 3, engaged_at: at('10:00') },
  ]);
});
