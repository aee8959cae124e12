import { solvePositiveDefinite } from './cholesky.js';
import type { Encoded, Feature } from './encode.js';
import type { Labels } from './labels.js';
import { sigmoid, softplus } from './logit.js';

/**
 * Stage A: logit h_j(x) = a_j + Σ_f s_f(x_f), each s_f piecewise linear or one weight a level.
 *
 * With weights w_k on the piecewise-linear encoding, s_f at knot k is w₁ + … + w_k, so a row touches two knots: the sum is
 * written by heights at knots, and the ridge λ/2 Σ w² by their differences. A dense encoding has a dozen non-zeros instead.
 */
export interface Additive {
  /** a_j, not penalised. */
  readonly intercepts: Float64Array;
  /** Heights, feature by feature: at knots 1 … K (0 at knot 0) and of the missing value; or of each level. */
  readonly heights: Float64Array;
  readonly lambda: number;
}

export const lambdas = [33, 10, 3.3, 1] as const;

const mostSteps = 60;
const mostHalvings = 30;
/** Half the squared Newton decrement per unit of weight below which a fit is done. */
const exactly = 1e-12;

/** Where the heights of each feature begin. */
export function heightOffsets(features: readonly Feature[]): { offsets: number[]; total: number } {
  let total = 0;
  const offsets = features.map((feature) => {
    const offset = total;
    total +=
      feature.kind === 'numeric'
        ? feature.knots.length - 1 + (feature.missing ? 1 : 0)
        : feature.levels.length;
    return offset;
  });
  return { offsets, total };
}

/** Writes which heights a row touches, and how much: rising indices. @returns how many */
type Gather = (row: number, indices: Int32Array, values: Float64Array) => number;

function gatherer({ positions, features }: Encoded): Gather {
  const { offsets } = heightOffsets(features);
  const width = features.length;
  return (row, indices, values) => {
    let count = 0;
    for (let place = 0; place < width; place += 1) {
      const feature = features[place] as Feature;
      const offset = offsets[place] as number;
      let position = positions[row * width + place] as number;
      if (feature.kind === 'categorical') {
        if (position < 0) continue;
        indices[count] = offset + position;
        values[count++] = 1;
        continue;
      }
      const isMissing = position < 0;
      if (isMissing) position = feature.median;
      const bin = Math.floor(position);
      const fraction = position - bin;
      if (bin > 0 && fraction < 1) {
        indices[count] = offset + bin - 1;
        values[count++] = 1 - fraction;
      }
      if (fraction > 0) {
        indices[count] = offset + bin;
        values[count++] = fraction;
      }
      if (isMissing && feature.missing) {
        indices[count] = offset + feature.knots.length - 1;
        values[count++] = 1;
      }
    }
    return count;
  };
}

/**
 * Penalised maximum likelihood by Newton's method (iteratively reweighted least squares), halving steps that do not help.
 * Loss: the sum over rows and observed intervals of the binary cross-entropy. Starts at the empirical hazards, or at
 * `start`. Deterministic.
 */
export function fitAdditive(
  encoded: Encoded,
  labels: Labels,
  lambda: number,
  { start, settled = exactly }: { start?: Additive | undefined; settled?: number } = {},
): Additive {
  const { total } = heightOffsets(encoded.features);
  const problem = { encoded, labels, lambda, gather: gatherer(encoded), total };
  const size = labels.intervals + total;
  let current = new Float64Array(size);
  current.set(start === undefined ? empiricalLogits(labels) : start.intercepts);
  if (start !== undefined) current.set(start.heights, labels.intervals);
  const weight = Math.max(
    1,
    labels.weight.reduce((sum, one) => sum + one, 0),
  );

  let at = newtonSystem(problem, current);
  for (let step = 0; step < mostSteps; step += 1) {
    const direction = solvePositiveDefinite(at.hessian, at.gradient.slice());
    let decrement = 0;
    for (let i = 0; i < size; i += 1) decrement += (direction[i] as number) * (at.gradient[i] as number);
    if (decrement / 2 <= settled * weight) {
      current = current.map((value, i) => value - (direction[i] as number));
      break;
    }
    let share = 1;
    let next = current;
    let there = at;
    for (let half = 0; half < mostHalvings; half += 1, share /= 2) {
      next = current.map((value, i) => value - share * (direction[i] as number));
      there = newtonSystem(problem, next);
      if (there.loss <= at.loss) break;
    }
    if (!(there.loss <= at.loss)) break;
    current = next;
    at = there;
  }
  return {
    intercepts: current.slice(0, labels.intervals),
    heights: current.slice(labels.intervals),
    lambda,
  };
}

