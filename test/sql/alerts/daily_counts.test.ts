import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { dayOf, rates } from './rows.js';

/*
 * Window [10 Nov, 12 Nov), active from 11 Nov, at least 50 deliveries. Delivered / opt-outs:
 *
 *   hour          | campaign | type  | segment    | counts
 *   9 Nov 23:00   | c        | offer | (everybody)| 900 / 9     too early
 *   10 Nov 00:00  | c        | offer | (everybody)| 100 / 1
 *   10 Nov 12:00  | c        | offer | (everybody)| 20  / 1     in another part
 *   11 Nov 23:00  | d        | news  | (everybody)| 40  / 2     too thin for campaign and type
 *   12 Nov 00:00  | d        | news  | (everybody)| 500 / 5     too late
 *   10 Nov 00:00  | c        | offer | plan:free  | 30  / 1     the segment is active, so this day counts, too
 *   11 Nov 10:00  | d        | news  | plan:free  | 60  / 0
 *   10 Nov 00:00  | c        | offer | plan:pro   | 70  / 0     not active on 11 Nov
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const later = { campaign: 'd', message_type: 'news' };
  await database.insert('rates', [
    rates('2026-11-09T23:00:00Z', 900, 9),
    rates('2026-11-10T00:00:00Z', 100, 1),
    rates('2026-11-11T23:00:00Z', 40, 2, later),
    rates('2026-11-12T00:00:00Z', 500, 5, later),
    rates('2026-11-10T00:00:00Z', 30, 1, { segment: 'plan:free' }),
    rates('2026-11-11T10:00:00Z', 60, 0, { segment: 'plan:free', ...later }),
    rates('2026-11-10T00:00:00Z', 70, 0, { segment: 'plan:pro' }),
  ]);
  await database.insert('rates', [rates('2026-11-10T12:00:00Z', 20, 1, { complaints: 3 })]);
});
afterAll(() => database.close());

const asked = (level: 'stream' | 'segment' | 'campaign' | 'message_type') =>
  database.engine.query('alerts/daily_counts', {
    level,
    from: new Date('2026-11-10T00:00:00Z'),
    to: new Date('2026-11-12T00:00:00Z'),
    active_from: new Date('2026-11-11T00:00:00Z'),
    least: 50,
  });
const row = (key: string, date: string, delivered: number, opt_outs: number, complaints = 0) => ({
  ...{ of_stream: 'news', key, on_day: dayOf(date), delivered, opt_outs, complaints },
});

test('counts a stream by UTC day, thin days too', async () => {
  expect(await asked('stream')).toEqual([row('', '2026-11-10', 120, 2, 3), row('', '2026-11-11', 40, 2)]);
});

test('counts all days of the segments that are active', async () => {
  expect(await asked('segment')).toEqual([
    row('plan:free', '2026-11-10', 30, 1),
    row('plan:free', '2026-11-11', 60, 0),
  ]);
});

test('counts campaigns and message types on days with enough deliveries', async () => {
  expect(await asked('campaign')).toEqual([row('c', '2026-11-10', 120, 2, 3)]);
  expect(await asked('message_type')).toEqual([row('offer', '2026-11-10', 120, 2, 3)]);
});
