import { expect, test } from 'vitest';
import { rateOf } from '../../backend/src/analytics/rate.js';
import { Coverage, firstSeed, isFull, percent, print, seedsOf } from './scale.js';
import { simulateSender } from './sender.js';

const seeds = seedsOf(isFull ? 400 : 60);

/*
 * The truth behind a rate is the mean chance of the deliveries that it counts. By campaign, and by stream over a week.
 * Below 5 expected events the counts are so few that no interval can have one coverage: told apart.
 */
test('intervals of rates hold the truth between 92 and 98 of 100 times', { timeout: 600_000 }, () => {
  const bands = { few: new Coverage(), many: new Coverage() };
  for (const seed of seeds) {
    const sums = new Map<
      string,
      { n: number; optOuts: number; complaints: number; chance: number; risk: number }
    >();
    for (const { batches } of simulateSender({ seed, days: 7 }).days())
      for (const { stream, campaign, delivered, optOuts, complaints, truth } of batches)
        for (const key of [stream, campaign]) {
          const sum = sums.get(key) ?? { n: 0, optOuts: 0, complaints: 0, chance: 0, risk: 0 };
          sums.set(key, sum);
          sum.n += delivered;
          sum.optOuts += optOuts.length;
          sum.complaints += complaints.length;
          sum.chance += delivered * truth.optOut;
          sum.risk += delivered * truth.complaint;
        }
    for (const { n, optOuts, complaints, chance, risk } of sums.values())
      for (const [x, expected] of [
        [optOuts, chance],
        [complaints, risk],
      ] as const) {
        const { lower, upper } = rateOf(x, n);
        bands[expected < 5 ? 'few' : 'many'].note(lower ?? 1, expected / n, upper ?? 0);
      }
  }
  const said = Object.entries(bands).map(
    ([band, one]) => `${band} events ${percent(one.share)} of ${one.asked}`,
  );
  print(
    `Wilson at 95 %, seeds ${firstSeed}-${seeds.at(-1)}: ${said.join(', ')} (few: fewer than 5 expected)`,
  );
  for (const { share } of Object.values(bands)) {
    expect(share).toBeGreaterThan(0.92);
    expect(share).toBeLessThan(0.98);
  }
});
