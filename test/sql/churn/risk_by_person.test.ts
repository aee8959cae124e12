import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { person } from '../analytics/rows.js';
import { modelId, profiling, score, t0 } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const earlier = { t0: '2026-11-19T00:00:00.000Z' };
  await database.insert('churn_scores', [
    score(1, 0.1),
    score(1, 0.4, { stream: 'offers' }),
    score(1, 0.9, earlier),
    score(2, 0.3),
    score(3, 0.3),
  ]);
  await database.insert('churn_scorings', [
    { t0, model: modelId(1), scored_at: t0, subscriptions: 4 },
    { ...earlier, model: modelId(1), scored_at: t0, subscriptions: 1 },
  ]);
  await database.insert('statements', [
    profiling(2, 'opt_out', '2026-11-21T00:00:00.000Z'),
    profiling(3, 'opt_out', '2026-11-21T00:00:00.000Z'),
    { ...profiling(3, 'opt_in', '2026-11-22T00:00:00.000Z'), id: person(990) },
  ]);
});
afterAll(() => database.close());

test('is the highest of the latest scoring, and none of who objects', async () => {
  const ids = [1, 2, 3, 4].map(person).join('\n');
  expect(await database.engine.query('churn/risk_by_person', { ids })).toEqual([
    { person: person(1), highest_30d: 0.4 },
    { person: person(3), highest_30d: 0.3 },
  ]);
});
