import { JobView } from '@secateur/backend/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';
import { all, leaf, SegmentCalls } from '../support/segment-calls.js';

const Jobs = z.object({ jobs: z.array(JobView) });

describe('jobs, over HTTP', () => {
  let app: RunningApp;
  const call = new Calls(() => app);
  const segments = new SegmentCalls(call);
  const jobs = async (): Promise<JobView[]> => Jobs.parse((await call.get('/v1/jobs')).body).jobs;

  beforeAll(async () => {
    app = await startApp({ jobs: true });
  });
  afterAll(async () => {
    await app.stop();
  });

  test('what was never run is run at the start, and each run is written down', async () => {
    await expect
      .poll(async () => (await jobs()).map(({ last }) => last?.state), { timeout: 30_000 })
      .toEqual(Array.from({ length: 16 }, () => 'done'));
    const found = await jobs();
    expect(found.every(({ enabled, next_due }) => enabled && next_due !== null)).toBe(true);
    expect(found.map(({ name }) => name)).toEqual([
      'segments_follow_events',
      'segments_sweep',
      'segments_sweep_in_full',
      'rollouts_guard',
      'requests_recount',
      'alerts_detect',
      'alerts_rules',
      'alerts_deliver',
      'alerts_digest',
      'rates_publish',
      'retention_publish',
      'churn_train',
      'churn_score',
      'churn_score_new',
      'churn_drift',
      'churn_suggest',
    ]);
    const stored = async (): Promise<string[]> =>
      (await app.engine.query('jobs/latest_runs', {})).map((run) => `${run.job} ${run.latest_state}`);
    await expect.poll(stored).toEqual(found.map(({ name }) => `${name} done`).sort());
  });

  test('within 60 s of an event the clock has moved its subscriber', { timeout: 60_000 }, async () => {
    await segments.define('clickers', all(leaf('engagement.clicks_7d', '>', 0)));
    await call.events({
      id: 'click',
      type: 'clicked',
      subscriber: 'ada',
      channel: 'email',
      category: 'news',
      origin: 'shop',
    });
    const clicked = performance.now();
    await expect.poll(() => segments.keysOf('ada'), { timeout: 55_000, interval: 200 }).toEqual(['clickers']);
    expect(performance.now() - clicked).toBeLessThan(60_000);
  });

  test('a caller without the scope to read sees none', async () => {
    expect(await call.get('/v1/jobs', await call.key('ingest'))).toMatchObject({ status: 403 });
  });
});
