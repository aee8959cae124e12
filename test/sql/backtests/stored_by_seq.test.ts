import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, uuid } from '../permissions/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('decisions', [
    decision(3, { facts: '{"a":3}', recorded: 1, past_opt_outs: 2 }),
    decision(1, { facts: '{"a":1}' }),
    decision(2),
  ]);
});
afterAll(() => database.close());

test('answers the decisions asked for, in their order', async () => {
  const rows = await database.engine.query('backtests/stored_by_seq', { seqs: '3\n1\n77' });
  expect(
    rows.map(({ seq, id, facts, recorded, past_opt_outs, risk_30d }) => [
      seq,
      id,
      facts,
      recorded,
      past_opt_outs,
      risk_30d,
    ]),
  ).toEqual([
    [1, uuid(1001), '{"a":1}', 0, 0, null],
    [3, uuid(1003), '{"a":3}', 1, 2, null],
  ]);
});
