import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { person } from '../analytics/rows.js';
import { profiling } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const at = (day: number) => `2026-11-${day}T00:00:00.000Z`;
  await database.insert('statements', [
    profiling(1, 'opt_out', at(10)),
    profiling(2, 'opt_out', at(10)),
    { ...profiling(2, 'opt_in', at(12)), id: person(950) },
    { ...profiling(3, 'opt_out', at(11)), selector: 'channel=email' },
  ]);
});
afterAll(() => database.close());

test('names who said no to profiling and stands by it', async () => {
  expect(await database.engine.query('churn/objectors', {})).toEqual([
    { person: person(1), objected_at: '2026-11-10T00:00:00.000Z' },
  ]);
});
