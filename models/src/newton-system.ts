import type { Encoded, Feature } from './encode.js';
import type { Labels } from './labels.js';
import { sigmoid, softplus } from './logit.js';
import { heightOffsets, type Touches } from './touches.js';

export interface Problem {
  readonly encoded: Encoded;
  readonly labels: Labels;
  readonly lambda: number;
  readonly touches: Touches;
}

/** So small that it changes no digit of an intercept that data speak of, and holds one that none speak of. */
const interceptRidge = 1e-12;

interface System {
  readonly hessian: Float64Array;
  readonly gradient: Float64Array;
  readonly parameters: Float64Array;
  readonly intervals: number;
}

/** Penalised loss, gradient and the upper triangle of the Hessian at given parameters: intercepts first, then heights. */
export function newtonSystem({ encoded, labels, lambda, touches }: Problem, parameters: Float64Array) {
  const { intervals } = labels;
  const size = parameters.length;
  // A touch may name the parameter after the last one, with nothing of it.
  const padded = new Float64Array(size + 1);
  padded.set(parameters);
  const system = {
    hessian: new Float64Array(size * size),
    gradient: new Float64Array(size),
    parameters,
    intervals,
  };
  const slope = new Float64Array(touches.most);
  const curvature = new Float64Array(touches.most);
  /** Curvature by interval, rows together. */
  const bends = new Float64Array(touches.most * intervals);
  let loss = 0;
  for (let from = 0; from < encoded.rows; from += touches.most) {
    const count = touches.fill(from);
    const scores = scoreChunk(touches, padded, count);
    bends.fill(0);
    for (let row = 0; row < count; row += 1)
      loss += addRow(system, labels, { from, row, score: scores[row] as number, slope, curvature, bends });
    addSlots(system, touches, { count, slope, curvature, bends });
  }
  for (let j = 0; j < intervals; j += 1) {
    const at = j * size + j;
    system.hessian[at] = (system.hessian[at] as number) + interceptRidge;
  }
  loss += addRidge(encoded.features, lambda, system);
  return { loss, gradient: system.gradient, hessian: system.hessian };
}

function scoreChunk(
  { slots, most, index, low, high }: Touches,
  parameters: Float64Array,
  count: number,
): Float64Array {
  const scores = new Float64Array(count);
  for (let slot = 0; slot < slots; slot += 1) {
    const base = slot * most;
    for (let row = 0; row < count; row += 1) {
      const i = index[base + row] as number;
      scores[row] =
        (scores[row] as number) +
        (low[base + row] as number) * (parameters[i] as number) +
        (high[base + row] as number) * (parameters[i + 1] as number);
    }
  }
  return scores;
}

interface Row {
  readonly from: number;
  readonly row: number;
  readonly score: number;
  readonly slope: Float64Array;
  readonly curvature: Float64Array;
  readonly bends: Float64Array;
}

/** The row's part in the intercepts, and its slope and curvature in the shared score. @returns its loss */
function addRow(
  { hessian, gradient, parameters }: System,
  { observed, event, weight }: Labels,
  { from, row, score, slope, curvature, bends }: Row,
): number {
  const size = parameters.length;
  const seen = observed[from + row] as number;
  const one = weight[from + row] as number;
  let loss = 0;
  let pulls = 0;
  let sum = 0;
  for (let j = 0; j < seen; j += 1) {
    const logit = (parameters[j] as number) + score;
    const happened = j === seen - 1 ? (event[from + row] as number) : 0;
    const probability = sigmoid(logit);
    const pull = one * (probability - happened);
    const bend = one * probability * (1 - probability);
    loss += one * (softplus(logit) - happened * logit);
    pulls += pull;
    sum += bend;
    gradient[j] = (gradient[j] as number) + pull;
    hessian[j * size + j] = (hessian[j * size + j] as number) + bend;
    bends[j * slope.length + row] = bend;
  }
  slope[row] = pulls;
  curvature[row] = sum;
  return loss;
}

