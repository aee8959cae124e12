import { type Additive, additiveLogits, fitAdditive, lambdas } from './additive.js';
import { type Backend, chooseBackend } from './backend.js';
import { type Calibration, calibrated, chooseCalibration, gainOf } from './calibrate.js';
import { type Encoded, type Encoder, encode, fitEncoder, takeEncoded } from './encode.js';
import { type Split, splitsOf, stratifiedFolds } from './folds.js';
import { eventsOf, type Labels, takeLabels } from './labels.js';
import { sigmoid, softplus } from './logit.js';
import {
  type Epoch,
  type Network,
  type NetworkOptions,
  networkLogits,
  networkOptions,
  type Part,
  trainNetwork,
} from './network.js';
import { type NetworkRows, networkRows, takeNetworkRows } from './network-input.js';
import { createRandom, type Random } from './random.js';
import type { Column } from './table/infer-columns.js';
import { thinned } from './thin.js';

/** Rows and events below which stage B is not tried: there it was worse. */
export const fewestForNetwork = { rows: 2000, events: 300 } as const;
/** Rows on which λ is chosen, at most. */
const mostForLambda = 60_000;

export interface LearnerOptions {
  readonly seed: number;
  /** Parts of the rows that take turns in checking what the rest fitted; one network is trained a part. */
  readonly parts: number;
  readonly network: NetworkOptions;
  /** Rows that one network is trained on, at most; events are all kept. */
  readonly mostForNetwork: number;
  /** Tells what is going on. Where it returns false, training stops with `Cancelled`. */
  readonly report: (progress: Progress) => boolean | undefined;
  readonly backends?: readonly Backend[];
}

export type Progress =
  | { readonly stage: 'lambda'; readonly lambda: number; readonly loss: number }
  | {
      readonly stage: 'network';
      readonly part: number;
      readonly epoch: number;
      readonly loss: number;
      readonly best: number;
    }
  | { readonly stage: 'log'; readonly line: string };

export const learnerOptions: LearnerOptions = {
  seed: 1,
  parts: 5,
  network: networkOptions,
  mostForNetwork: 60_000,
  report: () => undefined,
};

export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

const cancelled = 'training was cancelled';

export interface Learned {
  readonly encoder: Encoder;
  readonly intervals: number;
  readonly additive: Additive;
  /** Empty where stage B was not tried or did not help. */
  readonly networks: readonly Network[];
  readonly calibration: Calibration;
  readonly evidence: Evidence;
}

/** What the choices rest on: losses on held-out parts of the training rows, per row. */
export interface Evidence {
  readonly rows: number;
  readonly events: number;
  readonly lambda_losses: readonly { readonly lambda: number; readonly loss: number }[];
  readonly additive_loss: number;
  /** null where stage B was not tried. */
  readonly network_loss: number | null;
  readonly kept_b: boolean;
  readonly backend: Backend | null;
}

interface Data {
  readonly columns: readonly Column[];
  readonly labels: Labels;
}

/**
 * Fits the whole learner to the given rows: encoder, λ and A; B where it lowers the held-out loss; then the calibration, from
 * held-out logits. Nothing outside `rows` is looked at. The same data, seed and backend give the same model.
 *
 * @param splits how parts of `rows` (by index into it) check the rest; left out, they are dealt at random
 * @param groups of rows that must not be on both sides of a split
 */
export async function learn(
  { columns, labels: allLabels }: Data,
  rows: Int32Array,
  given: Partial<LearnerOptions> & {
    readonly splits?: readonly Split[];
    readonly groups?: ArrayLike<number | string>;
  } = {},
): Promise<Learned> {
  const options = { ...learnerOptions, ...given };
  const random = createRandom(options.seed);
  const labels = takeLabels(allLabels, rows);
  const splits = given.splits ?? dealSplits(labels, options.parts, random.fork('splits'), given.groups);
  const encoder = fitEncoder(columns, given.splits === undefined ? rows : fittedRows(rows, splits));
  const encoded = encode(encoder, columns, rows);

  const lambdaLosses = chooseLambda(encoded, labels, splits, random.fork('lambda'), options);
  const { lambda } = lambdaLosses.reduce((best, one) => (one.loss < best.loss ? one : best));
  const additive = fitAdditive(encoded, labels, lambda);
  const members = splits.map(({ fit }) =>
    fitAdditive(takeEncoded(encoded, fit), takeLabels(labels, fit), lambda, additive),
  );
  const held = heldOut(splits, labels, (split, index) =>
    additiveLogits(members[index] as Additive, takeEncoded(encoded, split.check)),
  );
  const alone = rowLosses(held.logits, held.labels);

  const b = await tryNetworks(
    { encoded, encoder, columns, rows, labels, splits, members, held, alone },
    random,
    options,
  );
  const logits = b.kept ? b.logits : held.logits;
  return {
    encoder,
    intervals: labels.intervals,
    additive,
    networks: b.kept ? b.networks : [],
    calibration: chooseCalibration(logits, held.labels, random.fork('calibration')),
    evidence: {
      rows: rows.length,
      events: eventsOf(labels),
      lambda_losses: lambdaLosses,
      additive_loss: meanOf(alone),
      network_loss: b.loss,
      kept_b: b.kept,
      backend: b.backend,
    },
  };
}

