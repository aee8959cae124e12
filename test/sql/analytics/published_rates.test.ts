import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { attributed, decision, delivery } from './rows.js';

/*
 * Published on 12 Nov at 12:07 of 11 Nov 10:00 (two cells of everybody, one of DE) and 11:00 (nothing), and again an hour
 * later by somebody else, which does not count. Known now:
 *
 *   delivered | stream     | segment | came of it
 *   11 10:00  | promotions | DE      | opt-out asked 12:00 on 11 Nov, known then
 *   11 10:10  | promotions | DE      | opt-out asked 13:00 on 12 Nov                        later
 *   11 10:20  | promotions | -       | complaint asked 12:00 on 11 Nov, known on 13 Nov     late
 *   11 11:30  | news       | -       | not known then
 *   11 12:00  | promotions | DE      | opt-out asked 13:00 on 12 Nov: its hour was not published
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const de = { segments: ['country:DE'] };
  await database.insert('events', [
    delivery('2026-11-11T10:00:00.000Z', de),
    delivery('2026-11-11T10:10:00.000Z', de),
    delivery('2026-11-11T10:20:00.000Z'),
    delivery('2026-11-11T11:30:00.000Z', { stream: 'news' }),
    delivery('2026-11-11T12:00:00.000Z', de),
  ]);
  const asked = (at: string, deliveredAt: string, change: Record<string, unknown> = {}) =>
    decision(at, { ...attributed(`2026-11-11T${deliveredAt}:00.000Z`), ...change });
  const inDe = { attributed_segments: ['country:DE'] };
  await database.insert('decisions', [
    asked('2026-11-11T12:00:00.000Z', '10:00', inDe),
    asked('2026-11-12T13:00:00.000Z', '10:10', inDe),
    asked('2026-11-11T12:00:00.000Z', '10:20', {
      type: 'complained',
      received_at: '2026-11-13T00:00:00.000Z',
    }),
    asked('2026-11-12T13:00:00.000Z', '12:00', inDe),
  ]);
  const row = (
    hour: string,
    at: string,
    cells: [string, string, number, number, number][],
    stage = 'first',
  ) => ({
    ...{ stage, hour: `2026-11-11T${hour}:00.000Z`, as_of: at, known_at: at },
    segments: cells.map(([segment]) => segment),
    streams: cells.map(([, stream]) => stream),
    delivered: cells.map(([, , delivered]) => delivered),
    opt_outs: cells.map(([, , , optOuts]) => optOuts),
    complaints: cells.map(([, , , , complaints]) => complaints),
  });
  await database.insert('published_rates', [
    row('10:00', '2026-11-12T13:07:00.000Z', [['', 'promotions', 99, 9, 9]]),
    row('10:00', '2026-11-12T12:07:00.000Z', [
      ['', 'promotions', 3, 1, 0],
      ['', 'sms', 1, 0, 0],
      ['country:DE', 'promotions', 2, 1, 0],
    ]),
    row('11:00', '2026-11-12T12:07:00.000Z', []),
    row('12:00', '2026-11-12T12:07:00.000Z', [['', 'promotions', 5, 0, 0]], 'complete'),
  ]);
});
afterAll(() => database.close());

const window = { from: new Date('2026-11-11T00:00:00Z'), to: new Date('2026-11-12T00:00:00Z') };
const asked = (change: { segment?: string; stream?: string; bucket?: 'hour' | 'day' }) =>
  database.engine.query('analytics/published_rates', {
    ...{ segment: '', stream: '', bucket: 'day' as const, stage: 'first' as const, ...window },
    ...change,
  });

test('tells by hour what was published first, what is known now, and what of that came later or late', async () => {
  const clocks = {
    ...{ first_as_of: '2026-11-12T12:07:00.000Z', last_as_of: '2026-11-12T12:07:00.000Z' },
    ...{ first_known_at: '2026-11-12T12:07:00.000Z', last_known_at: '2026-11-12T12:07:00.000Z' },
  };
  expect(await asked({ bucket: 'hour' })).toEqual([
    {
      ...{ at: '2026-11-11T10:00:00Z', hours: 1, ...clocks, delivered: 4, opt_outs: 1, complaints: 0 },
      ...{ now_delivered: 3, now_opt_outs: 2, now_complaints: 1 },
      ...{ later_opt_outs: 1, later_complaints: 0, late_opt_outs: 0, late_complaints: 1 },
    },
    {
      ...{ at: '2026-11-11T11:00:00Z', hours: 1, ...clocks, delivered: 0, opt_outs: 0, complaints: 0 },
      ...{ now_delivered: 1, now_opt_outs: 0, now_complaints: 0 },
      ...{ later_opt_outs: 0, later_complaints: 0, late_opt_outs: 0, late_complaints: 0 },
    },
  ]);
});

test('tells by day of the hours that were published, of one segment and stream', async () => {
  expect(await asked({ segment: 'country:DE', stream: 'promotions' })).toMatchObject([
    {
      ...{ at: '2026-11-11T00:00:00Z', hours: 2, delivered: 2, opt_outs: 1, complaints: 0 },
      ...{ now_delivered: 2, now_opt_outs: 2, now_complaints: 0, later_opt_outs: 1, late_complaints: 0 },
    },
  ]);
  expect(await asked({ stream: 'news' })).toMatchObject([{ hours: 2, delivered: 0, now_delivered: 1 }]);
});