/** Logits of the hazards without features; half an event is added on both sides, so that none is infinite. */
function empiricalLogits({ intervals, observed, event, weight }: Labels): Float64Array {
  const yes = new Float64Array(intervals);
  const no = new Float64Array(intervals);
  for (let row = 0; row < observed.length; row += 1) {
    const seen = observed[row] as number;
    for (let j = 0; j < seen; j += 1) {
      const side = event[row] === 1 && j === seen - 1 ? yes : no;
      side[j] = (side[j] as number) + (weight[row] as number);
    }
  }
  return yes.map((count, j) => Math.log((count + 0.5) / ((no[j] as number) + 0.5)));
}

interface Problem {
  readonly encoded: Encoded;
  readonly labels: Labels;
  readonly lambda: number;
  readonly gather: Gather;
  readonly total: number;
}

/** So small that it changes no digit of an intercept that data speak of, and holds one that none speak of. */
const interceptRidge = 1e-12;

/** Penalised loss, gradient and the upper triangle of the Hessian at given parameters: intercepts first, then heights. */
function newtonSystem({ encoded, labels, lambda, gather, total }: Problem, parameters: Float64Array) {
  const { intervals, observed, event, weight } = labels;
  const size = intervals + total;
  const hessian = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const indices = new Int32Array(encoded.features.length * 3);
  const values = new Float64Array(encoded.features.length * 3);
  let loss = 0;
  for (let row = 0; row < encoded.rows; row += 1) {
    const seen = observed[row] as number;
    if (seen === 0) continue;
    const count = gather(row, indices, values);
    let shared = 0;
    for (let s = 0; s < count; s += 1)
      shared += (parameters[intervals + (indices[s] as number)] as number) * (values[s] as number);
    let slope = 0;
    let curvature = 0;
    for (let j = 0; j < seen; j += 1) {
      const logit = (parameters[j] as number) + shared;
      const happened = j === seen - 1 ? (event[row] as number) : 0;
      const probability = sigmoid(logit);
      const one = weight[row] as number;
      const pull = one * (probability - happened);
      const bend = one * probability * (1 - probability);
      loss += one * (softplus(logit) - happened * logit);
      slope += pull;
      curvature += bend;
      gradient[j] = (gradient[j] as number) + pull;
      hessian[j * size + j] = (hessian[j * size + j] as number) + bend;
      const base = j * size + intervals;
      for (let s = 0; s < count; s += 1) {
        const at = base + (indices[s] as number);
        hessian[at] = (hessian[at] as number) + bend * (values[s] as number);
      }
    }
    for (let s = 0; s < count; s += 1) {
      const index = indices[s] as number;
      const value = values[s] as number;
      gradient[intervals + index] = (gradient[intervals + index] as number) + slope * value;
      const base = (intervals + index) * size + intervals;
      const scaled = curvature * value;
      for (let t = s; t < count; t += 1) {
        const at = base + (indices[t] as number);
        hessian[at] = (hessian[at] as number) + scaled * (values[t] as number);
      }
    }
  }
  for (let j = 0; j < intervals; j += 1)
    hessian[j * size + j] = (hessian[j * size + j] as number) + interceptRidge;
  loss += addRidge(encoded.features, lambda, { hessian, gradient, parameters, intervals });
  return { loss, gradient, hessian };
}

/** λ/2 Σ w², w the differences of neighbouring heights. @returns the penalty */
function addRidge(
  features: readonly Feature[],
  lambda: number,
  system: {
    hessian: Float64Array;
    gradient: Float64Array;
    parameters: Float64Array;
    intervals: number;
  },
): number {
  const { hessian, gradient, parameters, intervals } = system;
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

/** Σ_f s_f(x_f) of each row: the logit of interval j is a_j more. */
export function scoreAdditive({ heights }: Additive, encoded: Encoded): Float64Array {
  const gather = gatherer(encoded);
  const indices = new Int32Array(encoded.features.length * 3);
  const values = new Float64Array(encoded.features.length * 3);
  const scores = new Float64Array(encoded.rows);
  for (let row = 0; row < encoded.rows; row += 1) {
    const count = gather(row, indices, values);
    let score = 0;
    for (let s = 0; s < count; s += 1)
      score += (heights[indices[s] as number] as number) * (values[s] as number);
    scores[row] = score;
  }
  return scores;
}

/** Logits of the hazards, rows by intervals. */
export function additiveLogits(model: Additive, encoded: Encoded): Float64Array {
  const { intercepts } = model;
  const scores = scoreAdditive(model, encoded);
  const logits = new Float64Array(encoded.rows * intercepts.length);
  for (let row = 0; row < encoded.rows; row += 1)
    for (let j = 0; j < intercepts.length; j += 1)
      logits[row * intercepts.length + j] = (intercepts[j] as number) + (scores[row] as number);
  return logits;
}
