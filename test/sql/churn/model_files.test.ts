import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { model, modelId } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('churn_models', [model(1), model(2)]);
});
afterAll(() => database.close());

test('has the files of one model, and none of what is unknown', async () => {
  const files = (number: number) => database.engine.query('churn/model_files', { id: modelId(number) });
  expect(await files(2)).toEqual([{ model_json: 'm2', scaling: 's2', weights: 'w2' }]);
  expect(await files(3)).toEqual([]);
});
