import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, delivery, person } from '../analytics/rows.js';

let database: TestDatabase;
const noon = '2026-11-10T12:00:00.000Z';

/*
 *   person | asked at | names          | delivered | looked at again
 *   1      | noon     |                | 11:59     | yes
 *   2      | noon     |                | noon      | yes
 *   3      | noon     |                | 12:01     | no: it comes after
 *   4      | noon     | its delivery   | 12:01     | yes
 *   5      | noon     | another        | 12:01     | no
 *   6      |          |                | 11:59     | no
 *   7      | noon     |                |           | no
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const asked = (number: number, change: Record<string, unknown> = {}) =>
    decision(noon, { person: person(number), ...change });
  await database.insert('decisions', [
    ...[1, 2, 3, 7].map((number) => asked(number, { message_id: '' })),
    asked(4, { message_id: 'm-4' }),
  ]);
  await database.insert('decisions', [asked(5, { message_id: 'm-5', attributed_delivery: 'd-5' })]);
  await database.insert('events', [delivery(noon, { person: person(6) })]);
});
afterAll(() => database.close());

test('looks again at people whose requests a delivery may matter to', async () => {
  const deliveries = [
    [1, '11:59'],
    [2, '12:00'],
    [3, '12:01'],
    [4, '12:01'],
    [5, '12:01'],
    [6, '11:59'],
  ].map(
    ([number, time]) =>
      `${person(Number(number))}\t${Date.parse(`2026-11-10T${time}:00.000Z`)}\t${number === 5 ? 'm-x' : `m-${number}`}`,
  );
  const rows = await database.engine.query('opt-outs/people_to_recount', {
    deliveries: deliveries.join('\n'),
  });
  expect(rows.map((row) => row.person).sort()).toEqual([1, 2, 4].map(person));
});
