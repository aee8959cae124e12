import { createRandom } from '@secateur/models';
import { describe, expect, test } from 'vitest';
import { type Forecast, outcomesOf, poissonInterval, shiftOf, weekMs, weeksOver } from './drift.js';

const seed = Number(process.env.SECATEUR_SEED ?? 5);
const bins = (counts: readonly number[]) => ({ kind: 'numeric', name: 'tenure', cuts: [], counts }) as const;

describe('a shift', () => {
  test('is none where shares are the same, whatever the counts', () => {
    const shift = shiftOf(bins([0, 100, 200, 700]), [0, 1000, 2000, 7000]);
    expect(shift).toMatchObject({ feature: 'tenure', drifted: false });
    expect(shift.psi).toBeLessThan(1e-4);
  });

  test('is found where many moved, and of few it is chance', () => {
    const before = [0, 250, 250, 250, 250];
    expect(shiftOf(bins(before), [0, 100, 150, 250, 500])).toMatchObject({ drifted: true });
    expect(shiftOf(bins(before.map((count) => count / 25)), [0, 4, 6, 10, 20]).drifted).toBe(false);
  });

  test('of a bin that was empty has a value', () => {
    const { psi, drifted } = shiftOf(bins([0, 500, 500]), [500, 250, 250]);
    expect(psi).toBeGreaterThan(1);
    expect(drifted).toBe(true);
  });

  test('where nothing moved is found in at most 1 of 200, for tables of all sizes', () => {
    const random = createRandom(seed);
    let found = 0;
    for (let round = 0; round < 2000; round += 1) {
      const sizes = [random.between(30, 300), random.between(30, 300)].map(Math.round);
      const [before, now] = sizes.map((rows) => {
        const counts = new Array<number>(11).fill(0);
        for (let row = 0; row < rows; row += 1) {
          const bin = 1 + Math.min(9, Math.floor(random.uniform() * 10));
          counts[bin] = (counts[bin] as number) + 1;
        }
        return counts;
      }) as [number[], number[]];
      if (shiftOf(bins(before), now).drifted) found += 1;
    }
    expect(found / 2000, `seed ${seed}`).toBeLessThanOrEqual(0.005);
  });
});

test('the interval of a Poisson count is that of Garwood', () => {
  // R: c(qchisq(.025, 2 * x), qchisq(.975, 2 * (x + 1))) / 2
  const [lower, upper] = poissonInterval(10);
  expect(lower).toBeCloseTo(4.795389, 5);
  expect(upper).toBeCloseTo(18.39036, 4);
  expect(poissonInterval(0)[0]).toBe(0);
  expect(poissonInterval(0)[1]).toBeCloseTo(3.688879, 5);
});

const start = Date.parse('2026-06-01T03:40:00.000Z');
const day = weekMs / 7;
const forecast = (t0: number, expected = 20, stream = 'news'): Forecast => ({
  t0,
  stream,
  subscriptions: 1000,
  expected,
});

test('weeks that are over, one every 7 days back from the latest', () => {
  const daily = Array.from({ length: 30 }, (_, index) => forecast(start + index * day));
  const found = weeksOver(daily, start + 29.5 * day);
  expect(found.map(({ t0 }) => (t0 - start) / day)).toEqual([1, 8, 15, 22]);
  expect(weeksOver(daily, start + 6 * day)).toEqual([]);
});

/** So many leave in each week, in its middle. */
function outcome(counts: readonly number[], expected = 20) {
  const weeks = counts.map((_, week) => forecast(start + week * weekMs, expected));
  const endings = counts.flatMap((count, week) =>
    Array.from({ length: count }, (_, index) => ({
      ...{ person: `p-${week}-${index}`, stream: 'news', began: start - day, isOptOut: true },
      ended: start + week * weekMs + 3 * day,
    })),
  );
  const [found] = outcomesOf(weeks, endings);
  if (found === undefined) throw new Error('nothing was counted');
  return found;
}

describe('what happened beside what was forecast', () => {
  test('is counted week by week, with an interval', () => {
    const { weeks, drifted } = outcome([18, 22, 20]);
    expect(weeks.map(({ observed }) => observed)).toEqual([18, 22, 20]);
    expect(weeks[0]?.ratio?.value).toBeCloseTo(0.9, 12);
    expect(weeks[0]?.ratio?.lower).toBeLessThan(0.9);
    expect(drifted).toBe(false);
  });

  test('alarms where twice as many leave in a week, or half as many for long', () => {
    expect(outcome([20, 45]).drifted).toBe(true);
    expect(outcome([20, 9]).drifted).toBe(false);
    expect(outcome([20, 9, 10, 9, 10]).drifted).toBe(true);
  });

  test('counts nobody who came later, left before or otherwise', () => {
    const t0 = start;
    const ending = { person: 'p', stream: 'news', began: t0 - day, ended: t0 + day, isOptOut: true };
    const others = [
      { ...ending, began: t0 + 1 },
      { ...ending, ended: t0 },
      { ...ending, ended: t0 + weekMs + 1 },
      { ...ending, isOptOut: false },
      { ...ending, stream: 'offers' },
    ];
    expect(outcomesOf([forecast(t0)], others)[0]?.weeks[0]?.observed).toBe(0);
    expect(outcomesOf([forecast(t0)], [ending, ...others])[0]?.weeks[0]?.observed).toBe(1);
  });

  test('where forecasts are right half a year of five streams seldom alarms', () => {
    const random = createRandom(seed);
    const poisson = (mean: number): number => {
      let [count, product] = [0, random.uniform()];
      while (product > Math.exp(-mean)) {
        count += 1;
        product *= random.uniform();
      }
      return count;
    };
    let alarms = 0;
    const runs = 60;
    for (let run = 0; run < runs; run += 1) {
      // A look at each week, as they come.
      const streams = ['a', 'b', 'c', 'd', 'e'];
      const weeks: Forecast[] = [];
      const endings: { person: string; stream: string; began: number; ended: number; isOptOut: boolean }[] =
        [];
      let isAlarm = false;
      for (let week = 0; week < 26; week += 1) {
        for (const stream of streams) {
          const t0 = start + week * weekMs;
          weeks.push(forecast(t0, 8, stream));
          for (let one = poisson(8); one > 0; one -= 1)
            endings.push({ person: `${one}`, stream, began: start - day, ended: t0 + day, isOptOut: true });
        }
        isAlarm ||= outcomesOf(weeks, endings).some(({ drifted }) => drifted);
      }
      if (isAlarm) alarms += 1;
    }
    // Half a year of one false alarm in five years by the sums, and of one in a thousand looks by the weeks: 12 % at most.
    expect(alarms / runs, `seed ${seed}`).toBeLessThan(0.12);
  });
});
