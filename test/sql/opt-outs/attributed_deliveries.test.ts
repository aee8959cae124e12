import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, ids, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   seq | person | attributed to
 *   1   | 1      | d-1
 *   2   | 1      | d-1, by another opt-out
 *   3   | 1      |
 *   4   | 2      | d-2
 *   5   | 3      | d-3
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('decisions', [
    decision(1, { attributed_delivery: 'd-1' }),
    decision(2, { attributed_delivery: 'd-1' }),
    decision(3),
    decision(4, { person: uuid(2), attributed_delivery: 'd-2' }),
    decision(5, { person: uuid(3), attributed_delivery: 'd-3' }),
  ]);
});
afterAll(() => database.close());

test('names each delivery once that an opt-out of these people belongs to already', async () => {
  const rows = await database.engine.query('opt-outs/attributed_deliveries', { ids: ids(1, 2, 9) });
  expect(rows.map(({ person, delivery }) => [person, delivery]).sort()).toEqual([
    [uuid(1), 'd-1'],
    [uuid(2), 'd-2'],
  ]);
});
