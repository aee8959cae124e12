import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, ids, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   seq | person | attributed to | counted anew
 *   1   | 1      | d-1           |
 *   2   | 1      |               | d-2
 *   3   | 2      | d-3           |
 *   4   | 1      | an opt-in: does not count
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('decisions', [
    decision(1, { attributed_delivery: 'd-1' }),
    decision(2),
    decision(3, { person: uuid(2), attributed_delivery: 'd-3' }),
    decision(4, { type: 'opted_in' }),
  ]);
  const [second] = await database.engine.rows<{ id: string }>(
    'second',
    'SELECT toString(decision) AS id FROM counted_requests WHERE seq = 2',
  );
  const change = { person: uuid(1), decision: second?.id, seq: 2, type: 'opted_out' };
  await database.insert('recounts', [
    { ...change, sign: -1, version: 1 },
    { ...change, sign: 1, version: 1, attributed_delivery: 'd-2' },
  ]);
});
afterAll(() => database.close());

test('names the delivery that each request of these people belongs to, as it was counted last', async () => {
  const rows = await database.engine.query('opt-outs/counted_by_person', { ids: ids(1, 9) });
  expect(rows.map(({ person, delivery }) => [person, delivery]).sort()).toEqual([
    [uuid(1), 'd-1'],
    [uuid(1), 'd-2'],
  ]);
});
