import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { model, modelId } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('churn_models', [model(1), model(2)]);
  const event = (number: number, at: string, what: string) => ({
    ...{ model: modelId(number), at, event: what, by: 'ada', why: `${what} ${number}` },
  });
  await database.insert('churn_model_events', [
    event(1, '2026-11-13T00:00:00.123Z', 'rolled_back'),
    event(1, '2026-11-12T00:00:00.000Z', 'promoted'),
  ]);
});
afterAll(() => database.close());

test('tells the latest first, each with what became of it in order', async () => {
  const rows = await database.engine.query('churn/models', {});
  expect(rows.map(({ model: id, events, whys }) => [id, events, whys])).toEqual([
    [modelId(2), [], []],
    [modelId(1), ['promoted', 'rolled_back'], ['promoted 1', 'rolled_back 1']],
  ]);
  expect(rows[1]?.ats.map((at) => new Date(at).toISOString())).toEqual([
    '2026-11-12T00:00:00.000Z',
    '2026-11-13T00:00:00.123Z',
  ]);
});
