import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { delivery, person } from '../analytics/rows.js';
import { cover, mark, profiling } from './rows.js';

/*
 * At t0, 20 Nov 00:00. Deliveries are of `promotions` unless named.
 *
 *   person | deliveries                    | said                           | at t0
 *   1      | 1, 15, 19 Nov; news on 18 Nov | news: out on 19 Nov            | open, one opt-out elsewhere
 *   2      | 1 Nov                         | out on 10 Nov                  | not there
 *   3      | 1 Nov                         | out on 10 Nov, back on 12 Nov  | open since 12 Nov, came back
 *   4      | 1 Nov                         | out on 19 Nov, known on 21 Nov | open: nobody knew
 *   5      | 20 Nov 00:00                  |                                | not there yet
 *   6      | 1 Nov                         | no to profiling on 5 Nov       | not profiled
 */
const t0 = new Date('2026-11-20T00:00:00.000Z');
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const of = (who: number, at: string, change = {}) => delivery(at, { person: person(who), ...change });
  const day = (number: number, time = '00:00') =>
    `2026-11-${String(number).padStart(2, '0')}T${time}:00.000Z`;
  await database.insert('events', [
    of(1, day(1)),
    of(1, day(15), { message_id: 'm' }),
    of(1, day(19, '12:00'), { segments: ['country:DE', 'plan:free'] }),
    of(1, day(18), { stream: 'news' }),
    of(1, day(15, '06:00'), { type: 'opened', message_id: 'm' }),
    of(1, day(15, '07:00'), { type: 'opened', message_id: 'm' }),
    of(1, day(16), { type: 'opened', flags: ['machine'] }),
    of(1, day(15, '08:00'), {
      type: 'clicked',
      message_id: 'm',
      metadata: '{"url":"https://x.example/unsubscribe"}',
    }),
    of(1, day(15, '09:00'), { type: 'clicked', message_id: 'm' }),
    of(1, day(19), { type: 'clicked', received_at: day(21) }),
    ...[2, 3, 4, 6].map((who) => of(who, day(1))),
    of(5, day(20)),
  ]);
  await database.insert('spell_marks', [
    mark(day(19), 1, { selector: 'news' }),
    mark(day(10), 1, { person: person(2), subject: person(2) }),
    mark(day(10), 1, { person: person(3), subject: person(3) }),
    mark(day(12), 0, { person: person(3), subject: person(3) }),
    mark(day(19), 1, { person: person(4), subject: person(4), received_at: day(21) }),
  ]);
  await database.insert('statements', [profiling(6, 'opt_out', day(5))]);
});
afterAll(() => database.close());

const asked = (chunks = 1, chunk = 0) =>
  database.engine.query('churn/snapshot', { t0, ...cover, chunks, chunk });

test('has each open subscription as it was known, and nobody who left, came later or objects', async () => {
  const rows = await asked();
  expect(rows.map((row) => [row.person, row.stream, row.began_at.slice(0, 10), row.came_back])).toEqual([
    [person(1), 'promotions', '2026-11-01', 0],
    [person(3), 'promotions', '2026-11-12', 1],
    [person(4), 'promotions', '2026-11-01', 0],
  ]);
});

test('tells what was known of it: no machine, no link to leave, and nothing that arrived later', async () => {
  const [first] = await asked();
  expect(first).toMatchObject({
    ...{ tenure: 19, delivered_7: 2, delivered_28: 3, delivered_90: 3, delivered_7_all: 3, streams_open: 1 },
    ...{ days_since_delivery: 0.5, most_on_a_day_28: 1, opt_outs_elsewhere: 1, opt_outs_here: 0 },
    ...{ open_rate_28: 2 / 13, click_rate_28: 2 / 13, country: 'DE', plan: 'free', month: '11' },
    ...{ days_since_open: 4 + 17 / 24, days_since_click: 4 + 15 / 24, complaints_before: 0 },
  });
});

test('parts by person make the whole', async () => {
  const parts = await Promise.all([0, 1, 2].map((chunk) => asked(3, chunk)));
  const whole = await asked();
  expect(parts.flat().sort((a, b) => (a.person < b.person ? -1 : 1))).toEqual(whole);
});
