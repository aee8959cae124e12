import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { publishedCurves } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('published_curves', publishedCurves);
});
afterAll(() => database.close());

test('tells each midnight once, the latest first', async () => {
  const days = (limit: number) =>
    database.engine.query('analytics/published_curve_days', { stream: 'news', segment: '', limit });
  expect(await days(9)).toEqual([{ of: '2026-11-12T00:00:00.000Z' }, { of: '2026-11-11T00:00:00.000Z' }]);
  expect(await days(1)).toEqual([{ of: '2026-11-12T00:00:00.000Z' }]);
});
