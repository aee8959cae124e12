import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision } from '../permissions/rows.js';

let database: TestDatabase;
const recorded = { recorded: 1, reach_open: true, catalogue: 'c1' };

/*
 *   seq | what
 *   1   | promotions, ordered at 11:30: before the change of the catalogue at 11:45
 *   2   | promotions, ordered at 12:00: after it
 *   3   | the same again
 *   4   | another catalogue
 *   5   | the person chose: no rule was looked at
 *   6   | from before facts were recorded
 *   7   | an opt-in
 *   8   | received at the end of the window: not in it
 *   99  | later than what is known
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('decisions', [
    decision(1, { ...recorded, order_at: at('11:30') }),
    decision(2, recorded),
    decision(3, recorded),
    decision(4, { ...recorded, catalogue: 'c2' }),
    decision(5, { ...recorded, reach_open: false }),
    decision(6, {}),
    decision(7, { ...recorded, type: 'opted_in' }),
    decision(8, { ...recorded, received_at: at('13:00') }),
    decision(99, recorded),
  ]);
});
afterAll(() => database.close());

test('answers each place once for each catalogue and epoch of it', async () => {
  const rows = await database.engine.query('backtests/contexts', {
    from: new Date(at('11:00')),
    to: new Date(at('13:00')),
    known: 98,
    changes: [Date.parse(at('11:45'))],
  });
  expect(
    rows.map(({ catalogue, stream, epoch, example }) => [catalogue, stream, epoch, [2, 3].includes(example)]),
  ).toEqual([
    ['c1', 'promotions', 0, false],
    ['c1', 'promotions', 1, true],
    ['c2', 'promotions', 1, false],
  ]);
  expect(rows[0]?.first_order_at).toBe(at('11:30'));
});
