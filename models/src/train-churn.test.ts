import { describe, expect, it } from 'vitest';
import { fromFiles } from './artifact.js';
import { churnFeatures, datasetOf, type Ending, type Snapshot, type SnapshotColumns } from './dataset.js';
import { createRandom } from './random.js';
import { type ChurnInput, type ChurnTrained, risksOf, trainChurn } from './train-churn.js';

const day = 86_400_000;
const until = Date.UTC(2026, 10, 1);
const cut = until - 30 * day;

interface Planted {
  readonly people?: number;
  readonly seed?: number;
  /** Changes the features of a row, who knows when it ends. */
  readonly change?: (row: Record<string, number | string | null>, ended: number, t0: number) => void;
  /** How much of the hazard the features explain. */
  readonly signal?: number;
}

/** Weekly snapshots of people who are sent often or seldom, and leave by it. */
function logOf({ people = 1150, seed = 3, change, signal = 1 }: Planted = {}): ChurnInput {
  const random = createRandom(seed);
  const everybody = Array.from({ length: people }, (_, index) => {
    const often = random.chance(0.5) ? 1 : 0;
    const keen = random.uniform();
    const hazard = 0.012 * Math.exp(signal * (1.2 * often - 2 * keen));
    const began = cut - random.between(30, 160) * day;
    return { person: `p-${index}`, often, keen, began, ended: began + random.exponential(1 / hazard) * day };
  });
  const snapshotAt = (t0: number): Snapshot => {
    const rows = everybody.filter(({ ended }) => ended > t0);
    const cells = rows.map((one) => {
      const row: Record<string, number | string | null> = Object.fromEntries(
        churnFeatures.map(({ name, kind }) => [name, kind === 'numeric' ? 0 : 'one']),
      );
      row.delivered_28 = one.often === 1 ? 14 : 4;
      row.open_rate_28 = one.keen;
      row.tenure = (t0 - one.began) / day;
      row.days_since_open = one.keen < 0.1 ? null : 10 * (1 - one.keen);
      change?.(row, one.ended, t0);
      return row;
    });
    const columns: Record<string, SnapshotColumns[string]> = {
      person: rows.map(({ person }) => person),
      stream: rows.map(() => 'news'),
      began_at: rows.map(({ began }) => new Date(began).toISOString()),
    };
    for (const { name } of churnFeatures)
      if (name !== 'stream') columns[name] = cells.map((cell) => cell[name] ?? null);
    return { t0, columns };
  };
  const endings = everybody
    .filter(({ ended }) => ended <= until)
    .map(({ person, began, ended }): Ending => ({ person, stream: 'news', began, ended, isOptOut: true }));
  return {
    train: Array.from({ length: 3 }, (_, week) => snapshotAt(cut - (3 - week) * 2 * 7 * day)),
    test: [snapshotAt(cut), snapshotAt(until - 7 * day)],
    week: [snapshotAt(cut), snapshotAt(cut + day)],
    endings,
    cut,
    until,
    seed: 1,
    leaking: [],
    champion: null,
  };
}

const silent = () => undefined;
const trainOn = (input: ChurnInput): Promise<ChurnTrained> => trainChurn(input, silent);

describe('a churn model', () => {
  it('with something to learn passes its gates, and beats the rate of stream and tenure', async () => {
    const { kind, report } = await trainOn(logOf());
    expect(report.refusals).toEqual([]);
    expect(kind).toBe('model');
    const gate = report.horizons.find(({ days }) => days === 30);
    expect(gate?.gain.lower).toBeGreaterThan(0);
    expect(gate?.log_loss).toBeLessThan(gate?.baselines.stream_tenure ?? 0);
    expect(report.leaks.map(({ test, holds }) => [test, holds])).toEqual([
      ['features_without_the_future', true],
      ['single_feature', true],
      ['permuted_labels', true],
      ['later_snapshot', true],
    ]);
  }, 60_000);

  it('carries the last hazard on where nobody was followed so long', async () => {
    const input = logOf();
    const { files, report } = await trainOn(input);
    // The first snapshot is 42 days before the cut.
    expect(report.train.followed_days).toBe(30);
    const [snapshot] = input.test;
    if (snapshot === undefined) throw new Error('no test');
    const risks = await risksOf(fromFiles(files), datasetOf([snapshot], [], input.until));
    const mean = (days: number) => risks(days).reduce((sum, one) => sum + one, 0) / risks(days).length;
    expect(mean(90)).toBeGreaterThan(1.5 * mean(30));
    expect(mean(90)).toBeLessThan(3 * mean(30));
  });

  it('without anything to learn is refused, and the rate is told', async () => {
    const { kind, report, files, rate } = await trainOn(logOf({ signal: 0 }));
    expect(kind).toBe('rate');
    expect(report.refusals.join()).toContain('no proven skill');
    expect(files).toBe(rate);
  }, 60_000);

  it('of too few opt-outs is refused with their number', async () => {
    const { kind, report } = await trainOn(logOf({ people: 60 }));
    expect(kind).toBe('rate');
    expect(report.refusals[0]).toMatch(/^\d+ opt-outs to learn from: 200 are needed$/);
  });

  it('that knows what is to happen is blocked, and the feature named', async () => {
    const change: Planted['change'] = (row, ended, t0) => {
      row.opt_outs_here = ended - t0 < 30 * day ? 1 : 0;
    };
    const { kind, report } = await trainOn(logOf({ change }));
    expect(kind).toBe('rate');
    expect(report.refusals).toEqual([expect.stringMatching(/^leak: single_feature \(opt_outs_here\)/)]);
  });

  it('whose features know the future is blocked before it is fitted, and they are named', async () => {
    const { kind, report } = await trainOn({ ...logOf(), leaking: ['plan'] });
    expect(kind).toBe('rate');
    expect(report.refusals[0]).toContain('features_without_the_future (plan)');
    expect(report.horizons).toEqual([]);
  });

  it('that is the champion itself is no better than it', async () => {
    const first = await trainOn(logOf());
    const again = await trainOn({ ...logOf(), champion: first.files });
    expect(again.report.comparison).toEqual({ mean: 0, lower: 0, upper: 0 });
  }, 60_000);

  it('is better than a champion that was trained on noise, and that is worse than it', async () => {
    const random = createRandom(5);
    const noisy: Planted['change'] = (row) => {
      row.open_rate_28 = random.uniform();
      row.days_since_open = random.uniform();
      row.delivered_28 = random.integer(20);
    };
    const good = await trainOn(logOf());
    const bad = await trainOn(logOf({ change: noisy }));
    const better = await trainOn({ ...logOf(), champion: bad.files });
    expect(better.report.comparison?.lower).toBeGreaterThan(0);
    expect(good.kind).toBe('model');
    const worse = await trainOn({ ...logOf({ change: noisy }), champion: good.files });
    expect(worse.kind === 'rate' || (worse.report.comparison?.lower ?? 0) <= 0).toBe(true);
  }, 120_000);
});
