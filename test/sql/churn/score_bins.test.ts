import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { modelId, score, t0 } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('churn_scores', [
    score(1, 0.1),
    score(2, 0.2),
    score(3, 0.25),
    score(4, 0.9, { model: modelId(2) }),
  ]);
});
afterAll(() => database.close());

test('counts risks by bin, of one model', async () => {
  const rows = await database.engine.query('churn/score_bins', {
    ...{ t0: new Date(t0), model: modelId(1), cuts: [0.1, 0.2, 0.3] },
  });
  expect(rows).toEqual([
    { place: 1, subscriptions: 1 },
    { place: 2, subscriptions: 1 },
    { place: 3, subscriptions: 1 },
  ]);
});
