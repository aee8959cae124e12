import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision } from '../permissions/rows.js';
import { edge } from './rows.js';

let database: TestDatabase;
const later = (ms: number) => new Date(Date.parse(at('10:00')) + ms).toISOString();

beforeAll(async () => {
  database = await openTestDatabase();
  const lags = Array.from({ length: 99 }, (_, index) => index + 1);
  await database.insert('memberships', [
    ...lags.map((ms) => edge(ms, ms, { cause: 'event', written_at: later(ms) })),
    edge(500, 1, { cause: 'event', written_at: later(5000) }),
    edge(501, 1, { cause: 'profile', received_at: at('11:00'), written_at: at('10:30') }),
    edge(502, 1, { cause: 'sweep', written_at: at('09:00') }),
  ]);
});
afterAll(() => database.close());

test('tells median and 99th percentile by cause; a clock that was set back counts as none', async () => {
  const rows = await database.engine.query('segments/lag', { since: new Date(at('10:00')) });
  expect(rows).toEqual([
    { cause: 'profile', edges: 1, p50_ms: 0, p99_ms: 0 },
    // Of 1, 2 … 99 and 5000.
    { cause: 'event', edges: 100, p50_ms: 51, p99_ms: 5000 },
  ]);
});

test('a decision that claims an earlier receipt has the lag with which it was decided', async () => {
  await database.insert('decisions', [
    decision(9, {
      decided_at: later(2 * 3_600_000 + 7),
      received_at: later(2 * 3_600_000),
      segments_entered: ['vips@1'],
    }),
  ]);
  const rows = await database.engine.query('segments/lag', { since: new Date(at('12:00')) });
  expect(rows).toEqual([{ cause: 'decision', edges: 1, p50_ms: 7, p99_ms: 7 }]);
});
