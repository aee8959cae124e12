import { BacktestsService } from '@secateur/backend/backtests';
import type { Backtest } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { candidates, plant } from '../support/backtest-planted.js';

const first = Number(process.env.SECATEUR_SEED);
const seeds = process.env.SECATEUR_BACKTEST === 'full' ? 24 : 1;

async function backtest(app: RunningApp, ruleset: string): Promise<Backtest> {
  const service = app.app.get(BacktestsService);
  const { id } = service.start({ ruleset, days: 90 }, 'test', new Date());
  let last: Backtest | undefined;
  for await (const state of service.follow(id, 20)) last = state;
  if (last?.state !== 'done') throw new Error(`${last?.state}: ${last?.error}`);
  return last;
}

test('finds the rule that is better by construction, and seldom falls for one that is not', async () => {
  const called = new Map<string, number>(candidates.map(({ name }) => [name, 0]));
  let ranked = 0;
  for (let index = 0; index < seeds; index++) {
    const app = await startApp({ markets: ['US'] });
    try {
      const drafts = await plant(app, first + index);
      const bounds: [name: string, lower: number][] = [];
      for (const { name } of candidates) {
        const { report } = await backtest(app, drafts.get(name) ?? '');
        if (report === null) throw new Error('no report');
        expect(report.checked.differ).toBe(0);
        expect(report.total.also).toBeGreaterThan(0);
        if (report.verdict.verdict === 'ended_more') called.set(name, (called.get(name) ?? 0) + 1);
        bounds.push([name, report.verdict.difference.lower ?? -1]);
      }
      bounds.sort((a, b) => b[1] - a[1]);
      ranked += Number(bounds[0]?.[0] === 'planted');
    } finally {
      await app.stop();
    }
  }
  const decoys = candidates.filter(({ truth }) => truth === 'none');
  const fell = decoys.reduce((sum, { name }) => sum + (called.get(name) ?? 0), 0);
  const each = candidates.map(({ name, truth }) => `${name} (${truth}) ${called.get(name)}`).join(', ');
  console.log(
    `seeds ${first} to ${first + seeds - 1}: planted rule found ${called.get('planted')} of ${seeds}, ranked first ${ranked} of ${seeds}; ` +
      `fell for decoys ${fell} of ${decoys.length * seeds}; called better: ${each}`,
  );
  expect(called.get('planted')).toBeGreaterThanOrEqual(Math.ceil(0.95 * seeds));
  // Of the decoys each is called better by chance in one of forty.
  expect(fell).toBeLessThanOrEqual(seeds === 1 ? 2 : 0.1 * decoys.length * seeds);
}, 1_800_000);
