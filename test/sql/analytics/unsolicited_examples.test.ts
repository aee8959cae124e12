import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('are the newest three of each kind, for everybody and for each segment, and none that was invited', async () => {
  const out = { unsolicited: true, segments: ['country:DE'], campaign: 'bf' };
  const five = [1, 2, 3, 4, 5].map((day) => decision(`2026-11-0${day}T00:00:00.000Z`, out));
  await database.insert('decisions', [
    ...five,
    decision('2026-11-06T00:00:00.000Z', { ...out, unsolicited: false }),
    decision('2026-11-02T00:00:00.000Z', { ...out, type: 'complained', trigger: 'complaint', segments: [] }),
  ]);
  const rows = await database.engine.query('analytics/unsolicited_examples', {
    from: new Date('2026-11-01T00:00:00Z'),
    to: new Date('2026-11-12T00:00:00Z'),
  });
  expect(rows.map((row) => [row.segment, row.kind, row.at.slice(0, 10), row.trigger, row.campaign])).toEqual([
    ['', 'complaint', '2026-11-02', 'complaint', 'bf'],
    ['', 'late', '2026-11-05', 'one_click_unsubscribe', 'bf'],
    ['', 'late', '2026-11-04', 'one_click_unsubscribe', 'bf'],
    ['', 'late', '2026-11-03', 'one_click_unsubscribe', 'bf'],
    ['country:DE', 'late', '2026-11-05', 'one_click_unsubscribe', 'bf'],
    ['country:DE', 'late', '2026-11-04', 'one_click_unsubscribe', 'bf'],
    ['country:DE', 'late', '2026-11-03', 'one_click_unsubscribe', 'bf'],
  ]);
  expect(rows[1]?.id).toBe(five[4]?.id);
});
