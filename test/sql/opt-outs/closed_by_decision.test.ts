import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision, ids, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   decision | person | edges
 *   1        | 1      | close promotions, close news
 *   2        | 1      | open promotions
 *   3        | 1      | close texts          (not asked about)
 *   4        | 2      | close promotions
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const edge = (stream: string, kind: string) => ({ stream, edge: kind, at: at('10:00'), cause: 'opt_out' });
  await database.insert('decisions', [
    decision(1, { spell_edges: [edge('promotions', 'close'), edge('news', 'close')] }),
    decision(2, { spell_edges: [edge('promotions', 'open')] }),
    decision(3, { spell_edges: [edge('texts', 'close')] }),
    decision(4, { person: uuid(2), spell_edges: [edge('promotions', 'close')] }),
  ]);
});
afterAll(() => database.close());

const ask = async (people: string, decisions: string) =>
  (await database.engine.query('opt-outs/closed_by_decision', { people, decisions }))
    .map(({ decision: id, stream }) => `${id.slice(-1)} ${stream}`)
    .sort();

test('names the streams that these decisions closed, not those that they opened', async () => {
  expect(await ask(ids(1, 2), ids(1001, 1002, 1004))).toEqual(['1 news', '1 promotions', '4 promotions']);
});

test('looks at these people alone', async () => {
  expect(await ask(ids(2), ids(1001, 1004))).toEqual(['4 promotions']);
  expect(await ask('', ids(1001))).toEqual([]);
});
