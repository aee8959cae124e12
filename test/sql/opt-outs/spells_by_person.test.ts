import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision, delivery, ids, uuid } from '../permissions/rows.js';

let database: TestDatabase;
const epoch = '1970-01-01T00:00:00.000Z';

/*
 *   person | stream     | delivered     | edges
 *   1      | promotions | 08:00, 09:00  |
 *   1      | news       | 08:00         | close 10:00, open 11:00 (written first)
 *   1      | texts      |               | open 09:00, close 09:00
 *   2      | promotions |               | close 10:00
 *   3      | promotions | 08:00         |                            (not asked about)
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('events', [
    delivery('m-1', at('09:00')),
    delivery('m-2', at('08:00')),
    delivery('m-3', at('08:00'), { stream: 'news' }),
    delivery('m-4', at('07:00'), { stream: 'never', type: 'opened' }),
    delivery('m-5', at('08:00'), { person: uuid(3) }),
  ]);
  const edge = (stream: string, kind: string, time: string) => ({
    stream,
    edge: kind,
    at: at(time),
    cause: 'opt_out',
  });
  await database.insert('decisions', [decision(1, { spell_edges: [edge('news', 'open', '11:00')] })]);
  await database.insert('decisions', [
    decision(2, {
      spell_edges: [
        edge('news', 'close', '10:00'),
        edge('texts', 'open', '09:00'),
        edge('texts', 'close', '09:00'),
      ],
    }),
    decision(3, { person: uuid(2), spell_edges: [edge('promotions', 'close', '10:00')] }),
  ]);
});
afterAll(() => database.close());

test('tells first exposure and last edge of each stream, and of the people asked about alone', async () => {
  const rows = await database.engine.query('opt-outs/spells_by_person', { ids: ids(1, 2) });
  const byPlace = new Map(rows.map(({ person, stream, ...row }) => [`${person.at(-1)} ${stream}`, row]));
  expect([...byPlace.keys()].sort()).toEqual(['1 news', '1 promotions', '1 texts', '2 promotions']);
  expect(byPlace.get('1 promotions')).toEqual({
    exposed: 1,
    first_exposed_at: at('08:00'),
    edges: 0,
    last_edge: '',
    last_edge_at: epoch,
  });
  expect(byPlace.get('1 news')).toMatchObject({
    exposed: 1,
    edges: 2,
    last_edge: 'open',
    last_edge_at: at('11:00'),
  });
  expect(byPlace.get('2 promotions')).toMatchObject({ exposed: 0, edges: 1, last_edge: 'close' });
});

test('of two edges in one instant the opening counts, as a re-opening follows what it undoes', async () => {
  const rows = await database.engine.query('opt-outs/spells_by_person', { ids: ids(1) });
  expect(rows.find(({ stream }) => stream === 'texts')).toMatchObject({ edges: 2, last_edge: 'open' });
});
