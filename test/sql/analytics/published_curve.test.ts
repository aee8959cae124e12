import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { publishedCurves } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('published_curves', publishedCurves);
});
afterAll(() => database.close());

test('is the last one by then, and of two of a midnight the one that was known first', async () => {
  const at = (day: number) =>
    database.engine.query('analytics/published_curve', {
      ...{ stream: 'news', segment: '', as_of: new Date(Date.UTC(2026, 10, day)) },
    });
  expect(await at(10)).toEqual([]);
  expect(await at(11)).toEqual([
    { of: '2026-11-11T00:00:00.000Z', known: '2026-11-11T01:20:00.000Z', body: 'first' },
  ]);
  expect(await at(20)).toMatchObject([{ of: '2026-11-12T00:00:00.000Z', body: 'second' }]);
});
