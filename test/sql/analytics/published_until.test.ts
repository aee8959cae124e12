import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { delivery } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('is null before anything was delivered or published, then the first hour delivered in and the last published', async () => {
  const until = () => database.engine.query('analytics/published_until', {});
  expect(await until()).toEqual([{ last_first: null, last_complete: null, first_delivered: null }]);
  await database.insert('events', [
    delivery('2026-11-11T10:59:00.000Z'),
    delivery('2026-11-11T12:00:00.000Z'),
    delivery('2026-11-11T08:00:00.000Z', { type: 'opened' }),
  ]);
  const at = '2026-11-12T00:00:00.000Z';
  const row = (stage: string, hour: string) => ({ stage, hour, as_of: at, known_at: at });
  await database.insert('published_rates', [
    row('first', '2026-11-11T11:00:00.000Z'),
    row('first', '2026-11-11T10:00:00.000Z'),
    row('complete', '2026-11-11T10:00:00.000Z'),
  ]);
  expect(await until()).toEqual([
    {
      last_first: '2026-11-11T11:00:00Z',
      last_complete: '2026-11-11T10:00:00Z',
      first_delivered: '2026-11-11T10:00:00Z',
    },
  ]);
});