function dealSplits(
  labels: Labels,
  parts: number,
  random: Random,
  groups?: ArrayLike<number | string>,
): Split[] {
  return splitsOf(stratifiedFolds(labels.event, parts, random, groups), parts);
}

function fittedRows(rows: Int32Array, splits: readonly Split[]): Int32Array {
  const fitted = new Set(splits.flatMap(({ fit }) => [...fit]));
  return rows.filter((_, index) => fitted.has(index));
}

/** Held-out loss of each λ, over all splits; each fit starts from the one before. */
function chooseLambda(
  encoded: Encoded,
  labels: Labels,
  splits: readonly Split[],
  random: Random,
  { report }: LearnerOptions,
): { lambda: number; loss: number }[] {
  const sums = new Map<number, number>(lambdas.map((lambda) => [lambda, 0]));
  let total = 0;
  const share = Math.min(1, mostForLambda / encoded.rows);
  for (const split of splits) {
    const fit = share < 1 ? split.fit.filter(() => random.chance(share)) : split.fit;
    const fitEncoded = takeEncoded(encoded, fit);
    const fitLabels = takeLabels(labels, fit);
    const checkEncoded = takeEncoded(encoded, split.check);
    const checkLabels = takeLabels(labels, split.check);
    total += checkLabels.weight.reduce((sum, one) => sum + one, 0);
    let model: Additive | undefined;
    for (const lambda of lambdas) {
      model = fitAdditive(fitEncoded, fitLabels, lambda, model);
      const losses = rowLosses(additiveLogits(model, checkEncoded), checkLabels);
      sums.set(lambda, (sums.get(lambda) as number) + losses.reduce((sum, one) => sum + one, 0));
    }
  }
  return lambdas.map((lambda) => {
    const loss = (sums.get(lambda) as number) / Math.max(1, total);
    if (report({ stage: 'lambda', lambda, loss }) === false) throw new Cancelled(cancelled);
    return { lambda, loss };
  });
}

interface HeldOut {
  /** Rows that some split checks, each once. */
  readonly rows: Int32Array;
  readonly logits: Float64Array;
  readonly labels: Labels;
}

/** Logits of checked rows; a row that several splits check gets the mean of what they say. */
function heldOut(
  splits: readonly Split[],
  labels: Labels,
  logitsOf: (split: Split, index: number) => Float64Array,
): HeldOut {
  const { intervals } = labels;
  const all = labels.observed.length;
  const sums = new Float64Array(all * intervals);
  const counts = new Uint8Array(all);
  for (const [index, split] of splits.entries()) {
    const logits = logitsOf(split, index);
    for (const [place, row] of split.check.entries()) {
      counts[row] = (counts[row] as number) + 1;
      for (let j = 0; j < intervals; j += 1)
        sums[row * intervals + j] =
          (sums[row * intervals + j] as number) + (logits[place * intervals + j] as number);
    }
  }
  const rows = Int32Array.from(counts.keys()).filter((row) => (counts[row] as number) > 0);
  const logits = new Float64Array(rows.length * intervals);
  for (const [place, row] of rows.entries())
    for (let j = 0; j < intervals; j += 1)
      logits[place * intervals + j] = (sums[row * intervals + j] as number) / (counts[row] as number);
  return { rows, logits, labels: takeLabels(labels, rows) };
}

/** Loss of each row, summed over its observed intervals. */
function rowLosses(logits: Float64Array, { intervals, observed, event, weight }: Labels): Float64Array {
  return Float64Array.from(observed, (seen, row) => {
    let loss = 0;
    for (let j = 0; j < seen; j += 1) {
      const z = logits[row * intervals + j] as number;
      loss += (weight[row] as number) * (softplus(z) - (j === seen - 1 ? (event[row] as number) : 0) * z);
    }
    return loss;
  });
}

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);

