import { churnFeatures } from '@secateur/models/churn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { person } from '../analytics/rows.js';
import { t0 } from './rows.js';

const row = (who: number, change: object) => ({ t0, person: person(who), stream: 'news', ...change });
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('churn_rows', [
    row(1, { tenure: 5, days_since_open: 2, plan: 'free' }),
    row(2, { tenure: 10, days_since_open: null, plan: 'free' }),
    row(3, { tenure: 10.5, days_since_open: 9, plan: 'team' }),
    row(4, { tenure: 30, days_since_open: 9, plan: '' }),
    row(5, { t0: '2026-11-19T00:00:00.000Z', tenure: 1 }),
  ]);
});
afterAll(() => database.close());

const asked = (cuts: Record<string, number[]>, levels: Record<string, string[]>) =>
  database.engine.query('churn/feature_bins', { t0: new Date(t0), cuts, levels });

test('counts subscriptions by bin: the upper cut is inside, missing is 0', async () => {
  const rows = await asked({ tenure: [10, 20], days_since_open: [5] }, { plan: ['free', 'pro'] });
  const of = (name: string) =>
    rows.flatMap(({ feature, place, subscriptions }) => (feature === name ? [[place, subscriptions]] : []));
  expect(of('tenure')).toEqual([
    [1, 2],
    [2, 1],
    [3, 1],
  ]);
  expect(of('days_since_open')).toEqual([
    [0, 1],
    [1, 1],
    [2, 2],
  ]);
  expect(of('plan')).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

test('has every feature but the season', async () => {
  const names = new Set((await asked({}, {})).map(({ feature }) => feature));
  const all = churnFeatures.map(({ name }) => name).filter((name) => name !== 'month');
  expect([...names].sort()).toEqual([...all].sort());
});
