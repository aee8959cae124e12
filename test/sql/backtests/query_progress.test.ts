import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('says how far a running query is, and nothing once it has ended', async () => {
  const { engine } = database;
  const work = engine.rows(
    'long',
    'SELECT count() AS n FROM numbers(1e11) WHERE sipHash64(number) = 1',
    {},
    {
      queryId: 'progress-1',
      maxExecutionSeconds: 20,
    },
  );
  const ended = work.catch((error: unknown) => error);
  let seen = 0;
  for (let tries = 0; tries < 200 && seen === 0; tries++) {
    const [row] = await engine.query('backtests/query_progress', { query: 'progress-1' });
    seen = row?.read_rows ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expect(seen).toBeGreaterThan(0);
  expect(await engine.query('backtests/query_progress', { query: 'another' })).toEqual([]);
  await engine.cancel('progress-1');
  expect(await ended).toBeInstanceOf(Error);
  expect(await engine.query('backtests/query_progress', { query: 'progress-1' })).toEqual([]);
});
