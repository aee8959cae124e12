import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { brier, logLoss, murphyParts, skill } from './probability.js';

describe('logLoss', () => {
  it('is the mean of −log of what was forecast for what happened', () => {
    expect(logLoss([1, 0], [0.8, 0.4])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
    expect(logLoss([1, 0], [0.8, 0.4], [3, 1])).toBeCloseTo(-(3 * Math.log(0.8) + Math.log(0.6)) / 4, 12);
  });

  it('stays finite for a forecast that was certain and wrong', () => {
    expect(logLoss([1], [0])).toBeCloseTo(-Math.log(1e-15), 9);
  });

  it('is least for the true rate', () => {
    const y = [1, 0, 0, 0, 0];
    const at = (p: number): number =>
      logLoss(
        y,
        y.map(() => p),
      );
    expect(at(0.2)).toBeLessThan(at(0.19));
    expect(at(0.2)).toBeLessThan(at(0.21));
  });
});

describe('brier', () => {
  it('is the mean squared distance', () => {
    expect(brier([1, 0], [0.9, 0.2])).toBeCloseTo(0.025, 12);
  });

  it('falls into reliability, resolution and uncertainty', () => {
    const random = createRandom(2);
    const forecast = Array.from({ length: 500 }, () => random.integer(10) / 10);
    const happened = forecast.map((p) => (random.chance(p * p) ? 1 : 0));
    const { reliability, resolution, uncertainty } = murphyParts(happened, forecast);
    expect(reliability - resolution + uncertainty).toBeCloseTo(brier(happened, forecast), 12);
    expect(reliability).toBeGreaterThan(0.01);
  });
});

describe('skill', () => {
  it('is the share of the baseline that is saved', () => {
    expect(skill(0.15, 0.2)).toBeCloseTo(0.25, 12);
    expect(skill(0.2, 0.2)).toBe(0);
    expect(skill(0.3, 0.2)).toBeLessThan(0);
  });
});
