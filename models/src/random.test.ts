import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';

const n = 200_000;

function moments(draw: () => number): { mean: number; variance: number } {
  let mean = 0;
  let squares = 0;
  for (let i = 1; i <= n; i += 1) {
    const x = draw();
    const step = x - mean;
    mean += step / i;
    squares += step * (x - mean);
  }
  return { mean, variance: squares / (n - 1) };
}

/** Mean within 5 standard errors, variance within 3 % (seeded, so it holds for ever once it holds). */
function expectMoments(draw: () => number, mean: number, variance: number): void {
  const seen = moments(draw);
  expect(Math.abs(seen.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
  expect(Math.abs(seen.variance / variance - 1)).toBeLessThan(0.03);
}

describe('createRandom', () => {
  it('gives the same numbers for a seed and others for another', () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.uniform());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7)).not.toEqual(draw(7 + 2 ** 32));
  });

  it('agrees with a naive twin of sfc32 in 32-bit big integers', () => {
    const mask = 0xffffffffn;
    let [a, b, c, counter] = [0n, 42n, 0n, 1n];
    const next = (): number => {
      const sum = (a + b + counter) & mask;
      counter = (counter + 1n) & mask;
      a = b ^ (b >> 9n);
      b = (c + (c << 3n)) & mask;
      c = ((((c << 21n) | (c >> 11n)) & mask) + sum) & mask;
      return Number(sum);
    };
    for (let round = 0; round < 12; round += 1) next();
    const random = createRandom(42);
    for (let i = 0; i < 1000; i += 1) expect(random.bits()).toBe(next());
  });

  it('keeps the example of its docstring', () => {
    expect(createRandom(7).integer(1000)).toBe(427);
  });

  it('forks by label: a fork does not depend on what was drawn before, and labels differ', () => {
    const random = createRandom(1);
    const before = random.fork('a').uniform();
    random.uniform();
    expect(random.fork('a').uniform()).toBe(before);
    expect(random.fork('b').uniform()).not.toBe(before);
  });

  it('has the moments of each distribution', () => {
    const random = createRandom(11);
    expectMoments(() => random.uniform(), 1 / 2, 1 / 12);
    expectMoments(() => random.normal(3, 2), 3, 4);
    expectMoments(() => random.exponential(5), 5, 25);
    expectMoments(() => random.gamma(6, 0.7), 4.2, 2.94);
    expectMoments(() => random.gamma(0.5, 2), 1, 2);
    expectMoments(() => random.beta(2, 3), 0.4, 0.04);
    expectMoments(() => random.poisson(0.3), 0.3, 0.3);
    expectMoments(() => random.poisson(60), 60, 60);
    expectMoments(() => (random.chance(0.2) ? 1 : 0), 0.2, 0.16);
  });

  it('chooses items by their weight and never one of weight zero', () => {
    const random = createRandom(5);
    const seen = { a: 0, b: 0, c: 0 };
    for (let i = 0; i < n; i += 1) {
      seen[
        random.weighted([
          ['a', 1],
          ['b', 3],
          ['c', 0],
        ] as [keyof typeof seen, number][])
      ] += 1;
    }
    expect(Math.abs(seen.a / n - 0.25)).toBeLessThan(0.005);
    expect(seen.c).toBe(0);
    expect(() => random.choice([])).toThrow(RangeError);
    expect(() => random.weighted([])).toThrow(RangeError);
  });

  it('shuffles into every order equally often and leaves the original alone', () => {
    const random = createRandom(9);
    const items = [1, 2, 3] as const;
    const seen = new Map<string, number>();
    for (let i = 0; i < 60_000; i += 1) {
      const order = random.shuffle(items).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(items).toEqual([1, 2, 3]);
    expect(seen.size).toBe(6);
    // Chi-squared with 5 degrees of freedom: 99.9 % quantile 20.5.
    const chi = [...seen.values()].reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(20.5);
  });

  it('refuses impossible parameters', () => {
    const random = createRandom(1);
    expect(() => random.gamma(0)).toThrow(RangeError);
    expect(() => random.poisson(-1)).toThrow(RangeError);
    expect(random.poisson(0)).toBe(0);
  });
});
