import { createHash } from 'node:crypto';
import type { Calibration } from './calibrate.js';
import type { Encoder } from './encode.js';
import type { Evidence, Learned } from './learner.js';
import { networkLayout } from './network.js';

/** The files of a model, by name. The same model gives the same bytes. */
export interface ArtifactFiles {
  readonly 'model.json': string;
  readonly 'weights.bin': Uint8Array;
  readonly 'scaling.json': string;
}

/** What a model was made from, and how: shown, and never read back. */
export type About = object;

const format = 1;

interface ModelFile {
  readonly format: number;
  readonly intervals: number;
  readonly lambda: number;
  readonly features: readonly string[];
  readonly heights: number;
  /** Inputs of the average row. */
  readonly inputs: number;
  /** Shapes of the layers of each network, in the order of `weights.bin`. */
  readonly networks: {
    readonly layout: readonly (readonly number[])[];
    readonly epoch: number;
    readonly loss: number;
  }[];
  readonly calibration: Calibration;
  readonly evidence: Evidence;
  readonly weights_sha256: string;
  readonly scaling_sha256: string;
  readonly about: About;
}

export class ArtifactError extends Error {
  override readonly name = 'ArtifactError';
}

/**
 * `weights.bin`: little-endian doubles of stage A (intercepts, then heights) and of the average row (what each feature
 * adds, then the networks' inputs), then little-endian floats of each network.
 * `scaling.json`: the encoder. `model.json`: all else, and the hashes of the other two.
 */
export function toFiles(model: Learned, about: About): ArtifactFiles {
  const scaling = `${JSON.stringify(model.encoder, null, 2)}\n`;
  const weights = writeWeights(model);
  const layout = networkLayout(model.encoder.features, model.intervals);
  const file: ModelFile = {
    format,
    intervals: model.intervals,
    lambda: model.additive.lambda,
    features: model.encoder.features.map(({ name }) => name),
    heights: model.additive.heights.length,
    inputs: model.baseline.inputs.length,
    networks: model.networks.map(({ epoch, loss }) => ({ layout, epoch, loss })),
    calibration: model.calibration,
    evidence: model.evidence,
    weights_sha256: sha256(weights),
    scaling_sha256: sha256(scaling),
    about,
  };
  return {
    'model.json': `${JSON.stringify(file, null, 2)}\n`,
    'weights.bin': weights,
    'scaling.json': scaling,
  };
}

/** @throws ArtifactError where files are not of one model, were changed, or are of a format that is not known here */
export function fromFiles(files: ArtifactFiles): Learned {
  const file = JSON.parse(files['model.json']) as ModelFile;
  if (file.format !== format)
    throw new ArtifactError(`the model has format ${file.format}, and ${format} is known`);
  if (sha256(files['weights.bin']) !== file.weights_sha256)
    throw new ArtifactError('weights.bin is not of this model');
  if (sha256(files['scaling.json']) !== file.scaling_sha256)
    throw new ArtifactError('scaling.json is not of this model');
  const encoder = JSON.parse(files['scaling.json']) as Encoder;
  const names = encoder.features.map(({ name }) => name);
  if (names.join('\n') !== file.features.join('\n'))
    throw new ArtifactError(
      `the features of scaling.json are ${names.join(', ')}, of model.json ${file.features.join(', ')}`,
    );
  const read = reader(files['weights.bin']);
  const additive = {
    intercepts: read.doubles(file.intervals),
    heights: read.doubles(file.heights),
    lambda: file.lambda,
  };
  const baseline = { scores: read.doubles(names.length), inputs: read.doubles(file.inputs) };
  const networks = file.networks.map(({ layout, epoch, loss }) => ({
    weights: layout.map((shape) => read.floats(shape.reduce((product, one) => product * one, 1))),
    epoch,
    loss,
  }));
  read.end();
  return {
    encoder,
    intervals: file.intervals,
    additive,
    networks,
    baseline,
    calibration: file.calibration,
    evidence: file.evidence,
  };
}

function writeWeights({ additive, baseline, networks }: Learned): Uint8Array {
  const doubles = [additive.intercepts, additive.heights, baseline.scores, baseline.inputs].flatMap((array) =>
    Array.from(array),
  );
  const floats = networks.flatMap(({ weights }) => weights.flatMap((array) => Array.from(array)));
  const bytes = new Uint8Array(doubles.length * 8 + floats.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of doubles.entries()) view.setFloat64(index * 8, value, true);
  for (const [index, value] of floats.entries()) view.setFloat32(doubles.length * 8 + index * 4, value, true);
  return bytes;
}

function reader(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let next = 0;
  const advance = (size: number): number => {
    next += size;
    return next - size;
  };
  return {
    doubles: (count: number) => Float64Array.from({ length: count }, () => view.getFloat64(advance(8), true)),
    floats: (count: number) => Float32Array.from({ length: count }, () => view.getFloat32(advance(4), true)),
    end: () => {
      if (next !== bytes.byteLength) throw new ArtifactError('weights.bin is longer than the model');
    },
  };
}

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
