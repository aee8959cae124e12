import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { modelId } from './rows.js';

const told = (day: number, stream: string, change: object = {}) => ({
  ...{ t0: `2026-11-${day}T03:40:00.000Z`, model: modelId(1), segment: '', stream, people: 100 },
  ...{ mean_risk_30d: 0.1, expected_7d: day / 10, expected_30d: 9, ...change },
});
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('churn_risk_history', [
    told(18, 'offers'),
    told(18, 'news'),
    told(19, 'news'),
    told(10, 'news'),
    told(19, '', { people: 200 }),
    told(19, 'news', { segment: 'plan:free' }),
    told(20, 'news', { model: modelId(2) }),
  ]);
});
afterAll(() => database.close());

test('tells what one model forecast of each stream, scoring by scoring', async () => {
  const since = new Date('2026-11-15T00:00:00.000Z');
  const rows = await database.engine.query('churn/forecasts', { model: modelId(1), since });
  expect(rows).toEqual([
    { t0: '2026-11-18T03:40:00.000Z', of_stream: 'news', subscriptions: 100, expected: 1.8 },
    { t0: '2026-11-18T03:40:00.000Z', of_stream: 'offers', subscriptions: 100, expected: 1.8 },
    { t0: '2026-11-19T03:40:00.000Z', of_stream: 'news', subscriptions: 100, expected: 1.9 },
  ]);
});
