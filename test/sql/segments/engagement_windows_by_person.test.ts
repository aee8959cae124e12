import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { delivery, uuid } from '../permissions/rows.js';

let database: TestDatabase;
const asked = Date.UTC(2026, 10, 11, 12);
const ago = (days: number, ms = 0): string => new Date(asked - days * 86_400_000 + ms).toISOString();

/*
 *   person | stream     | what                 | when (days before the question)
 *   1      | promotions | delivered            | 7 (too old by nothing: the first instant is left out), 6, 0
 *   1      | promotions | delivered            | 1 ms after the question
 *   1      | promotions | opened               | 29 by a person, 1 by a machine
 *   1      | news       | clicked              | 89
 *   1      | news       | bounced              | 1
 *   2      | promotions | delivered            | 5 before person 1's question; asked 30 days earlier, so not yet
 *   3      | promotions | delivered            | 1 (not asked about)
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const event = (id: string, when: string, change: Record<string, unknown> = {}) =>
    delivery(id, when, { id, ...change });
  await database.insert('events', [
    event('1', ago(7)),
    event('2', ago(6)),
    event('3', ago(0)),
    event('4', ago(0, 1)),
    event('5', ago(29), { type: 'opened' }),
    event('6', ago(1), { type: 'opened', flags: ['machine'] }),
    event('7', ago(89), { type: 'clicked', stream: 'news', category: 'newsletter' }),
    event('8', ago(1), { type: 'bounced', stream: 'news', category: 'newsletter' }),
    event('9', ago(5), { person: uuid(2) }),
    event('10', ago(1), { person: uuid(3) }),
  ]);
});
afterAll(() => database.close());

test('counts by person and stream to the instant asked for, machines left out', async () => {
  const rows = await database.engine.query('segments/engagement_windows_by_person', {
    asked: `${uuid(1)}\t${asked}\n${uuid(2)}\t${asked - 30 * 86_400_000}`,
  });
  const none = { opens_7d: 0, opens_30d: 0, opens_90d: 0, clicks_7d: 0, clicks_30d: 0, clicks_90d: 0 };
  expect(rows.sort((a, b) => (a.stream < b.stream ? -1 : 1))).toEqual([
    {
      person: uuid(1),
      stream: 'news',
      channel: 'email',
      category: 'newsletter',
      sends_7d: 0,
      sends_30d: 0,
      sends_90d: 0,
      ...none,
      clicks_90d: 1,
    },
    {
      person: uuid(1),
      stream: 'promotions',
      channel: 'email',
      category: 'promotions',
      sends_7d: 2,
      sends_30d: 3,
      sends_90d: 3,
      ...none,
      opens_30d: 1,
      opens_90d: 1,
    },
  ]);
});
