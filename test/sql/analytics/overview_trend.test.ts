import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { attributed, decision, delivery } from './rows.js';

/*
 * 2026-11-16 is a Monday. Window [14 Nov 00:00, 17 Nov 00:00).
 *
 *   hour of delivery | segments | came of it
 *   Fri 13 Nov 23:00 | DE       |                     too early
 *   Sat 14 Nov 00:00 | DE, free | opt-out on 16 Nov   counts on the 14th
 *   Sat 14 Nov 07:00 | (none)   |
 *   Mon 16 Nov 23:00 | DE       | complaint
 *   Tue 17 Nov 00:00 | DE       |                     too late
 *   (none)           |          | opt-out on 15 Nov   unattributed: the 15th stays a gap
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const de = { segments: ['country:DE'] };
  await database.insert('events', [
    delivery('2026-11-13T23:59:59.999Z', de),
    delivery('2026-11-14T00:00:00.000Z', { segments: ['country:DE', 'plan:free'] }),
    delivery('2026-11-14T07:00:00.000Z'),
  ]);
  await database.insert('events', [
    delivery('2026-11-16T23:59:59.999Z', de),
    delivery('2026-11-17T00:00:00.000Z', de),
  ]);
  await database.insert('decisions', [
    decision(
      '2026-11-16T12:00:00.000Z',
      attributed('2026-11-14T00:00:00.000Z', { attributed_segments: ['country:DE', 'plan:free'] }),
    ),
    decision('2026-11-16T23:59:59.999Z', { type: 'complained', ...attributed('2026-11-16T23:59:59.999Z') }),
    decision('2026-11-15T12:00:00.000Z'),
  ]);
});
afterAll(() => database.close());

async function ask(bucket: 'hour' | 'day' | 'week') {
  const from = new Date('2026-11-14T00:00:00Z');
  const to = new Date('2026-11-17T00:00:00Z');
  const rows = await database.engine.query('analytics/overview_trend', { from, to, bucket });
  return rows.map((row) => [row.at, row.delivered, row.opt_outs, row.complaints]);
}

test('counts everybody once by the day of the delivery, and leaves days without one out', async () => {
  expect(await ask('day')).toEqual([
    ['2026-11-14T00:00:00Z', 2, 1, 0],
    ['2026-11-16T00:00:00Z', 1, 0, 1],
  ]);
});

test('cuts by the hour, and by weeks that start on Monday', async () => {
  expect(await ask('hour')).toEqual([
    ['2026-11-14T00:00:00Z', 1, 1, 0],
    ['2026-11-14T07:00:00Z', 1, 0, 0],
    ['2026-11-16T23:00:00Z', 1, 0, 1],
  ]);
  expect(await ask('week')).toEqual([
    ['2026-11-09T00:00:00Z', 2, 1, 0],
    ['2026-11-16T00:00:00Z', 1, 0, 1],
  ]);
});
