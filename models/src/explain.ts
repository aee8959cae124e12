import type { Additive } from './additive.js';
import { type Encoded, encode, type Feature } from './encode.js';
import type { Learned } from './learner.js';
import { featureOfInputs, outputAndGradient, rowInput } from './network-gradient.js';
import { inputShape, type NetworkRows, networkRows } from './network-input.js';
import { integratedGradients } from './reasons.js';
import type { Column } from './table/infer-columns.js';
import { heightOffsets } from './touches.js';

/** The average row of the training, which reasons are told against. */
export interface Baseline {
  /** Mean of what each feature adds in stage A. */
  readonly scores: Float64Array;
  /** Mean input of the networks; empty where there are none. */
  readonly inputs: Float64Array;
}

export interface Explained {
  /** Rows by features, in the order of the encoder: what each adds to the logit, against the average row. */
  readonly contributions: Float64Array;
  /** Of each row, the networks' part that the steps of integration miss, as a share of it. 0 without networks. */
  readonly gaps: Float64Array;
  /** Rows by features: 1 where networks do not agree on the sign of what they add. */
  readonly disputed: Uint8Array;
}

/** Rows that the networks' average input is taken of, at most. */
const mostForMean = 20_000;
const fewestSteps = 50;
const mostSteps = 6400;
/** Of the difference that is to be explained; below a hundredth of a logit, of that hundredth. */
const mostGap = 0.01;
const leastDifference = 0.01;

/** s_f(x_f), rows by features. */
function featureScores({ heights }: Additive, { positions, features, rows }: Encoded): Float64Array {
  const { offsets } = heightOffsets(features);
  const scores = new Float64Array(rows * features.length);
  for (const [place, feature] of features.entries()) {
    const offset = offsets[place] as number;
    for (let row = 0; row < rows; row += 1) {
      const at = row * features.length + place;
      scores[at] = heightAt(heights, offset, feature, positions[at] as number);
    }
  }
  return scores;
}

function heightAt(heights: Float64Array, offset: number, feature: Feature, position: number): number {
  if (feature.kind === 'categorical') return position < 0 ? 0 : (heights[offset + position] as number);
  const bins = feature.knots.length - 1;
  const reached = position < 0 ? feature.median : position;
  const bin = Math.min(Math.floor(reached), bins - 1);
  const from = bin === 0 ? 0 : (heights[offset + bin - 1] as number);
  const curve = from + (reached - bin) * ((heights[offset + bin] as number) - from);
  return position < 0 && feature.missing ? curve + (heights[offset + bins] as number) : curve;
}

/** @param data the rows of the training, where networks are kept */
export function baselineOf(additive: Additive, encoded: Encoded, data?: NetworkRows): Baseline {
  const { rows, features } = encoded;
  const scores = new Float64Array(features.length);
  for (const [at, score] of featureScores(additive, encoded).entries()) {
    const place = at % features.length;
    scores[place] = (scores[place] as number) + score / rows;
  }
  return { scores, inputs: data === undefined ? new Float64Array(0) : meanInput(data) };
}

function meanInput(data: NetworkRows): Float64Array {
  const { rows, features } = data.encoded;
  const every = Math.ceil(rows / mostForMean);
  const inputs = new Float64Array(featureOfInputs(features).length);
  for (let row = 0; row < rows; row += every)
    for (const [i, value] of rowInput(data, row).entries()) inputs[i] = (inputs[i] as number) + value;
  return inputs.map((sum) => sum / Math.ceil(rows / every));
}

/**
 * Why rows score as they do: what each feature adds to the logit before calibration, against the average row of the training.
 * Stage A's part is exact (its Shapley value); the networks' part is by integrated gradients, of the mean logit of the first
 * `within` intervals, with steps doubled until they miss less than a hundredth. It says what goes with a risk, not what would
 * change it.
 *
 * Stage A's contributions sum to its logit less that of the average row. exp of one is an odds factor.
 */
export function explain(
  model: Learned,
  columns: readonly Column[],
  rows: Int32Array,
  within = model.intervals,
): Explained {
  const encoded = encode(model.encoder, columns, rows);
  const width = encoded.features.length;
  const contributions = featureScores(model.additive, encoded).map(
    (score, at) => score - (model.baseline.scores[at % width] as number),
  );
  const gaps = new Float64Array(rows.length);
  const disputed = new Uint8Array(contributions.length);
  if (model.networks.length === 0) return { contributions, gaps, disputed };
  const data = networkRows(model.encoder, encoded, columns, rows);
  for (let row = 0; row < rows.length; row += 1) {
    const of = model.networks.map((_, index) => networkReasons(model, index, rowInput(data, row), within));
    gaps[row] = Math.max(...of.map(({ gap }) => gap));
    for (let place = 0; place < width; place += 1) {
      const at = row * width + place;
      const each = of.map(({ byFeature }) => byFeature[place] as number);
      contributions[at] = (contributions[at] as number) + each.reduce((sum, one) => sum + one, 0) / of.length;
      disputed[at] = each.some((one) => one > 0) && each.some((one) => one < 0) ? 1 : 0;
    }
  }
  return { contributions, gaps, disputed };
}

function networkReasons(
  { encoder, networks, baseline, intervals }: Learned,
  index: number,
  input: Float64Array,
  within: number,
): { byFeature: Float64Array; gap: number } {
  const { features } = encoder;
  const asked = { shape: inputShape(features), intervals, within };
  const network = networks[index] as (typeof networks)[number];
  const at = (x: ArrayLike<number>) => outputAndGradient(network, x, asked);
  const start = Array.from(baseline.inputs);
  const difference = at(input).output - at(start).output;
  let gap = Number.POSITIVE_INFINITY;
  let parts: number[] = [];
  for (let steps = fewestSteps; gap > mostGap && steps <= mostSteps; steps *= 2) {
    parts = integratedGradients((x) => Array.from(at(x).gradient), start, Array.from(input), steps);
    const sum = parts.reduce((total, one) => total + one, 0);
    gap = Math.abs(sum - difference) / Math.max(leastDifference, Math.abs(difference));
  }
  const byFeature = new Float64Array(features.length);
  for (const [i, place] of featureOfInputs(features).entries())
    if (place >= 0) byFeature[place] = (byFeature[place] as number) + (parts[i] as number);
  return { byFeature, gap };
}
