import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { modelId } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('is none before the first, and then the one of the latest instant', async () => {
  const latest = () => database.engine.query('churn/latest_scoring', {});
  expect(await latest()).toEqual([]);
  const scoring = (day: number, number: number) => ({
    ...{ t0: `2026-11-${day}T00:00:00.000Z`, model: modelId(number), subscriptions: number },
    scored_at: '2026-11-25T00:00:00.000Z',
  });
  await database.insert('churn_scorings', [scoring(20, 1), scoring(19, 2)]);
  expect(await latest()).toMatchObject([
    { t0: '2026-11-20T00:00:00.000Z', its_model: modelId(1), subscriptions: 1 },
  ]);
});
