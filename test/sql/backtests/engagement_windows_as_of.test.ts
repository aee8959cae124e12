import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { delivery, uuid } from '../permissions/rows.js';

let database: TestDatabase;
const asked = Date.UTC(2026, 10, 11, 12);
const ago = (days: number): string => new Date(asked - days * 86_400_000).toISOString();

/*
 *   person | occurred (days before the question) | received
 *   1      | 6                                   | 6
 *   1      | 5                                   | a day after the question: it was not known then
 *   1      | 20                                  | 20
 *   2      | 3                                   | 3
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const event = (id: string, occurred: number, received: number, change = {}) =>
    delivery(id, ago(occurred), { id, received_at: ago(received), ...change });
  await database.insert('events', [
    event('1', 6, 6),
    event('2', 5, -1),
    event('3', 20, 20),
    event('4', 3, 3, { person: uuid(2) }),
    event('5', 2, 2, { person: uuid(2), type: 'opened', flags: ['machine'] }),
  ]);
});
afterAll(() => database.close());

test('counts what was known at the instant of each question', async () => {
  const rows = await database.engine.query('backtests/engagement_windows_as_of', {
    asked: `11\t${uuid(1)}\t${asked}\n12\t${uuid(1)}\t${asked - 10 * 86_400_000}\n13\t${uuid(2)}\t${asked}`,
  });
  const found = rows.map(({ number, sends_7d, sends_30d, opens_7d }) => [
    number,
    sends_7d,
    sends_30d,
    opens_7d,
  ]);
  expect(found.sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual([
    [11, 1, 2, 0],
    [12, 0, 1, 0],
    [13, 1, 1, 0],
  ]);
});
