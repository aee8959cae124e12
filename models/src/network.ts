import * as tf from '@tensorflow/tfjs-core';
import type { Feature } from './encode.js';
import type { Labels } from './labels.js';
import { sigmoid, softplus } from './logit.js';
import { fillGroup, fillPassed, type InputShape, inputShape, type NetworkRows } from './network-input.js';
import type { Random } from './random.js';

/**
 * Stage B: what the additive model misses. Each feature's encoding is embedded by a dense layer of 8 with ReLU; then 64, 32
 * and one output an interval. Its output is added to stage A's logit and starts at exactly 0.
 */
export const embeddedUnits = 8;
export const hiddenUnits = [64, 32] as const;
const dropout = 0.3;
const learningRate = 2e-3;
const decay = 1e-2;
const [momentum, momentum2, tiny] = [0.9, 0.999, 1e-8];
/** However many rows an epoch has, this share of the patience is kept. */
const leastPatience = 0.3;
const evaluationBatch = 4096;

export interface NetworkOptions {
  readonly batch: number;
  /** Epochs of `patientRows` rows without a gain after which training stops; of more rows, fewer epochs. */
  readonly patience: number;
  readonly patientRows: number;
  readonly mostEpochs: number;
  /** A check loss has to fall by so much to count as better. */
  readonly leastGain: number;
}

export const networkOptions: NetworkOptions = {
  batch: 128,
  patience: 10,
  patientRows: 4000,
  mostEpochs: 120,
  leastGain: 1e-4,
};

/** Weights of one network: of each group's embedding, then of the three layers. */
export interface Network {
  readonly weights: readonly Float32Array[];
  /** The epoch that was kept. 0: none was better than stage A alone. */
  readonly epoch: number;
  readonly loss: number;
}

export interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly best: number;
}

interface Layer {
  readonly shape: number[];
  /** Where weights start, as a share of √(2 / inputs). */
  readonly start: number;
  readonly bias: boolean;
}

/** Biases of the embeddings and of the first layer stand in the weights: their inputs end with a 1. */
function layersOf(shape: InputShape, intervals: number): Layer[] {
  const inputs = shape.groups.reduce(
    (sum, { places }) => sum + places.length * embeddedUnits,
    shape.passedWidth,
  );
  return [
    ...shape.groups.map(({ places, width }) => ({
      shape: [places.length, width, embeddedUnits],
      start: 1,
      bias: false,
    })),
    { shape: [inputs, hiddenUnits[0]], start: 1, bias: false },
    { shape: hiddenUnits.slice(), start: 1, bias: false },
    { shape: [1, hiddenUnits[1]], start: 0, bias: true },
    { shape: [hiddenUnits[1], intervals], start: 0, bias: false },
    { shape: [1, intervals], start: 0, bias: true },
  ];
}

const sizeOf = ({ shape }: Layer): number => shape.reduce((product, one) => product * one, 1);

export interface NetworkPart {
  readonly rows: NetworkRows;
  readonly labels: Labels;
  /** Stage A's logits, rows by intervals. */
  readonly offsets: Float64Array;
}

/**
 * Trains on `fit` until the loss on `check` has not fallen for `patience` epochs, and keeps the best epoch; epoch 0, stage A
 * alone, is one of them. The same seed, data and backend give the same weights.
 *
 * @param report called after each epoch; what it throws ends the training
 */
