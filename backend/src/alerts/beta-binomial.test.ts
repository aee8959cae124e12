import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaBinomialTail, logGamma, logLikelihood } from './beta-binomial.js';

/** Slow twin: the chances one by one, from products alone, no log Γ. P(k) = C(n, k) Π(a + i) Π(b + j) / Π(a + b + m). */
function tailBySums(x: number, n: number, mean: number, rho: number): number {
  const size = (1 - rho) / rho;
  const [a, b] = [mean * size, (1 - mean) * size];
  let tail = 0;
  for (let k = x; k <= n; k++) {
    let p = 1;
    // Factors in turn, so that the product neither overflows nor vanishes.
    for (let m = 0; m < n; m++) {
      const isSuccess = m < k;
      const choose = isSuccess ? (n - m) / (k - m) : 1;
      p *= (choose * (isSuccess ? a + m : b + m - k)) / (a + b + m);
    }
    tail += p;
  }
  return tail;
}

describe('the tail of a beta-binomial', () => {
  test('is the sum of its chances', () => {
    const numbers = fc.record({
      n: fc.integer({ min: 1, max: 60 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      mean: fc.double({ min: 0.001, max: 0.9, noNaN: true }),
      rho: fc.double({ min: 0.001, max: 0.6, noNaN: true }),
    });
    fc.assert(
      fc.property(numbers, ({ n, share, mean, rho }) => {
        const x = Math.round(n * share);
        const slow = tailBySums(x, n, mean, rho);
        expect(betaBinomialTail(x, n, mean, rho)).toBeCloseTo(slow, 9);
        if (slow < 0.1) expect(betaBinomialTail(x, n, mean, rho) / slow).toBeCloseTo(1, 7);
      }),
    );
  });

  /* Uniform rates, a = b = 1 (ρ = 1/3): every count from 0 to n is as likely. */
  test('of a uniform rate is even over the counts', () => {
    for (let x = 0; x <= 10; x++) expect(betaBinomialTail(x, 10, 0.5, 1 / 3)).toBeCloseTo((11 - x) / 11, 12);
  });

  test('is the binomial’s where days are even', () => {
    // P(X ≥ 3) of 10 at 0.1: 1 − 0.9¹⁰ − 10 · 0.1 · 0.9⁹ − 45 · 0.01 · 0.9⁸ = 0.0701908264
    expect(betaBinomialTail(3, 10, 0.1, 0)).toBeCloseTo(0.0701908264, 6);
  });

  test('is heavier the more uneven days are, and lighter for more events', () => {
    const tails = [0, 0.0005, 0.005].map((rho) => betaBinomialTail(60, 10_000, 0.003, rho));
    expect([...tails].sort((a, b) => a - b)).toEqual(tails);
    const falling = [40, 60, 90, 200, 1000].map((x) => betaBinomialTail(x, 10_000, 0.003, 0.0005));
    expect([...falling].sort((a, b) => b - a)).toEqual(falling);
    expect(falling.at(-1)).toBeGreaterThan(0);
  });

  test('is certain of nothing and impossible beyond all', () => {
    expect(betaBinomialTail(0, 5, 0.1, 0.1)).toBe(1);
    expect(betaBinomialTail(6, 5, 0.1, 0.1)).toBe(0);
    expect(betaBinomialTail(1, 1, 0.25, 0.1)).toBeCloseTo(0.25, 12);
    expect(() => betaBinomialTail(1, 2, 0, 0.1)).toThrow(RangeError);
  });

  test('two means compare by their likelihoods', () => {
    const ratio = Math.exp(logLikelihood(9, 1000, 0.004, 0.0001) - logLikelihood(9, 1000, 0.002, 0.0001));
    const of = (mean: number): number =>
      betaBinomialTail(9, 1000, mean, 0.0001) - betaBinomialTail(10, 1000, mean, 0.0001);
    expect(ratio / (of(0.004) / of(0.002))).toBeCloseTo(1, 6);
  });
});

test('log Γ is the sum of logarithms, and that of ½ is log √π', () => {
  let sum = 0;
  for (let n = 1; n <= 60; n++) {
    expect(logGamma(n)).toBeCloseTo(sum, 10);
    sum += Math.log(n);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
});
