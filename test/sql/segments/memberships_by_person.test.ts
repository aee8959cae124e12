import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision, ids, uuid } from '../permissions/rows.js';
import { edge } from './rows.js';

let database: TestDatabase;

/*
 *   person | segment | edges in the order of seq           | now
 *   1      | vips    | entered, left, entered (version 3)  | in, since 12:00
 *   1      | fans    | entered, left                       | out
 *   2      | vips    | by decision 9: entered `vips@2`     | in
 *   3      | vips    | entered                             | (not asked about)
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('memberships', [
    edge(3, 1, { at: at('12:00'), version: 3, cause: 'sweep' }),
    edge(1, 1),
    edge(1, 1, { segment: 'fans' }),
    edge(5, 3),
  ]);
  await database.insert('memberships', [
    // Written last, decided earlier: the number counts.
    edge(2, 1, { edge: 'left', at: at('13:00') }),
    edge(2, 1, { segment: 'fans', edge: 'left', at: at('09:00') }),
  ]);
  await database.insert('decisions', [
    decision(9, { person: uuid(2), segments_entered: ['vips@2'], segments_left: ['fans@1'] }),
  ]);
});
afterAll(() => database.close());

test('tells in what people are now, since when and why; the edge with the highest number counts', async () => {
  const rows = await database.engine.query('segments/memberships_by_person', { ids: ids(1, 2, 8) });
  expect(rows).toEqual([
    { person: uuid(1), segment: 'vips', version: 3, at: at('12:00'), cause: 'sweep', cause_id: 'cause 3' },
    {
      person: uuid(2),
      segment: 'vips',
      version: 2,
      at: at('12:00'),
      cause: 'decision',
      cause_id: uuid(1009),
    },
  ]);
});
