import { describe, expect, it } from 'vitest';
import { sigmoid } from './logit.js';
import { createRandom } from './random.js';
import { fitLine } from './recalibrate.js';

const random = createRandom(11);
const logits = Float64Array.from({ length: 2000 }, () => random.normal(0, 2));
const happened = Uint8Array.from(logits, (z) => (random.chance(sigmoid(0.5 + 0.6 * z)) ? 1 : 0));

/** At the maximum of the likelihood, forecasts and what happened have the same sum, and the same sum times the logit. */
function scores(intercept: number, slope: number): { sum: number; bySlope: number } {
  let sum = 0;
  let bySlope = 0;
  for (const [i, z] of logits.entries()) {
    const rest = sigmoid(intercept + slope * z) - (happened[i] as number);
    sum += rest;
    bySlope += rest * z;
  }
  return { sum, bySlope };
}

describe('fitLine', () => {
  it('solves the score equations, and finds the line that the data are drawn from', () => {
    const line = fitLine(logits, happened);
    expect(line?.intercept).toBeCloseTo(0.5, 0);
    expect(line?.slope).toBeCloseTo(0.6, 1);
    const { sum, bySlope } = scores(line?.intercept ?? 0, line?.slope ?? 0);
    expect(Math.abs(sum)).toBeLessThan(1e-8);
    expect(Math.abs(bySlope)).toBeLessThan(1e-8);
  });

  it('holds what is to be held', () => {
    const heat = fitLine(logits, happened, { fixIntercept: true });
    expect(heat?.intercept).toBe(0);
    expect(Math.abs(scores(0, heat?.slope ?? 0).bySlope)).toBeLessThan(1e-8);
    const shift = fitLine(logits, happened, { fixSlope: true });
    expect(shift?.slope).toBe(1);
    expect(Math.abs(scores(shift?.intercept ?? 0, 1).sum)).toBeLessThan(1e-8);
  });

  it('counts a row of weight 3 three times', () => {
    const weighted = fitLine([-1, 0, 1, 2], [0, 1, 0, 1], { weights: [3, 1, 1, 2] });
    const repeated = fitLine([-1, -1, -1, 0, 1, 2, 2], [0, 0, 0, 1, 0, 1, 1]);
    expect(weighted?.slope).toBeCloseTo(repeated?.slope ?? 0, 9);
    expect(weighted?.intercept).toBeCloseTo(repeated?.intercept ?? 0, 9);
  });

  it('finds no line where none is best', () => {
    expect(fitLine([-2, -1, 1, 2], [0, 0, 1, 1])).toBeNull();
    expect(fitLine([-2, -1, 1, 2], [1, 1, 0, 0])).toBeNull();
    expect(fitLine([1, 1, 1], [0, 1, 0])).toBeNull();
    expect(fitLine([1, 2, 3], [1, 1, 1])).toBeNull();
    expect(fitLine([], [])).toBeNull();
  });
});
