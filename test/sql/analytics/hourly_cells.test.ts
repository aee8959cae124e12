import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { attributed, decision, delivery } from './rows.js';

/* Window [11 Nov 10:00, 12:00): two deliveries in the first hour, in two parts, one of them in DE and opted out of. */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('events', [
    delivery('2026-11-11T09:59:59.999Z'),
    delivery('2026-11-11T10:00:00.000Z', { segments: ['country:DE'] }),
    delivery('2026-11-11T12:00:00.000Z'),
  ]);
  await database.insert('events', [
    delivery('2026-11-11T10:59:00.000Z'),
    delivery('2026-11-11T10:01:00.000Z', { stream: 'news' }),
  ]);
  await database.insert('decisions', [
    decision(
      '2026-11-12T00:00:00.000Z',
      attributed('2026-11-11T10:00:00.000Z', { attributed_segments: ['country:DE'] }),
    ),
  ]);
});
afterAll(() => database.close());

test('has a row for each hour with a delivery, its cells by segment and stream', async () => {
  const range = { from: new Date('2026-11-11T10:00:00Z'), to: new Date('2026-11-11T12:00:00Z') };
  expect(await database.engine.query('analytics/hourly_cells', range)).toEqual([
    {
      hour: '2026-11-11T10:00:00Z',
      segments: ['', '', 'country:DE'],
      streams: ['news', 'promotions', 'promotions'],
      delivered: [1, 2, 1],
      opt_outs: [0, 1, 1],
      complaints: [0, 0, 0],
    },
  ]);
});
