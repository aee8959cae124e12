import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { betaBinomialLikelihood, betaBinomialMoments, fitBetaBinomial, shrunkRate } from './beta-binomial.js';

function drawn(segments: number, alpha: number, beta: number, seed: number) {
  const random = createRandom(seed);
  const trials = Array.from({ length: segments }, () => 20 + random.integer(400));
  const successes = trials.map((n) => {
    const rate = random.beta(alpha, beta);
    return Array.from({ length: n }, () => random.chance(rate)).filter(Boolean).length;
  });
  return { successes, trials };
}

describe('fitBetaBinomial', () => {
  it('finds the prior that rates are drawn from', () => {
    const { successes, trials } = drawn(400, 3, 60, 1);
    const fit = fitBetaBinomial(successes, trials);
    if (fit === null) throw new Error('no fit');
    expect(fit.alpha / (fit.alpha + fit.beta)).toBeCloseTo(3 / 63, 2);
    expect(fit.alpha + fit.beta).toBeGreaterThan(40);
    expect(fit.alpha + fit.beta).toBeLessThan(95);
  });

  it('is more likely than any neighbour', () => {
    const { successes, trials } = drawn(60, 2, 30, 4);
    const fit = fitBetaBinomial(successes, trials);
    if (fit === null) throw new Error('no fit');
    const best = betaBinomialLikelihood(successes, trials, fit);
    for (const [a, b] of [
      [1.01, 1],
      [0.99, 1],
      [1, 1.01],
      [1, 0.99],
      [1.01, 1.01],
    ] as const)
      expect(
        betaBinomialLikelihood(successes, trials, { alpha: fit.alpha * a, beta: fit.beta * b }),
      ).toBeLessThan(best);
  });

  it('finds none where segments differ no more than chance', () => {
    expect(fitBetaBinomial([5, 5, 5, 5], [100, 100, 100, 100])).toBeNull();
    expect(fitBetaBinomial([0, 0], [10, 20])).toBeNull();
    expect(fitBetaBinomial([3], [10])).toBeNull();
    expect(fitBetaBinomial([], [])).toBeNull();
  });

  it('finds its way where the likelihood is nearly flat', () => {
    // Newton's first step is longer than the logarithms of all numbers.
    for (const [successes, trials] of [
      [
        [23, 1, 17, 3],
        [756, 56, 967, 131],
      ],
      [
        [0, 1, 0, 4, 4, 37, 20],
        [72, 106, 82, 74, 87, 786, 413],
      ],
    ] as const) {
      const fit = fitBetaBinomial(successes, trials);
      if (fit === null) throw new Error('no fit');
      const best = betaBinomialLikelihood(successes, trials, fit);
      for (const times of [0.9, 1.1]) {
        const spread = { alpha: fit.alpha * times, beta: fit.beta * times };
        expect(betaBinomialLikelihood(successes, trials, spread)).toBeLessThan(best);
        const moved = { alpha: fit.alpha * times, beta: fit.beta };
        expect(betaBinomialLikelihood(successes, trials, moved)).toBeLessThan(best);
      }
    }
    const random = createRandom(12);
    for (let round = 0; round < 2000; round += 1) {
      const trials = Array.from({ length: 3 + random.integer(10) }, () => 50 + random.integer(1000));
      const successes = trials.map((n) => Math.min(n, random.poisson(n * random.beta(2, 98))));
      expect(() => fitBetaBinomial(successes, trials)).not.toThrow();
    }
  });

  it('takes segments in which all or nothing happens for as different as can be', () => {
    const fit = fitBetaBinomial([0, 10, 0, 10, 10], [10, 10, 10, 10, 10]);
    expect(fit?.alpha).toBeLessThan(0.01);
    expect((fit?.alpha ?? 0) / ((fit?.alpha ?? 0) + (fit?.beta ?? 0))).toBeCloseTo(0.6, 2);
  });

  it('fits segments of many thousands, and segments without a trial', () => {
    const fit = fitBetaBinomial([120, 900, 40, 0], [10_000, 20_000, 9000, 0]);
    expect(fit?.alpha).toBeGreaterThan(0);
    expect(fit?.alpha).toBeCloseTo(fitBetaBinomial([120, 900, 40], [10_000, 20_000, 9000])?.alpha ?? 0, 6);
  });
});

describe('betaBinomialMoments', () => {
  it('finds the correlation 1 of segments where all or nothing happens', () => {
    expect(betaBinomialMoments([0, 10, 0, 10], [10, 10, 10, 10]).rho).toBeGreaterThan(1);
    expect(betaBinomialMoments([1, 1], [10, 10]).rho).toBeLessThan(0);
  });
});

describe('shrunkRate', () => {
  const prior = { alpha: 2, beta: 38 };

  it('draws small segments to the prior and leaves large ones', () => {
    expect(shrunkRate(0, 0, prior).value).toBe(0.05);
    expect(shrunkRate(5, 10, prior).value).toBeCloseTo(7 / 50, 12);
    expect(shrunkRate(5000, 10_000, prior).value).toBeCloseTo(0.498, 3);
  });

  it('holds the truth between its limits about as often as it says', () => {
    const random = createRandom(7);
    let held = 0;
    for (let round = 0; round < 1000; round += 1) {
      const rate = random.beta(prior.alpha, prior.beta);
      const x = Array.from({ length: 50 }, () => random.chance(rate)).filter(Boolean).length;
      const { lower, upper } = shrunkRate(x, 50, prior);
      if (rate >= lower && rate <= upper) held += 1;
    }
    expect(Math.abs(held / 1000 - 0.95)).toBeLessThan(0.025);
  });
});
