import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at } from '../permissions/rows.js';
import { stored } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('backtests', [
    stored(1, at('10:00')),
    stored(2, at('12:00'), { state: 'failed', error: 'The engine is away.', report: '' }),
  ]);
});
afterAll(() => database.close());

test('answers the latest first, without what it found', async () => {
  const rows = await database.engine.query('backtests/backtests_all', {});
  expect(rows.map(({ state, started_at, error }) => [state, started_at, error])).toEqual([
    ['failed', at('12:00'), 'The engine is away.'],
    ['done', at('10:00'), ''],
  ]);
  expect(rows[0]).not.toHaveProperty('report');
});
