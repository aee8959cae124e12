import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { modelId } from './rows.js';

const counted = (at: string, feature: string, place: number, subscriptions: number, model = 1) => ({
  ...{ t0: `2026-11-${at}:00.000Z`, model: modelId(model), feature, place, subscriptions },
});
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('churn_bin_history', [
    counted('18T03:40', 'tenure', 1, 10),
    counted('18T03:40', 'tenure', 2, 90),
    counted('19T03:40', 'tenure', 1, 20),
    counted('19T03:40', 'risk', 1, 100),
    // Scored anew by hand, of another model, and long ago.
    counted('19T16:00', 'tenure', 1, 900),
    counted('18T03:40', 'tenure', 1, 700, 2),
    counted('01T03:40', 'tenure', 1, 800),
  ]);
});
afterAll(() => database.close());

test('averages the days that were scored, each by its first scoring', async () => {
  const asked = { model: modelId(1), since: new Date('2026-11-13T00:00:00.000Z') };
  expect(await database.engine.query('churn/bins_lately', asked)).toEqual([
    { feature: 'risk', place: 1, per_day: 50, days: 2 },
    { feature: 'tenure', place: 1, per_day: 15, days: 2 },
    { feature: 'tenure', place: 2, per_day: 45, days: 2 },
  ]);
  expect(await database.engine.query('churn/bins_lately', { ...asked, model: modelId(9) })).toEqual([]);
});
