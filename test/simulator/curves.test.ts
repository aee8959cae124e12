import { quantile } from '@secateur/backend/survival';
import { createRandom, type Random } from '@secateur/models';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CurveRow, openSpellTable, type Spell, type SpellTable } from '../support/spell-table.js';
import { Coverage, firstSeed, isFull, percent, print, seedsOf } from './scale.js';

/*
 * People differ: each has a hazard of their own, gamma with mean 1 and variance θ about a base of one in 60 days, so that
 * S(t) = (1 + θ t/60)^(-1/θ). Half of what ends a spell is an opt-out, the rest complaints and bounces. Spells are watched
 * for 20 to 140 days; three in ten are seen late. Every seed is a curve of its own, all in one statement.
 */
const theta = 0.5;
const base = 60;
const people = 300;
const seeds = seedsOf(isFull ? 1000 : 200);
const times = [5, 15, 30, 60, 90];
const survival = (t: number): number => (1 + (theta * t) / base) ** (-1 / theta);
const median = (base / theta) * (2 ** theta - 1);

let table: SpellTable;
beforeAll(async () => {
  table = await openSpellTable();
});
afterAll(() => table.close());

function spellsOf(random: Random, curve: number): Spell[] {
  const spells: Spell[] = [];
  while (spells.length < people) {
    const hazard = random.gamma(1 / theta, theta) / base;
    const ends = random.exponential(1 / hazard);
    const entry = random.chance(0.3) ? Math.floor(random.between(0, 30)) : null;
    // Watched in whole days, so that a day's events and its censorings are in the order that the estimator takes them in.
    const watched = Math.ceil((entry ?? 0) + random.between(20, 140));
    if (entry !== null && Math.ceil(ends) <= entry) continue;
    const isSeen = ends <= watched;
    const cause = random.weighted([
      [1, 0.5],
      [2, 0.3],
      [3, 0.2],
    ]);
    spells.push({ curve, entry, exit: isSeen ? Math.ceil(ends) : watched, cause: isSeen ? cause : 0 });
  }
  return spells;
}

test('bands and median of retention curves hold the truth between 92 and 98 of 100 times', {
  timeout: 600_000,
}, async () => {
  await table.fill(seeds.flatMap((seed, index) => spellsOf(createRandom(seed), index + 1)));
  const rows = await table.curves();
  const byCurve = new Map<number, CurveRow[]>();
  for (const row of rows) byCurve.set(row.curve, [...(byCurve.get(row.curve) ?? []), row]);
  expect(byCurve.size).toBe(seeds.length);
  const bands = times.map(() => new Coverage());
  const medians = new Coverage();
  let outside = 0;
  for (const curve of byCurve.values()) {
    for (const [index, t] of times.entries()) {
      const row = curve.filter((one) => one.t <= t).at(-1);
      const next = curve.find((one) => one.t > t);
      if (row === undefined || row.lower === null || row.upper === null || (next?.at_risk ?? 0) < 10)
        outside += 1;
      else bands[index]?.note(row.lower, survival(t), row.upper);
    }
    const { lower, upper } = quantile(curve, 0.5, 0);
    medians.note(lower ?? 0, median, upper ?? Number.POSITIVE_INFINITY);
  }
  const said = times.map((t, index) => `day ${t} ${percent(bands[index]?.share ?? 0)}`);
  print(
    `curves at 95 %, ${seeds.length} seeds from ${firstSeed}, ${people} spells each: ${said.join(', ')}, ` +
      `median ${percent(medians.share)}; ${outside} points outside the claim (no events yet, or fewer than 10 at risk)`,
  );
  for (const { share } of [...bands, medians]) {
    expect(share).toBeGreaterThan(0.92);
    expect(share).toBeLessThan(0.98);
  }
});