export async function trainNetwork(
  fit: NetworkPart,
  check: NetworkPart,
  random: Random,
  options: NetworkOptions = networkOptions,
  report: (epoch: Epoch) => void = () => {},
): Promise<Network> {
  const { features } = fit.rows.encoded;
  const shape = inputShape(features);
  const layers = layersOf(shape, fit.labels.intervals);
  const weights = layers.map((layer) => startWeights(layer, random));
  const optimiser = layers.map((layer) => ({
    first: new Float32Array(sizeOf(layer)),
    second: new Float32Array(sizeOf(layer)),
  }));
  let best: Network = {
    weights: weights.map((one) => one.slice()),
    epoch: 0,
    loss: meanLoss(check, new Float64Array(check.offsets.length)),
  };
  const patience = Math.ceil(
    options.patience * Math.min(1, Math.max(leastPatience, options.patientRows / fit.rows.encoded.rows)),
  );
  let step = 0;
  let rows = Int32Array.from({ length: fit.rows.encoded.rows }, (_, row) => row);
  for (let epoch = 1; epoch <= options.mostEpochs; epoch += 1) {
    rows = shuffleRows(rows, random);
    for (let from = 0; from < rows.length; from += options.batch) {
      const gradients = batchGradients(
        fit,
        rows.subarray(from, from + options.batch),
        shape,
        layers,
        weights,
        random,
      );
      step += 1;
      for (const [index, layer] of layers.entries())
        adamStep(
          weights[index] as Float32Array,
          gradients[index] as Float32Array,
          optimiser[index] as (typeof optimiser)[0],
          step,
          layer.bias,
        );
    }
    const loss = meanLoss(check, networkLogits({ weights }, check.rows, fit.labels.intervals));
    if (loss < best.loss - options.leastGain)
      best = { weights: weights.map((one) => one.slice()), epoch, loss };
    report({ epoch, loss, best: best.loss });
    if (epoch - best.epoch >= patience) break;
    // A worker that trains has to hear that it is cancelled.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return best;
}

function startWeights(layer: Layer, random: Random): Float32Array {
  const inputs = layer.shape.at(-2) as number;
  const deviation = layer.start * Math.sqrt(2 / inputs);
  return Float32Array.from({ length: sizeOf(layer) }, () =>
    deviation === 0 ? 0 : random.normal(0, deviation),
  );
}

function shuffleRows(rows: Int32Array, random: Random): Int32Array<ArrayBuffer> {
  const shuffled = Int32Array.from(rows);
  for (let i = shuffled.length - 1; i > 0; i -= 1) {
    const j = random.integer(i + 1);
    const kept = shuffled[i] as number;
    shuffled[i] = shuffled[j] as number;
    shuffled[j] = kept;
  }
  return shuffled;
}

/** Mean over rows of the loss at stage A's logits plus the network's. */
function meanLoss({ labels, offsets }: NetworkPart, added: Float64Array): number {
  const { intervals, observed, event, weight } = labels;
  let loss = 0;
  let total = 0;
  for (let row = 0; row < observed.length; row += 1) {
    total += weight[row] as number;
    const seen = observed[row] as number;
    for (let j = 0; j < seen; j += 1) {
      const z = (offsets[row * intervals + j] as number) + (added[row * intervals + j] as number);
      loss += (weight[row] as number) * (softplus(z) - (j === seen - 1 ? (event[row] as number) : 0) * z);
    }
  }
  return loss / Math.max(1, total);
}

interface Forward {
  readonly inputs: tf.Tensor3D[];
  readonly embeddings: tf.Tensor3D[];
  readonly joined: tf.Tensor2D;
  readonly first: tf.Tensor2D;
  readonly second: tf.Tensor2D;
  readonly output: tf.Tensor2D;
}

/** @param kept 1/(1 − dropout) for units that stay and 0 for those dropped, of both layers; without it none is dropped */
function forward(
  data: NetworkRows,
  rows: Int32Array,
  shape: InputShape,
  tensors: tf.Tensor[],
  kept?: [tf.Tensor2D, tf.Tensor2D],
): Forward {
  const count = rows.length;
  const inputs = shape.groups.map((group) =>
    tf.tensor3d(fillGroup(data, rows, group), [group.places.length, count, group.width]),
  );
  const embeddings = inputs.map((input, index) =>
    tf.relu(tf.matMul<tf.Tensor3D>(input, tensors[index] as tf.Tensor3D)),
  );
  const flat = embeddings.map((embedding) =>
    tf.reshape(tf.transpose(embedding, [1, 0, 2]), [count, embedding.shape[0] * embeddedUnits]),
  );
  const passed = tf.tensor2d(fillPassed(data, rows, shape), [count, shape.passedWidth]);
  const joined = flat.length === 0 ? passed : tf.concat2d([...(flat as tf.Tensor2D[]), passed], 1);
  const [w1, w2, b2, w3, b3] = tensors.slice(shape.groups.length) as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const drop = (layer: tf.Tensor2D, index: 0 | 1): tf.Tensor2D =>
    kept === undefined ? layer : tf.mul(layer, kept[index]);
  const first = drop(tf.relu(tf.matMul(joined, w1)), 0);
  const second = drop(tf.relu(tf.add(tf.matMul(first, w2), b2)), 1);
  return { inputs, embeddings, joined, first, second, output: tf.add(tf.matMul(second, w3), b3) };
}

/**
 * aᵀ b and a bᵀ. The transposed matrix is written out first: WebAssembly multiplies plain matrices several times faster than
 * ones that it has to read across.
 */
const timesLeft = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D => tf.matMul(tf.transpose<tf.Tensor2D>(a), b);
const timesRight = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D =>
  tf.matMul(a, tf.transpose<tf.Tensor2D>(b));

const toTensors = (layers: readonly Layer[], weights: readonly Float32Array[]): tf.Tensor[] =>
  layers.map((layer, index) => tf.tensor(weights[index] as Float32Array, layer.shape));

/** Gradients of the mean loss of a batch, written out: a tape would cost more than the products themselves. */
function batchGradients(
  { rows: data, labels, offsets }: NetworkPart,
  rows: Int32Array,
  shape: InputShape,
  layers: readonly Layer[],
  weights: readonly Float32Array[],
  random: Random,
): Float32Array[] {
  // Not the value of the tidy, which looks at every number of what it returns.
  let gradients: Float32Array[] = [];
  tf.tidy(() => {
    const tensors = toTensors(layers, weights);
    const kept: [tf.Tensor2D, tf.Tensor2D] = [
      dropMask(rows.length, hiddenUnits[0], random),
      dropMask(rows.length, hiddenUnits[1], random),
    ];
    const at = forward(data, rows, shape, tensors, kept);
    const pull = tf.tensor2d(outputPull(labels, offsets, rows, at.output.dataSync() as Float32Array), [
      rows.length,
      labels.intervals,
    ]);
    const [w1, w2, , w3] = tensors.slice(shape.groups.length) as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    // Kept and above 0 are both in the sign of a unit's output, and the factor in the mask.
    const toSecond = tf.mul<tf.Tensor2D>(timesRight(pull, w3), tf.mul(kept[1], tf.step(at.second)));
    const toFirst = tf.mul<tf.Tensor2D>(timesRight(toSecond, w2), tf.mul(kept[0], tf.step(at.first)));
    const toJoined = timesRight(toFirst, w1);
    let from = 0;
    const ofGroups = shape.groups.map(({ places }, index) => {
      const size = places.length * embeddedUnits;
      const part = tf.slice(toJoined, [0, from], [rows.length, size]);
      from += size;
      const back = tf.transpose(tf.reshape(part, [rows.length, places.length, embeddedUnits]), [1, 0, 2]);
      const embedding = at.embeddings[index] as tf.Tensor3D;
      return tf.matMul(at.inputs[index] as tf.Tensor3D, tf.mul(back, tf.step(embedding)), true, false);
    });
    const found = [
      ...ofGroups,
      timesLeft(at.joined, toFirst),
      timesLeft(at.first, toSecond),
      tf.sum(toSecond, 0),
      timesLeft(at.second, pull),
      tf.sum(pull, 0),
    ];
    gradients = found.map((gradient) => gradient.dataSync() as Float32Array);
  });
  return gradients;
}

function dropMask(rows: number, units: number, random: Random): tf.Tensor2D {
  const mask = new Float32Array(rows * units);
  // Two units a draw: 16 bits each are fine enough for a share of three tenths.
  const limit = dropout * 2 ** 16;
  for (let i = 0; i < mask.length; i += 2) {
    const bits = random.bits();
    mask[i] = (bits & 0xffff) < limit ? 0 : 1 / (1 - dropout);
    mask[i + 1] = bits >>> 16 < limit ? 0 : 1 / (1 - dropout);
  }
  return tf.tensor2d(mask, [rows, units]);
}

/** Derivative of the mean loss by each output. */
function outputPull(
  { intervals, observed, event, weight }: Labels,
  offsets: Float64Array,
  rows: Int32Array,
  output: Float32Array,
): Float32Array {
  const pull = new Float32Array(rows.length * intervals);
  for (const [index, row] of rows.entries()) {
    const seen = observed[row] as number;
    for (let j = 0; j < seen; j += 1) {
      const z = (offsets[row * intervals + j] as number) + (output[index * intervals + j] as number);
      const happened = j === seen - 1 ? (event[row] as number) : 0;
      pull[index * intervals + j] = ((weight[row] as number) * (sigmoid(z) - happened)) / rows.length;
    }
  }
  return pull;
}

/**
 * Adam with decoupled weight decay; biases of their own are not decayed.
 * @see Loshchilov and Hutter (2019), Decoupled weight decay regularization, ICLR
 */
function adamStep(
  weights: Float32Array,
  gradient: Float32Array,
  { first, second }: { first: Float32Array; second: Float32Array },
  step: number,
  isBias: boolean,
): void {
  const shrink = isBias ? 1 : 1 - learningRate * decay;
  const rate = learningRate / (1 - momentum ** step);
  const scale = 1 / (1 - momentum2 ** step);
  for (let i = 0; i < weights.length; i += 1) {
    const slope = gradient[i] as number;
    const m = momentum * (first[i] as number) + (1 - momentum) * slope;
    const v = momentum2 * (second[i] as number) + (1 - momentum2) * slope * slope;
    first[i] = m;
    second[i] = v;
    weights[i] = (weights[i] as number) * shrink - (rate * m) / (Math.sqrt(v * scale) + tiny);
  }
}

/** The network's part of the logits, rows by intervals, without dropout. */
export function networkLogits(
  { weights }: Pick<Network, 'weights'>,
  data: NetworkRows,
  intervals: number,
): Float64Array {
  const shape = inputShape(data.encoded.features);
  const layers = layersOf(shape, intervals);
  const logits = new Float64Array(data.encoded.rows * intervals);
  for (let from = 0; from < data.encoded.rows; from += evaluationBatch) {
    const count = Math.min(evaluationBatch, data.encoded.rows - from);
    const rows = Int32Array.from({ length: count }, (_, index) => from + index);
    tf.tidy(() => {
      const { output } = forward(data, rows, shape, toTensors(layers, weights));
      logits.set(output.dataSync(), from * intervals);
    });
  }
  return logits;
}

/** What `weights` hold, in order: name and shape, for the artifact. */
export function networkLayout(features: readonly Feature[], intervals: number): number[][] {
  return layersOf(inputShape(features), intervals).map(({ shape }) => shape);
}
