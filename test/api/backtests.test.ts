import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { anyRules } from '../support/backtest-log.js';
import { BacktestWorld, countsOf, keyOf } from '../support/backtest-proof.js';
import { Random } from '../support/random.js';

const seed = Number(process.env.SECATEUR_SEED);
const isFull = process.env.SECATEUR_BACKTEST === 'full';
const scale = isFull ? { people: 60_000, decisions: 110_000 } : { people: 1500, decisions: 2500 };
const drafts = isFull ? 3 : 6;

let app: RunningApp;
let world: BacktestWorld;
const random = new Random(seed);

beforeAll(async () => {
  app = await startApp({ markets: ['US', 'DE'] });
  world = new BacktestWorld(app, random, scale);
  const began = performance.now();
  await world.fill(Date.now());
  const [row] = await app.engine.rows<{ n: number }>(
    'test: decisions',
    "SELECT count() AS n FROM decisions WHERE type IN ('opted_out', 'complained')",
  );
  console.log(`log of seed ${seed}: ${row?.n} decisions in ${Math.round(performance.now() - began)} ms`);
}, 1_200_000);
afterAll(() => app.stop());

test('counts in the engine exactly what deciding each anew in the service counts', async () => {
  for (let index = 0; index < drafts; index++) {
    const ruleset = await world.draft(anyRules(random, 8));
    const backtest = await world.backtest(ruleset);
    const naive = await world.naive(backtest);
    const { report } = backtest;
    if (report === null) throw new Error('no report');
    expect(report.checked.differ).toBe(0);
    expect(report.decisions.all).toBe(naive.all);
    expect(report.decisions.not_evaluable).toEqual({ unrecorded: naive.unrecorded, unknown: naive.unknown });
    expect(countsOf(report.total)).toEqual(naive.cells.get('["","",""]'));
    const changed = [...naive.cells].filter(
      ([key, { also, spared }]) => key !== '["","",""]' && also + spared > 0,
    );
    expect(report.cells.length + report.cells_left_out).toBe(changed.length);
    for (const cell of report.cells)
      expect(countsOf(cell), keyOf(cell)).toEqual(naive.cells.get(keyOf(cell)));
    const tried = await world.triedOut(backtest);
    expect(new Map([...tried.byRule].sort())).toEqual(new Map([...naive.byRule].sort()));
    expect(tried.wouldStop).toBe(naive.wouldStop);
    console.log(
      `draft ${index}: ${report.decisions.all} decisions, ${report.decisions.replayed} replayed, ${report.decisions.changed} change, ` +
        `${report.cells.length + report.cells_left_out} cells equal; engine ${backtest.ms} ms`,
    );
  }
}, 1_200_000);