interface NetworkTrial {
  readonly kept: boolean;
  readonly networks: Network[];
  readonly logits: Float64Array;
  readonly loss: number | null;
  readonly backend: Backend | null;
}

async function tryNetworks(
  at: {
    encoded: Encoded;
    encoder: Encoder;
    columns: readonly Column[];
    rows: Int32Array;
    labels: Labels;
    splits: readonly Split[];
    members: readonly Additive[];
    held: HeldOut;
    alone: Float64Array;
  },
  random: Random,
  options: LearnerOptions,
): Promise<NetworkTrial> {
  const { encoded, encoder, columns, rows, labels, splits, members, held, alone } = at;
  const nothing = { kept: false, networks: [], logits: held.logits, loss: null, backend: null };
  if (rows.length < fewestForNetwork.rows || eventsOf(labels) < fewestForNetwork.events) return nothing;
  if (encoder.features.length === 0) return nothing;
  const log = (line: string) => void options.report({ stage: 'log', line });
  const backend = await chooseBackend(log, options.backends);
  const all = networkRows(encoder, encoded, columns, rows);
  const networks: Network[] = [];
  const part = (index: number) => partOf(all, labels, members[index] as Additive);
  for (const [index, split] of splits.entries()) {
    const own = random.fork(`network ${index}`);
    const fit = thinned(split.fit, labels, options.mostForNetwork, own.fork('thin'));
    const check = part(index)(split.check);
    const fitted = part(index)(fit.rows);
    const report = (epoch: Epoch): undefined => {
      if (options.report({ stage: 'network', part: index, ...epoch }) === false)
        throw new Cancelled(cancelled);
    };
    const weighted = { ...fitted, labels: { ...fitted.labels, weight: fit.weight } };
    const network = await trainNetwork(weighted, check, own, options.network, report);
    networks.push(network);
    // The first network stands for the others: where it finds nothing, they are spared.
    if (index === 0 && !isGain(check.offsets, withNetwork(check, network), check.labels)) {
      log('B finds nothing that A misses');
      return { ...nothing, loss: meanOf(alone), backend };
    }
  }
  const both = heldOut(splits, labels, (split, index) =>
    withNetwork(part(index)(split.check), networks[index] as Network),
  );
  const losses = rowLosses(both.logits, both.labels);
  log(`held-out loss ${meanOf(alone).toFixed(5)} with A, ${meanOf(losses).toFixed(5)} with B`);
  const kept = isGain(held.logits, both.logits, held.labels);
  return { kept, networks, logits: both.logits, loss: meanOf(losses), backend };
}

/** Is the loss lower by more than one standard error of the difference? */
function isGain(before: Float64Array, after: Float64Array, labels: Labels): boolean {
  const { mean, error } = gainOf(rowLosses(before, labels), rowLosses(after, labels));
  return mean > error;
}

function withNetwork({ rows, labels, offsets }: Part, network: Network): Float64Array {
  const added = networkLogits(network, rows, labels.intervals);
  return offsets.map((offset, i) => offset + (added[i] as number));
}

function partOf(all: NetworkRows, labels: Labels, member: Additive): (rows: Int32Array) => Part {
  return (rows) => {
    const taken = takeNetworkRows(all, rows);
    return { rows: taken, labels: takeLabels(labels, rows), offsets: additiveLogits(member, taken.encoded) };
  };
}

/** Calibrated logits, rows by intervals. */
export async function predictLogits(
  model: Learned,
  columns: readonly Column[],
  rows: Int32Array,
): Promise<Float64Array> {
  const encoded = encode(model.encoder, columns, rows);
  const logits = additiveLogits(model.additive, encoded);
  if (model.networks.length > 0) {
    await chooseBackend();
    const input = networkRows(model.encoder, encoded, columns, rows);
    for (const network of model.networks) {
      const added = networkLogits(network, input, model.intervals);
      for (let i = 0; i < logits.length; i += 1)
        logits[i] = (logits[i] as number) + (added[i] as number) / model.networks.length;
    }
  }
  return logits.map((value) => calibrated(model.calibration, value));
}

/** Probability of the event within the first `intervals` intervals: 1 − Π (1 − h_j). It never falls with the horizon. */
export function riskWithin(logits: Float64Array, all: number, intervals: number): Float64Array {
  return Float64Array.from({ length: logits.length / all }, (_, row) => {
    let stays = 1;
    for (let j = 0; j < intervals; j += 1) stays *= 1 - sigmoid(logits[row * all + j] as number);
    return 1 - stays;
  });
}
