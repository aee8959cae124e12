import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import {
  benjaminiHochberg,
  betaBinomialTail,
  betaQuantile,
  betaShare,
  betaTail,
  binomialTail,
  clopperPearsonInterval,
  cusum,
  digamma,
  ewma,
  fitShiftedBeta,
  jeffreysInterval,
  likelihoodShiftedBeta,
  logChoose,
  logGamma,
  normalQuantile,
  normalTail,
  poissonTail,
  populationStability,
  shewhart,
  survivalShiftedBeta,
} from './index.js';

describe('special functions', () => {
  it('meet what is known of them in closed form', () => {
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 13);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 13);
    expect(digamma(7.3)).toBeCloseTo(digamma(6.3) + 1 / 6.3, 12);
    expect(logChoose(10, 3)).toBeCloseTo(Math.log(120), 12);
    // I_x(a, 1) = xᵃ
    expect(betaShare(0.3, 4, 1)).toBeCloseTo(0.3 ** 4, 14);
    expect(betaTail(0.3, 4, 1)).toBeCloseTo(1 - 0.3 ** 4, 14);
    expect(normalTail(1.959963984540054)).toBeCloseTo(0.025, 13);
    // Of a tail so small, digits and not places count.
    expect(normalTail(10) / 7.61985302416052e-24).toBeCloseTo(1, 10);
  });

  it('have quantiles that are their inverses', () => {
    for (const share of [1e-9, 0.025, 0.5, 0.8, 0.999]) {
      expect(betaShare(betaQuantile(share, 2.5, 40), 2.5, 40) / share).toBeCloseTo(1, 10);
      expect(normalTail(-normalQuantile(share)) / share).toBeCloseTo(1, 10);
    }
  });
});

describe('tails', () => {
  it('are the sums of their terms', () => {
    let binomial = 0;
    for (let k = 3; k <= 12; k += 1) binomial += Math.exp(logChoose(12, k)) * 0.2 ** k * 0.8 ** (12 - k);
    expect(binomialTail(3, 12, 0.2)).toBeCloseTo(binomial, 12);
    let below = 0;
    for (let k = 0; k < 4; k += 1) below += Math.exp(k * Math.log(2.5) - 2.5 - logGamma(k + 1));
    expect(poissonTail(4, 2.5)).toBeCloseTo(1 - below, 12);
    expect(poissonTail(1, 2.5)).toBeCloseTo(1 - Math.exp(-2.5), 12);
  });

  it('of a uniform rate give every count the same chance', () => {
    for (let x = 0; x <= 10; x += 1) expect(betaBinomialTail(x, 10, 1, 1)).toBeCloseTo((11 - x) / 11, 12);
  });
});

describe('intervals', () => {
  it('reach the end where nothing or everything happened', () => {
    expect(jeffreysInterval(0, 20)[0]).toBe(0);
    expect(clopperPearsonInterval(20, 20)[1]).toBe(1);
    // 1 − .025^(1/n)
    expect(clopperPearsonInterval(0, 20)[1]).toBeCloseTo(1 - 0.025 ** (1 / 20), 12);
  });

  it('are wider where they are exact', () => {
    const [low, high] = clopperPearsonInterval(3, 40);
    const [lower, upper] = jeffreysInterval(3, 40);
    expect(low).toBeLessThan(lower);
    expect(high).toBeGreaterThan(upper);
  });
});

describe('benjaminiHochberg', () => {
  it('multiplies by how many are tested, and never turns the order around', () => {
    expect(benjaminiHochberg([0.04, 0.01, 0.5])).toEqual([0.06, 0.03, 0.5]);
    expect(benjaminiHochberg([0.03, 0.03, 0.03])).toEqual([0.03, 0.03, 0.03]);
    expect(benjaminiHochberg([])).toEqual([]);
  });
});

describe('control charts', () => {
  const calm = Array.from({ length: 50 }, () => ({ events: 2, of: 100 }));
  const doubled = Array.from({ length: 30 }, () => ({ events: 4, of: 100 }));

  it('stay low while nothing changes, and rise when the rate doubles', () => {
    const sums = cusum([...calm, ...doubled], 0.02, 0.04).map(({ sum }) => sum);
    expect(Math.max(...sums.slice(0, 50))).toBe(0);
    expect(sums.at(-1)).toBeGreaterThan(10);
    const z = ewma([...calm, ...doubled], 0.02).map((day) => day.z);
    expect(Math.max(...z.slice(0, 50).map(Math.abs))).toBeLessThan(1e-9);
    expect(z.at(-1)).toBeGreaterThan(3);
  });

  it('measure a day in standard deviations', () => {
    expect(shewhart([{ events: 10, of: 100 }], 0.1)).toEqual([0]);
    expect(shewhart([{ events: 16, of: 100 }], 0.1)[0]).toBeCloseTo(2, 12);
  });
});

describe('populationStability', () => {
  it('is 0 for the same shares, and as computed by hand for others', () => {
    expect(populationStability([0.5, 0.5], [0.5, 0.5])).toBe(0);
    expect(populationStability([0.5, 0.5], [0.25, 0.75])).toBeCloseTo(
      -0.25 * Math.log(0.5) + 0.25 * Math.log(1.5),
      12,
    );
    expect(() => populationStability([1], [0.5, 0.5])).toThrow(/same bins/);
  });
});

describe('shifted beta geometric', () => {
  it('finds who stays, from a cohort drawn with chances of its own for everybody', () => {
    const random = createRandom(21);
    const active = [20_000];
    const chances = Array.from({ length: 20_000 }, () => random.beta(1, 3));
    let left = chances;
    for (let period = 0; period < 8; period += 1) {
      left = left.filter((chance) => !random.chance(chance));
      active.push(left.length);
    }
    const fit = fitShiftedBeta(active);
    expect(fit.alpha).toBeGreaterThan(0.85);
    expect(fit.alpha).toBeLessThan(1.15);
    expect(Math.abs(survivalShiftedBeta(fit, 8) - (active[8] as number) / 20_000)).toBeLessThan(0.01);
    const best = likelihoodShiftedBeta(active, fit);
    expect(likelihoodShiftedBeta(active, { alpha: fit.alpha * 1.02, beta: fit.beta })).toBeLessThan(best);
    expect(likelihoodShiftedBeta(active, { alpha: fit.alpha, beta: fit.beta * 0.98 })).toBeLessThan(best);
  });
});
