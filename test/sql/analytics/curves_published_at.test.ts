import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { publishedCurves } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('published_curves', publishedCurves);
});
afterAll(() => database.close());

test('tells each stream and segment of that midnight once', async () => {
  const asOf = new Date('2026-11-11T00:00:00Z');
  expect(await database.engine.query('analytics/curves_published_at', { as_of: asOf })).toEqual([
    { of_stream: '', of_segment: 'plan:free' },
    { of_stream: 'news', of_segment: '' },
  ]);
});
