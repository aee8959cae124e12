import { describe, expect, it } from 'vitest';
import { logit, sigmoid } from '../logit.js';
import { createRandom } from '../random.js';
import {
  calibrationError,
  calibrationErrorByMass,
  calibrationLine,
  calibrationNoise,
  reliabilityTable,
} from './calibration.js';

const random = createRandom(6);
const right = Float64Array.from({ length: 5000 }, () => sigmoid(random.normal(-1, 1)));
const happened = Uint8Array.from(right, (p) => (random.chance(p) ? 1 : 0));

describe('calibrationError', () => {
  it('weighs the gap of each bin by its rows', () => {
    // Two bins: forecasts .2 and .4 of which one of three happened, .9 of which none did.
    expect(calibrationError([0, 1, 0, 0], [0.2, 0.4, 0.4, 0.9], 2)).toBeCloseTo(
      (Math.abs(1 - 1) + 0.9) / 4,
      12,
    );
  });

  it('takes a forecast of exactly 1', () => {
    expect(calibrationError([1], [1])).toBe(0);
    expect(calibrationError([0], [1])).toBe(1);
  });

  it('by mass puts equally many rows into each bin', () => {
    expect(calibrationErrorByMass([0, 1, 1, 1], [0.1, 0.2, 0.3, 0.4], 2)).toBeCloseTo((0.7 + 1.3) / 4, 12);
  });
});

describe('calibrationNoise', () => {
  it('is above the error of right forecasts, and below that of wrong ones', () => {
    const noise = calibrationNoise(right, createRandom(1));
    expect(calibrationError(happened, right)).toBeLessThan(noise);
    const wrong = right.map((p) => sigmoid(2 * logit(p)));
    expect(calibrationError(happened, wrong)).toBeGreaterThan(2 * noise);
  });

  it('falls with the root of the rows', () => {
    const quarter = calibrationNoise(right.slice(0, 1250), createRandom(1));
    expect(quarter / calibrationNoise(right, createRandom(1))).toBeGreaterThan(1.6);
  });
});

describe('calibrationLine', () => {
  it('has slope 1 and intercept 0 for right forecasts, and a slope below 1 for extreme ones', () => {
    const line = calibrationLine(happened, right);
    expect(Math.abs((line?.slope ?? 0) - 1)).toBeLessThan(0.1);
    expect(Math.abs(line?.intercept ?? 1)).toBeLessThan(0.15);
    const extreme = right.map((p) => sigmoid(2 * logit(p)));
    expect(calibrationLine(happened, extreme)?.slope).toBeCloseTo((line?.slope ?? 0) / 2, 6);
  });

  it('is none for forecasts all alike', () => {
    expect(calibrationLine([0, 1], [0.3, 0.3])).toBeNull();
  });
});

describe('reliabilityTable', () => {
  it('has a line for each bin that holds rows', () => {
    expect(reliabilityTable([0, 1, 1], [0.25, 0.25, 1], 2)).toEqual([
      { from: 0, to: 0.5, rows: 2, forecast: 0.25, happened: 0.5 },
      { from: 0.5, to: 1, rows: 1, forecast: 1, happened: 1 },
    ]);
  });
});
