import { createRandom } from '@secateur/models';
import { describe, expect, test } from 'vitest';
import { baselineOf, type Past, warmUp } from './baseline.js';
import type { Day } from './cell.js';

const seed = Number(process.env.SECATEUR_SEED);

function daysOf(rate: (on: number) => number, n = 20_000, count = 56): Day[] {
  return Array.from({ length: count }, (_, on) => ({ on, n, x: Math.round(n * rate(on)) }));
}
const past = (days: Day[]): Past => ({ days, parts: days });

describe('what is usual', () => {
  test('is not known before four weeks of deliveries', () => {
    const short = past(daysOf(() => 0.003, 1000, warmUp - 1));
    expect(baselineOf([short]).expect(short, 60)).toBeNull();
    const long = past(daysOf(() => 0.003, 1000, warmUp));
    expect(baselineOf([long]).expect(long, 60)).toMatchObject({ days: warmUp, events: 3 * warmUp });
  });

  test('follows the weekday', () => {
    // Thursday, day 0 of the epoch, at twice the rate of the others.
    const pasts = Array.from({ length: 8 }, () => past(daysOf((on) => (on % 7 === 0 ? 0.006 : 0.003))));
    const baseline = baselineOf(pasts);
    const [first] = pasts;
    if (first === undefined) throw new Error('no past');
    expect(baseline.expect(first, 70)?.rate).toBeCloseTo(0.006, 4);
    expect(baseline.expect(first, 71)?.rate).toBeCloseTo(0.003, 4);
  });

  test('is uneven as the days are, whatever their rate', () => {
    const random = createRandom(seed);
    const cv = 0.4;
    const pasts = Array.from({ length: 60 }, (_, index) => {
      const rate = 0.001 * (1 + (index % 5));
      const days = Array.from({ length: 56 }, (_unused, on) => {
        const own = rate * random.gamma(1 / cv ** 2, cv ** 2);
        return { on, n: 10_000, x: random.poisson(10_000 * own) };
      });
      return past(days);
    });
    expect(Math.sqrt(baselineOf(pasts).unevenness)).toBeGreaterThan(cv * 0.9);
    expect(Math.sqrt(baselineOf(pasts).unevenness)).toBeLessThan(cv * 1.15);
  });

  test('of even days is close to the binomial', () => {
    const random = createRandom(seed).fork('even');
    const pasts = Array.from({ length: 40 }, () =>
      past(Array.from({ length: 56 }, (_, on) => ({ on, n: 5000, x: random.poisson(15) }))),
    );
    expect(Math.sqrt(baselineOf(pasts).unevenness)).toBeLessThan(0.08);
  });

  test('is not moved by a spike that stands in it', () => {
    const even = Array.from({ length: 10 }, () => past(daysOf(() => 0.003)));
    const days = daysOf((on) => (on === 20 ? 0.03 : 0.003));
    const spiked = past(days);
    const baseline = baselineOf([...even, spiked]);
    const clean = baselineOf([...even, past(days.filter(({ on }) => on !== 20))]);
    expect(baseline.unevenness).toBeLessThan(2 * clean.unevenness + 0.001);
  });

  test('a cell with few events knows less of its mean', () => {
    const pasts = [200, 20_000].map((n) => past(daysOf(() => 0.005, n)));
    const baseline = baselineOf(pasts);
    const [thin, thick] = pasts.map((one) => baseline.expect(one, 61)?.error ?? 0);
    expect(thin).toBeGreaterThan(2 * (thick ?? 0));
  });
});
