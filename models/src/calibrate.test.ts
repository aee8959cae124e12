import { describe, expect, it } from 'vitest';
import { type Calibration, calibrated, chooseCalibration } from './calibrate.js';
import { binaryLabels, type Labels } from './labels.js';
import { sigmoid } from './logit.js';
import { createRandom, type Random } from './random.js';

/** Logits that the truth is a function of, and what was drawn from it. */
function drawn(
  rows: number,
  truth: (z: number) => number,
  random: Random,
): { logits: Float64Array; labels: Labels } {
  const logits = Float64Array.from({ length: rows }, () => random.normal(-1, 1.5));
  return { logits, labels: binaryLabels(Uint8Array.from(logits, (z) => (random.chance(truth(z)) ? 1 : 0))) };
}

function chosen(rows: number, truth: (z: number) => number, seed = 2): Calibration {
  const { logits, labels } = drawn(rows, truth, createRandom(seed));
  return chooseCalibration(logits, labels, createRandom(seed + 1));
}

describe('chooseCalibration', () => {
  it('leaves logits alone that are calibrated', () => {
    const kinds = [1, 2, 3, 4, 5].map((seed) => chosen(4000, sigmoid, seed).kind);
    expect(kinds.filter((kind) => kind === 'identity').length).toBeGreaterThanOrEqual(3);
    expect(kinds).not.toContain('isotonic');
  });

  it('cools logits that are twice too extreme', () => {
    const map = chosen(4000, (z) => sigmoid(z / 2));
    if (map.kind !== 'temperature' && map.kind !== 'platt') throw new Error(`chose ${map.kind}`);
    expect(map.slope).toBeCloseTo(0.5, 1);
    expect(calibrated(map, 2)).toBeCloseTo(1, 0);
  });

  it('shifts and cools where both are off', () => {
    const map = chosen(4000, (z) => sigmoid(1 + z / 2));
    expect(map.kind).toBe('platt');
    expect(calibrated(map, 0)).toBeCloseTo(1, 0);
  });

  it('bends where no line fits, and only with enough events', () => {
    const steps = (z: number): number => (z < -1 ? 0.02 : z < 0.5 ? 0.5 : 0.55);
    expect(chosen(6000, steps).kind).toBe('isotonic');
    expect(chosen(600, steps).kind).not.toBe('isotonic');
  });

  it('moves the intercept at most where there are fewer than 50 events', () => {
    const random = createRandom(9);
    const logits = Float64Array.from({ length: 2000 }, () => random.normal(0, 1));
    const labels = binaryLabels(Uint8Array.from(logits, (_, i) => (i % 50 === 0 ? 1 : 0)));
    const map = chooseCalibration(logits, labels, random);
    expect(map.kind).toBe('intercept');
    expect(sigmoid(calibrated(map, 0))).toBeLessThan(0.05);
  });

  it('never turns the order around, however wrong the logits are', () => {
    const map = chosen(4000, (z) => sigmoid(-z));
    const values = [-4, -2, 0, 2, 4].map((z) => calibrated(map, z));
    for (const [i, value] of values.entries())
      if (i > 0) expect(value).toBeGreaterThanOrEqual(values[i - 1] ?? 0);
  });

  it('finds the same map of a large table by a sample, with its weights', () => {
    const map = chosen(250_000, (z) => sigmoid(1 + z / 2));
    expect(sigmoid(calibrated(map, 0))).toBeCloseTo(sigmoid(1), 1);
    expect(sigmoid(calibrated(map, -3))).toBeCloseTo(sigmoid(-0.5), 1);
  });

  it('takes intervals that were not observed for nothing', () => {
    const random = createRandom(4);
    const rows = 3000;
    const truth = (z: number): number => sigmoid(1 + z / 2);
    const logits = Float64Array.from({ length: rows * 2 }, (_, i) =>
      i % 2 === 0 ? random.normal(-1, 1.5) : 50,
    );
    const event = Uint8Array.from({ length: rows }, (_, row) =>
      random.chance(truth(logits[row * 2] ?? 0)) ? 1 : 0,
    );
    const labels = {
      intervals: 2,
      observed: new Uint8Array(rows).fill(1),
      event,
      weight: new Float64Array(rows).fill(1),
    };
    const map = chooseCalibration(logits, labels, random);
    expect(map.kind).toBe('platt');
    expect(calibrated(map, 0)).toBeCloseTo(1, 0);
  });
});

describe('calibrated', () => {
  it('promises nothing for certain', () => {
    const map: Calibration = { kind: 'isotonic', map: { points: [0, 1], values: [0, 1] }, least: 0.01 };
    expect(sigmoid(calibrated(map, -5))).toBeCloseTo(0.01, 12);
    expect(sigmoid(calibrated(map, 5))).toBeCloseTo(0.99, 12);
  });
});
