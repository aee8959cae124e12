import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';
import { stored } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('backtests', [stored(1, at('10:00')), stored(2, at('11:00'), { report: '{"a":2}' })]);
});
afterAll(() => database.close());

test('answers that one with what it found', async () => {
  const [row, ...others] = await database.engine.query('backtests/backtest_by_id', { id: uuid(2) });
  expect(row).toMatchObject({ id: uuid(2), ruleset: uuid(50), known_seq: 7, report: '{"a":2}' });
  expect(others).toEqual([]);
});
