import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, delivery, person } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const ask = () => database.engine.query('analytics/reach', {});

/** Runs first: nothing has been stored yet. */
test('reaches nobody in an empty database', async () => {
  expect(await ask()).toEqual([{ spells: 0, subscribers: 0, streams: 0 }]);
});

/*
 *   person | stream     | delivered | edges, in order of time                  | open
 *   1      | promotions | twice     |                                          | yes
 *   1      | news       | once      | close                                    | no
 *   2      | promotions | once      | close, open                              | yes
 *   2      | news       | never     | open                                     | yes
 *   3      | promotions | once      | open, close                              | no
 *   4      | alerts     | never     | close                                    | no
 *   5      | promotions | once, later than the close                           | no: a delivery opens nothing again
 *   6      | news       | once      | close and open at the same instant       | yes
 */
test('counts a spell whose last edge opens it, or that has an exposure and no edge', async () => {
  const news = { stream: 'news', channel: 'push', category: 'newsletter' };
  await database.insert('events', [
    delivery('2026-11-01T00:00:00.000Z'),
    delivery('2026-11-01T00:00:00.000Z', news),
    delivery('2026-11-01T00:00:00.000Z', { person: person(2) }),
    delivery('2026-11-01T00:00:00.000Z', { person: person(3) }),
    delivery('2026-11-01T00:00:00.000Z', { person: person(6), ...news }),
  ]);
  await database.insert('events', [
    delivery('2026-11-02T00:00:00.000Z'),
    delivery('2026-11-09T00:00:00.000Z', { person: person(5) }),
  ]);
  const edges = (number: number, ...spell_edges: [stream: string, edge: string, at: string][]) =>
    decision('2026-11-05T00:00:00.000Z', {
      person: person(number),
      spell_edges: spell_edges.map(([stream, edge, at]) => ({ stream, edge, at, cause: 'opt_out' })),
    });
  const early = '2026-11-03T00:00:00.000Z';
  const late = '2026-11-04T00:00:00.000Z';
  // The later edge arrives first: not the order of arrival decides.
  await database.insert('decisions', [edges(2, ['promotions', 'open', late], ['news', 'open', late])]);
  await database.insert('decisions', [
    edges(1, ['news', 'close', early]),
    edges(2, ['promotions', 'close', early]),
    edges(3, ['promotions', 'open', early], ['promotions', 'close', late]),
    edges(4, ['alerts', 'close', early]),
    edges(5, ['promotions', 'close', early]),
    edges(6, ['news', 'open', late], ['news', 'close', late]),
  ]);
  expect(await ask()).toEqual([{ spells: 4, subscribers: 3, streams: 2 }]);
});

test('agrees with what decisions take for open', async () => {
  const ids = [1, 2, 3, 4, 5, 6].map(person).join('\n');
  const rows = await database.engine.query('opt-outs/spells_by_person', { ids });
  const open = rows.filter((row) => (row.edges > 0 ? row.last_edge === 'open' : row.exposed !== 0));
  expect(await ask()).toEqual([
    {
      spells: open.length,
      subscribers: new Set(open.map((row) => row.person)).size,
      streams: new Set(open.map((row) => row.stream)).size,
    },
  ]);
});
