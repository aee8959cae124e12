import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { rates } from './rows.js';

/* Window [10 Nov 12:00, 11 Nov 12:00). Everybody counts once; the rows of segments count nobody again. */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('rates', [
    rates('2026-11-10T11:00:00Z', 1000, 0, { complaints: 9 }),
    rates('2026-11-10T12:00:00Z', 100, 0, { complaints: 2 }),
    rates('2026-11-11T11:00:00Z', 200, 0, { complaints: 1, campaign: 'd' }),
    rates('2026-11-11T11:00:00Z', 200, 0, { complaints: 1, segment: 'plan:free' }),
    rates('2026-11-11T12:00:00Z', 1000, 0, { complaints: 9 }),
    rates('2026-11-11T02:00:00Z', 50, 0, { stream: 'offers' }),
  ]);
});
afterAll(() => database.close());

test('sums deliveries of the window and their complaints by stream', async () => {
  const from = new Date('2026-11-10T12:00:00Z');
  const to = new Date('2026-11-11T12:00:00Z');
  expect(await database.engine.query('alerts/recent_complaints', { from, to })).toEqual([
    { of_stream: 'news', delivered: 300, complaints: 3 },
    { of_stream: 'offers', delivered: 50, complaints: 0 },
  ]);
});