interface Sums {
  readonly count: number;
  readonly slope: Float64Array;
  readonly curvature: Float64Array;
  readonly bends: Float64Array;
}

/** The chunk's part in the heights: each slot with the intercepts, with itself, and with every later slot. */
function addSlots({ hessian, gradient, intervals }: System, touches: Touches, sums: Sums): void {
  const { slots, most, index, low, high } = touches;
  const { count, slope, curvature, bends } = sums;
  const size = gradient.length;
  const scaledLow = new Float64Array(count);
  const scaledHigh = new Float64Array(count);
  for (let s = 0; s < slots; s += 1) {
    const base = s * most;
    for (let row = 0; row < count; row += 1) {
      const i = index[base + row] as number;
      const a = low[base + row] as number;
      const b = high[base + row] as number;
      const bend = curvature[row] as number;
      gradient[i] = (gradient[i] as number) + (slope[row] as number) * a;
      gradient[i + 1] = (gradient[i + 1] as number) + (slope[row] as number) * b;
      const at = i * size + i;
      hessian[at] = (hessian[at] as number) + bend * a * a;
      hessian[at + 1] = (hessian[at + 1] as number) + bend * a * b;
      hessian[at + size + 1] = (hessian[at + size + 1] as number) + bend * b * b;
      scaledLow[row] = bend * a;
      scaledHigh[row] = bend * b;
    }
    for (let j = 0; j < intervals; j += 1) {
      for (let row = 0; row < count; row += 1) {
        const at = j * size + (index[base + row] as number);
        const bend = bends[j * most + row] as number;
        hessian[at] = (hessian[at] as number) + bend * (low[base + row] as number);
        hessian[at + 1] = (hessian[at + 1] as number) + bend * (high[base + row] as number);
      }
    }
    for (let t = s + 1; t < slots; t += 1) {
      const other = t * most;
      for (let row = 0; row < count; row += 1) {
        const at = (index[base + row] as number) * size + (index[other + row] as number);
        const c = low[other + row] as number;
        const d = high[other + row] as number;
        const p = scaledLow[row] as number;
        const q = scaledHigh[row] as number;
        hessian[at] = (hessian[at] as number) + p * c;
        hessian[at + 1] = (hessian[at + 1] as number) + p * d;
        hessian[at + size] = (hessian[at + size] as number) + q * c;
        hessian[at + size + 1] = (hessian[at + size + 1] as number) + q * d;
      }
    }
  }
}

/** λ/2 Σ w², w the differences of neighbouring heights. @returns the penalty */
function addRidge(
  features: readonly Feature[],
  lambda: number,
  { hessian, gradient, parameters, intervals }: System,
): number {
  const size = parameters.length;
  let penalty = 0;
  const add = (high: number, low: number | undefined): void => {
    const difference = (parameters[high] as number) - (low === undefined ? 0 : (parameters[low] as number));
    penalty += (lambda / 2) * difference * difference;
    gradient[high] = (gradient[high] as number) + lambda * difference;
    hessian[high * size + high] = (hessian[high * size + high] as number) + lambda;
    if (low === undefined) return;
    gradient[low] = (gradient[low] as number) - lambda * difference;
    hessian[low * size + low] = (hessian[low * size + low] as number) + lambda;
    hessian[low * size + high] = (hessian[low * size + high] as number) - lambda;
  };
  const { offsets } = heightOffsets(features);
  for (const [place, feature] of features.entries()) {
    const offset = intervals + (offsets[place] as number);
    const knots = feature.kind === 'numeric' ? feature.knots.length - 1 : 0;
    for (let k = 0; k < knots; k += 1) add(offset + k, k === 0 ? undefined : offset + k - 1);
    const alone = feature.kind === 'numeric' ? (feature.missing ? 1 : 0) : feature.levels.length;
    for (let k = 0; k < alone; k += 1) add(offset + knots + k, undefined);
  }
  return penalty;
}
