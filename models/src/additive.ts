import { solvePositiveDefinite } from './cholesky.js';
import type { Encoded } from './encode.js';
import type { Labels } from './labels.js';
import { logit, softplus } from './logit.js';
import { newtonSystem } from './newton-system.js';
import { createTouches, heightOffsets } from './touches.js';

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
  const problem = { encoded, labels, lambda, touches: createTouches(encoded, labels.intervals) };
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

/** Rows that an interval must have been followed by to say something of itself. */
const fewestFollowed = 50;

/** The first intervals that enough rows were followed to the end of. */
export function followedIntervals({ intervals, observed }: Labels): number {
  let followed = 0;
  while (followed < intervals) {
    let rows = 0;
    for (const seen of observed) if (seen > followed) rows += 1;
    if (rows < fewestFollowed) break;
    followed += 1;
  }
  return followed;
}

/**
 * Intervals that hardly any row was followed to the end of get the hazard a day of the last one that was: nothing is known of
 * them, and an empty interval alone would say one in two.
 *
 * @param ends of the intervals, in days
 */
export function carriedOn(model: Additive, followed: number, ends: readonly number[]): Additive {
  if (followed === 0 || followed >= model.intercepts.length) return model;
  const lengthOf = (j: number): number => (ends[j] as number) - (ends[j - 1] ?? 0);
  const daily = softplus(model.intercepts[followed - 1] as number) / lengthOf(followed - 1);
  const intercepts = model.intercepts.map((own, j) =>
    j < followed ? own : logit(-Math.expm1(-daily * lengthOf(j))),
  );
  return { ...model, intercepts };
}

/** Σ_f s_f(x_f) of each row: the logit of interval j is a_j more. */
export function scoreAdditive({ heights }: Additive, encoded: Encoded): Float64Array {
  const touches = createTouches(encoded, 0);
  // A touch may name the height after the last one, with nothing of it.
  const padded = new Float64Array(heights.length + 1);
  padded.set(heights);
  const scores = new Float64Array(encoded.rows);
  for (let from = 0; from < encoded.rows; from += touches.most) {
    const count = touches.fill(from);
    for (let slot = 0; slot < touches.slots; slot += 1) {
      const base = slot * touches.most;
      for (let row = 0; row < count; row += 1) {
        const index = touches.index[base + row] as number;
        scores[from + row] =
          (scores[from + row] as number) +
          (touches.low[base + row] as number) * (padded[index] as number) +
          (touches.high[base + row] as number) * (padded[index + 1] as number);
      }
    }
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
