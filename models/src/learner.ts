import { type Additive, additiveLogits, fitAdditive } from './additive.js';
import { type Backend, chooseBackend } from './backend.js';
import { type Calibration, calibrated, chooseCalibration } from './calibrate.js';
import { chooseLambda, fitParts } from './choose-lambda.js';
import { type Encoder, encode, fitEncoder, takeEncoded } from './encode.js';
import { type Baseline, baselineOf } from './explain.js';
import { type Split, splitsOf, stratifiedFolds } from './folds.js';
import { heldOut, meanOf, rowLosses } from './held-out.js';
import { eventsOf, type Labels, takeLabels } from './labels.js';
import { sigmoid } from './logit.js';
import { type Network, type NetworkOptions, networkLogits, networkOptions } from './network.js';
import { networkRows } from './network-input.js';
import type { Report } from './progress.js';
import { createRandom, type Random } from './random.js';
import type { Column } from './table/infer-columns.js';
import { tryNetworks } from './try-networks.js';

export interface LearnerOptions {
  readonly seed: number;
  /** Parts of the rows that take turns in checking what the rest fitted; one network is trained a part. */
  readonly parts: number;
  readonly network: NetworkOptions;
  /** Rows that one part's models are trained on, at most; events are all kept. Stage A sees all rows in the end. */
  readonly mostForPart: number;
  readonly report: Report;
  readonly backends?: readonly Backend[];
}

export const learnerOptions: LearnerOptions = {
  seed: 1,
  parts: 5,
  network: networkOptions,
  mostForPart: 60_000,
  report: () => undefined,
};

export interface Learned {
  readonly encoder: Encoder;
  readonly intervals: number;
  readonly additive: Additive;
  /** Empty where stage B was not tried or did not help. */
  readonly networks: readonly Network[];
  readonly baseline: Baseline;
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

  const { lambda, losses } = chooseLambda(encoded, labels, splits, random.fork('lambda'), options.report);
  const fitting = { lambda, most: options.mostForPart, random: random.fork('parts') };
  const parts = fitParts(encoded, labels, splits, fitting);
  const additive = fitAdditive(encoded, labels, lambda, { start: parts[0]?.additive });
  const held = heldOut(parts, labels, (part) =>
    additiveLogits(part.additive, takeEncoded(encoded, part.check)),
  );
  const input = networkRows(encoder, encoded, columns, rows);
  const b = await tryNetworks({ input, labels, parts, held }, random, options);
  const logits = b.kept ? b.logits : held.logits;
  return {
    encoder,
    intervals: labels.intervals,
    additive,
    networks: b.kept ? b.networks : [],
    baseline: baselineOf(additive, encoded, b.kept ? input : undefined),
    calibration: chooseCalibration(logits, held.labels, random.fork('calibration')),
    evidence: {
      rows: rows.length,
      events: eventsOf(labels),
      lambda_losses: losses,
      additive_loss: meanOf(rowLosses(held.logits, held.labels)),
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
