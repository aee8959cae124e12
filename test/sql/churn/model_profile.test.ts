import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { model, modelId } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('churn_models', [
    model(1, { report: '{"profile":{"rows":3},"leaks":[]}' }),
    model(2),
  ]);
});
afterAll(() => database.close());

test('gives the profile as it was written, and nothing of a model from before', async () => {
  const of = (id: string) => database.engine.query('churn/model_profile', { id });
  expect(await of(modelId(1))).toEqual([{ profile: '{"rows":3}' }]);
  expect(await of(modelId(2))).toEqual([{ profile: '' }]);
  expect(await of(modelId(9))).toEqual([]);
});
