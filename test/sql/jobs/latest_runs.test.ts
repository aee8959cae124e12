import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at } from '../permissions/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const run = (job: string, time: string, change: Record<string, unknown> = {}) => ({
    job,
    due: at(time),
    started_at: at(time),
    ms: 5,
    state: 'done',
    counts: '{}',
    ...change,
  });
  await database.insert('job_runs', [
    run('sweep', '12:00', { state: 'failed', error: 'EngineAwayError', ms: 9 }),
    run('sweep', '11:00', { counts: '{"edges":1}' }),
    run('never', '10:00', { state: 'failed' }),
  ]);
});
afterAll(() => database.close());

test('tells the latest run of each job, and when it last went well', async () => {
  expect(await database.engine.query('jobs/latest_runs', {})).toEqual([
    {
      job: 'never',
      latest_due: at('10:00'),
      latest_started_at: at('10:00'),
      latest_ms: 5,
      latest_state: 'failed',
      latest_error: '',
      latest_counts: '{}',
      done_due: '1970-01-01T00:00:00.000Z',
    },
    {
      job: 'sweep',
      latest_due: at('12:00'),
      latest_started_at: at('12:00'),
      latest_ms: 9,
      latest_state: 'failed',
      latest_error: 'EngineAwayError',
      latest_counts: '{}',
      done_due: at('11:00'),
    },
  ]);
});
