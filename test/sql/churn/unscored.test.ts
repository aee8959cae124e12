import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { person } from '../analytics/rows.js';
import { score, t0 } from './rows.js';

/*
 *   person | first delivery of news | consent  | score | since then
 *   1      | before                 |          | yes   |
 *   2      | after                  |          |       |
 *   3      |                        | after    |       |
 *   4      | after                  |          |       | left
 *   5      | after                  |          | yes, added by an earlier run
 *   6      | before, and after      |          |       |
 */
const [before, after] = ['2026-11-19T23:00:00.000Z', '2026-11-20T01:00:00.000Z'];
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const exposure = (who: number, at: string) => ({
    ...{ person: person(who), stream: 'news', first_at: at, last_at: at, deliveries: 1 },
  });
  const edge = (who: number, kind: string) => ({
    ...{ person: person(who), stream: 'news', at: after, edge: kind },
  });
  await database.insert('exposures', [
    exposure(1, before),
    exposure(2, after),
    exposure(4, after),
    exposure(5, after),
  ]);
  await database.insert('exposures', [exposure(6, before)]);
  await database.insert('exposures', [exposure(6, after)]);
  await database.insert('spell_edges', [edge(3, 'open'), edge(4, 'close')]);
  await database.insert('churn_scores', [score(1, 0.1), score(5, 0.2)]);
});
afterAll(() => database.close());

test('names who came since and has no score, and nobody who left again', async () => {
  const asked = { t0: new Date(t0), limit: 10 };
  const rows = await database.engine.query('churn/unscored', asked);
  expect(rows.map(({ unscored }) => unscored)).toEqual([person(2), person(3)]);
  expect(await database.engine.query('churn/unscored', { ...asked, limit: 1 })).toHaveLength(1);
});
