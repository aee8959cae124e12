import { describe, expect, it } from 'vitest';
import { additiveLogits, fitAdditive, scoreAdditive } from './additive.js';
import {
  type CategoricalFeature,
  encode,
  fitEncoder,
  type NumericFeature,
  piecewiseLinear,
} from './encode.js';
import { binaryLabels, hazardLabels, type Labels } from './labels.js';
import { logit, sigmoid } from './logit.js';
import { createRandom } from './random.js';
import type { Column } from './table/infer-columns.js';

const rows = 400;
const random = createRandom(31);
const numbers = Float64Array.from({ length: rows }, () =>
  random.chance(0.1) ? Number.NaN : random.normal(),
);
const names = Array.from({ length: rows }, () => random.choice(['a', 'b', 'c', null]));
const columns: Column[] = [
  { name: 'n', kind: 'numeric', values: numbers },
  { name: 'c', kind: 'categorical', values: names },
];
const all = Int32Array.from({ length: rows }, (_, row) => row);
const encoder = fitEncoder(columns, all);
const encoded = encode(encoder, columns, all);
const [number, name] = encoder.features as [NumericFeature, CategoricalFeature];

/** The design written out densely: piecewise-linear components, the missing value, one column a level. */
function dense(row: number): number[] {
  const value = numbers[row] as number;
  const isMissing = Number.isNaN(value);
  const middle = Array.from({ length: number.knots.length - 1 }, (_, bin) =>
    Math.max(0, Math.min(1, number.median - bin)),
  );
  return [
    ...(isMissing ? middle : piecewiseLinear(number.knots, value)),
    isMissing ? 1 : 0,
    ...name.levels.map((level) => (names[row] === level ? 1 : 0)),
  ];
}

/** Weights on the dense design: heights are sums of them along the knots. */
function weightsOf(heights: Float64Array): number[] {
  const bins = number.knots.length - 1;
  return Array.from(heights, (height, k) => height - (k > 0 && k < bins ? (heights[k - 1] as number) : 0));
}

/** Gradient of the penalised loss on the dense design, with nothing clever. */
function gradient(labels: Labels, intercepts: Float64Array, weights: number[], lambda: number): number[] {
  const byIntercept = [...intercepts].map(() => 0);
  const byWeight = weights.map((weight) => lambda * weight);
  for (const row of all) {
    const x = dense(row);
    const score = x.reduce((sum, one, k) => sum + one * (weights[k] as number), 0);
    const seen = labels.observed[row] as number;
    for (let j = 0; j < seen; j += 1) {
      const event = j === seen - 1 ? (labels.event[row] as number) : 0;
      const pull = (labels.weight[row] as number) * (sigmoid((intercepts[j] as number) + score) - event);
      byIntercept[j] = (byIntercept[j] as number) + pull;
      for (const [k, one] of x.entries()) byWeight[k] = (byWeight[k] as number) + pull * one;
    }
  }
  return [...byIntercept, ...byWeight];
}

const positive = Uint8Array.from({ length: rows }, (_, row) =>
  random.chance(sigmoid(-1 + (Number.isNaN(numbers[row]) ? 1 : Math.abs(numbers[row] as number)))) ? 1 : 0,
);
const time = Float64Array.from({ length: rows }, () => random.between(0.1, 120));
const weighted = {
  ...binaryLabels(positive),
  weight: Float64Array.from(positive, (_, row) => 1 + (row % 3)),
};

describe('fitAdditive', () => {
  it.each([
    ['a yes or no', binaryLabels(positive)],
    ['weighted rows', weighted],
    ['hazards with censoring', hazardLabels(time, positive)],
  ])('of %s is where the gradient of the penalised loss is 0 on the dense design', (_, labels) => {
    const lambda = 2;
    const fit = fitAdditive(encoded, labels, lambda);
    for (const one of gradient(labels, fit.intercepts, weightsOf(fit.heights), lambda))
      expect(Math.abs(one)).toBeLessThan(1e-6);
  });

  it('scores rows as the dense design does', () => {
    const fit = fitAdditive(encoded, binaryLabels(positive), 2);
    const weights = weightsOf(fit.heights);
    const scores = scoreAdditive(fit, encoded);
    for (const row of all)
      expect(scores[row]).toBeCloseTo(
        dense(row).reduce((sum, one, k) => sum + one * (weights[k] as number), 0),
        12,
      );
  });

  it('without features gives the rate', () => {
    const none = { positions: new Float64Array(0), rows, features: [] };
    const rate = positive.reduce((sum, one) => sum + one, 0) / rows;
    expect(fitAdditive(none, binaryLabels(positive), 1).intercepts[0]).toBeCloseTo(logit(rate), 9);
  });

  it('ends where a level separates the classes, and where an interval has no event', () => {
    const separated: Column[] = [{ name: 'c', kind: 'categorical', values: Array.from(positive, String) }];
    const own = fitEncoder(separated, all);
    const fit = fitAdditive(encode(own, separated, all), binaryLabels(positive), 1);
    expect([...fit.heights].every(Number.isFinite)).toBe(true);
    const quiet = hazardLabels(
      time.map(() => 100),
      new Uint8Array(rows),
    );
    expect([...fitAdditive(encoded, quiet, 1).intercepts].every(Number.isFinite)).toBe(true);
  });

  it('comes to the same from another start', () => {
    const labels = binaryLabels(positive);
    const cold = fitAdditive(encoded, labels, 3.3);
    const warm = fitAdditive(encoded, labels, 3.3, { start: fitAdditive(encoded, labels, 33) });
    for (const [i, height] of cold.heights.entries()) expect(warm.heights[i]).toBeCloseTo(height, 6);
  });
});

describe('additiveLogits', () => {
  it('differ between intervals by the intercepts alone', () => {
    const fit = fitAdditive(encoded, hazardLabels(time, positive), 1);
    const logits = additiveLogits(fit, encoded);
    const intervals = fit.intercepts.length;
    for (const row of [0, 17, 399])
      expect((logits[row * intervals + 3] as number) - (logits[row * intervals] as number)).toBeCloseTo(
        (fit.intercepts[3] as number) - (fit.intercepts[0] as number),
        12,
      );
  });
});
