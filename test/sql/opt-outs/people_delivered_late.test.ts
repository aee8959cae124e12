import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, delivery, person } from '../analytics/rows.js';

let database: TestDatabase;
const at = (hour: number) => new Date(Date.UTC(2026, 10, 10, hour)).toISOString();

/*
 *   person | asked, received | delivered | received | late
 *   1      | 12              | 11        | 13       | yes
 *   2      | 12              | 11        | 11       | no: it was known
 *   3      | 12              | 13        | 14       | no: it comes after
 *   4      | 12              | 5         | 8, before the time asked about | no
 *   5      |                 | 11        | 13       | no
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert(
    'decisions',
    [1, 2, 3, 4].map((number) => decision(at(12), { person: person(number) })),
  );
  await database.insert(
    'events',
    [
      [1, 11, 13],
      [2, 11, 11],
      [3, 13, 14],
      [4, 5, 8],
      [5, 11, 13],
    ].map(([number = 0, hour = 0, received = 0]) =>
      delivery(at(hour), { person: person(number), received_at: at(received) }),
    ),
  );
});
afterAll(() => database.close());

test('finds people of whom a delivery arrived after a request that it came before', async () => {
  const rows = await database.engine.query('opt-outs/people_delivered_late', { since: new Date(at(10)) });
  expect(rows).toEqual([{ person: person(1) }]);
});
