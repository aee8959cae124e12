import { type Encoded, type Encoder, type Feature, takeEncoded } from './encode.js';
import type { Column } from './table/infer-columns.js';

/** Categorical features with at most so many levels go through as they are. */
const fewLevels = 8;
/** A numeric feature with fewer bins than this goes through as it is. */
const fewBins = 3;
/** Standardised numbers are held within so many deviations. */
const reach = 4;

/** Features whose encodings are padded to one width, so that one batched product embeds them all. */
export interface EmbeddedGroup {
  readonly places: readonly number[];
  readonly width: number;
}

/** How a row enters the network. Every embedded encoding and the pass-through end with a 1: the bias. */
export interface InputShape {
  readonly groups: readonly EmbeddedGroup[];
  readonly passed: readonly number[];
  /** Places of the numeric features, whose standardised values go through as well. */
  readonly standardised: readonly number[];
  readonly passedWidth: number;
}

export const widthOf = (feature: Feature): number =>
  feature.kind === 'numeric' ? feature.knots.length - 1 + (feature.missing ? 1 : 0) : feature.levels.length;

export function inputShape(features: readonly Feature[]): InputShape {
  const numeric: number[] = [];
  const levels: number[] = [];
  const passed: number[] = [];
  for (const [place, feature] of features.entries()) {
    if (feature.kind === 'numeric') (feature.knots.length - 1 >= fewBins ? numeric : passed).push(place);
    else (feature.levels.length > fewLevels ? levels : passed).push(place);
  }
  const width = (place: number) => widthOf(features[place] as Feature);
  const groups = [numeric, levels]
    .filter((places) => places.length > 0)
    .map((places) => ({ places, width: Math.max(...places.map(width)) + 1 }));
  const standardised = [...features.keys()].filter((place) => features[place]?.kind === 'numeric');
  const passedWidth = passed.reduce((sum, place) => sum + width(place), 0) + standardised.length + 1;
  return { groups, passed, standardised, passedWidth };
}

/** What the network takes of a table: positions, and numbers standardised by the training's mean and deviation. */
export interface NetworkRows {
  readonly encoded: Encoded;
  /** Rows by `standardised`; 0 for a missing one. */
  readonly numbers: Float32Array;
}

export function networkRows(
  encoder: Encoder,
  encoded: Encoded,
  columns: readonly Column[],
  rows: Int32Array,
): NetworkRows {
  const { standardised } = inputShape(encoder.features);
  const numbers = new Float32Array(rows.length * standardised.length);
  for (const [place, featurePlace] of standardised.entries()) {
    const feature = encoder.features[featurePlace];
    const column = columns.find(({ name }) => name === feature?.name);
    if (feature?.kind !== 'numeric' || column?.kind !== 'numeric') throw new RangeError('no numeric column');
    for (const [index, row] of rows.entries()) {
      const value = ((column.values[row] as number) - feature.mean) / feature.deviation;
      numbers[index * standardised.length + place] = Number.isNaN(value)
        ? 0
        : Math.max(-reach, Math.min(reach, value));
    }
  }
  return { encoded, numbers };
}

export function takeNetworkRows({ encoded, numbers }: NetworkRows, rows: Int32Array): NetworkRows {
  const each = numbers.length / Math.max(1, encoded.rows);
  const taken = new Float32Array(rows.length * each);
  for (const [index, row] of rows.entries())
    taken.set(numbers.subarray(row * each, (row + 1) * each), index * each);
  return { encoded: takeEncoded(encoded, rows), numbers: taken };
}

/** A group's encodings of the given rows, features by rows by width. */
export function fillGroup({ encoded }: NetworkRows, rows: Int32Array, group: EmbeddedGroup): Float32Array {
  const { features, positions } = encoded;
  const filled = new Float32Array(group.places.length * rows.length * group.width);
  let at = 0;
  for (const place of group.places) {
    const feature = features[place] as Feature;
    for (const row of rows) {
      writeEncoding(filled, at, feature, positions[row * features.length + place] as number);
      filled[at + group.width - 1] = 1;
      at += group.width;
    }
  }
  return filled;
}

/** What goes through as it is, rows by width. */
export function fillPassed(
  { encoded, numbers }: NetworkRows,
  rows: Int32Array,
  shape: InputShape,
): Float32Array {
  const { features, positions } = encoded;
  const filled = new Float32Array(rows.length * shape.passedWidth);
  const each = shape.standardised.length;
  for (const [index, row] of rows.entries()) {
    let at = index * shape.passedWidth;
    for (const place of shape.passed) {
      const feature = features[place] as Feature;
      writeEncoding(filled, at, feature, positions[row * features.length + place] as number);
      at += widthOf(feature);
    }
    filled.set(numbers.subarray(row * each, (row + 1) * each), at);
    filled[at + each] = 1;
  }
  return filled;
}

function writeEncoding(into: Float32Array, at: number, feature: Feature, position: number): void {
  if (feature.kind === 'categorical') {
    if (position >= 0) into[at + position] = 1;
    return;
  }
  const bins = feature.knots.length - 1;
  const isMissing = position < 0;
  const reached = isMissing ? feature.median : position;
  for (let bin = 0; bin < bins; bin += 1) into[at + bin] = Math.max(0, Math.min(1, reached - bin));
  if (isMissing && feature.missing) into[at + bins] = 1;
}
