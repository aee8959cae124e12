import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { modelId } from './rows.js';

const told = (at: string, risk: number, change: object = {}) => ({
  ...{ t0: `2026-11-${at}:00.000Z`, model: modelId(1), segment: 'plan:free', stream: 'news', people: 50 },
  ...{ mean_risk_30d: risk, expected_7d: 1, expected_30d: 4, ...change },
});
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('churn_risk_history', [
    told('18T03:40', 0.1),
    told('19T03:40', 0.2),
    // Scored anew by hand: the last of a day counts.
    told('19T16:00', 0.3, { people: 60, model: modelId(2) }),
    told('01T03:40', 0.9),
    told('19T03:40', 0.5, { segment: 'plan:pro' }),
    told('19T03:40', 0.6, { stream: 'offers' }),
    told('19T03:40', 0.7, { segment: '', stream: '' }),
  ]);
});
afterAll(() => database.close());

test('tells what was told day by day, of the pairs that are asked for', async () => {
  const since = new Date('2026-11-10T00:00:00.000Z');
  const rows = await database.engine.query('churn/risk_history', {
    ...{ since, segments: ['plan:free', ''], streams: ['news', ''] },
  });
  expect(rows).toEqual([
    { segment: '', stream: '', day: '2026-11-19', mean_risk: 0.7, subscriptions: 50 },
    { segment: 'plan:free', stream: 'news', day: '2026-11-18', mean_risk: 0.1, subscriptions: 50 },
    { segment: 'plan:free', stream: 'news', day: '2026-11-19', mean_risk: 0.3, subscriptions: 60 },
  ]);
  expect(await database.engine.query('churn/risk_history', { since, segments: [], streams: [] })).toEqual([]);
});
