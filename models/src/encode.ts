import type { Column } from './table/infer-columns.js';

/** Bins per numeric feature, at most; a feature with no more distinct values than that has one knot for each of them. */
const mostBins = 16;
/** Rows per bin, at least, so that a small table gets fewer bins. */
const rowsPerBin = 25;
const fewestBins = 8;
/** Levels of a categorical feature that get a weight of their own; rarer ones count as unknown. */
const mostLevels = 200;
/** A column with more levels than this share of its rows names rows, it does not describe them. */
const identifierShare = 0.5;

export interface NumericFeature {
  readonly kind: 'numeric';
  readonly name: string;
  /** e₀ < e₁ < … < e_K, at least two. */
  readonly knots: readonly number[];
  /** Position of the median among the knots: where a missing value stands. */
  readonly median: number;
  /** Whether missing values were seen, so that they have a weight of their own. */
  readonly missing: boolean;
  readonly mean: number;
  readonly deviation: number;
}

export interface CategoricalFeature {
  readonly kind: 'categorical';
  readonly name: string;
  /** In order of their code units. null, the missing level, stands last where it was seen. */
  readonly levels: readonly (string | null)[];
}

export type Feature = NumericFeature | CategoricalFeature;

/** What a model asks of a row: features in their order, with their scaling. */
export interface Encoder {
  readonly features: readonly Feature[];
  /** Columns that say nothing: constant, without values, or with a level for nearly every row. */
  readonly left_out: readonly { readonly name: string; readonly why: 'constant' | 'empty' | 'identifier' }[];
}

/**
 * Rows by features, row by row. A numeric cell is its position among the knots, k + fraction: bin k and how far into it.
 * A categorical cell is the number of its level. −1: missing (numeric), unknown (categorical).
 */
export interface Encoded {
  readonly positions: Float64Array;
  readonly rows: number;
  readonly features: readonly Feature[];
}

/** Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan). */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (at - below);
}

/**
 * Edges of bins that hold equally many of the values; edges that coincide are merged.
 * @example quantileEdges(Float64Array.of(5, 1, 1, 1, 2, 8, 8, 3, 13, 21, 34, 55), 4) // [1, 1.75, 6.5, 15, 55]
 */
export function quantileEdges(values: Float64Array, bins: number): number[] {
  const sorted = values.toSorted();
  const edges: number[] = [];
  for (let bin = 0; bin <= bins; bin += 1) {
    const edge = quantileOfSorted(sorted, bin / bins);
    if (edges.length === 0 || edge > (edges.at(-1) as number)) edges.push(edge);
  }
  return edges;
}

/** Position of a value among rising knots, k + fraction, held in [0, K] at both ends. */
export function positionAmong(knots: readonly number[], value: number): number {
  const last = knots.length - 1;
  if (value <= (knots[0] as number)) return 0;
  if (value >= (knots[last] as number)) return last;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value >= (knots[middle] as number)) low = middle;
    else high = middle;
  }
  const from = knots[low] as number;
  // Halves, so that knots of opposite signs near the largest double do not overflow.
  return low + (value / 2 - from / 2) / ((knots[high] as number) / 2 - from / 2);
}

/**
 * Piecewise-linear encoding of a position: component k is how much of bin k lies below the value, in [0, 1].
 * @see Gorishniy, Rubachev, Babenko (2022), On embeddings for numerical features in tabular deep learning; here both ends
 *   are clipped, so that a value outside what was seen counts as the nearest one that was
 */
export function piecewiseLinear(knots: readonly number[], value: number): number[] {
  const position = positionAmong(knots, value);
  return Array.from({ length: knots.length - 1 }, (_, bin) => Math.max(0, Math.min(1, position - bin)));
}

/** Learns knots and levels from the given rows, and from no other. */
export function fitEncoder(columns: readonly Column[], rows: Int32Array): Encoder {
  const features: Feature[] = [];
  const leftOut: { name: string; why: 'constant' | 'empty' | 'identifier' }[] = [];
  for (const column of columns) {
    const found = column.kind === 'numeric' ? fitNumeric(column, rows) : fitCategorical(column, rows);
    if (typeof found === 'string') leftOut.push({ name: column.name, why: found });
    else features.push(found);
  }
  return { features, left_out: leftOut };
}

function fitNumeric(
  { name, values }: Extract<Column, { kind: 'numeric' }>,
  rows: Int32Array,
): NumericFeature | 'constant' | 'empty' {
  const present = presentValues(values, rows);
  if (present.length === 0) return 'empty';
  present.sort();
  const missing = present.length < rows.length;
  const bins = Math.max(fewestBins, Math.min(mostBins, Math.floor(rows.length / rowsPerBin)));
  const knots = distinctUpTo(present, bins + 1) ?? quantileEdges(present, bins);
  if (knots.length === 1) {
    if (!missing) return 'constant';
    // Only whether it is there says something: a second knot that no value of the training reaches.
    knots.push((knots[0] as number) + Math.max(1, Math.abs(knots[0] as number)));
  }
  const { mean, deviation } = momentsOf(present);
  const median = positionAmong(knots, quantileOfSorted(present, 0.5));
  return { kind: 'numeric', name, knots, median, missing, mean, deviation };
}

function presentValues(values: Float64Array, rows: Int32Array): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const value = values[rows[index] as number] as number;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return present.slice(0, count);
}

function distinctUpTo(sorted: Float64Array, most: number): number[] | undefined {
  const distinct: number[] = [];
  for (const value of sorted) {
    if (distinct.length > 0 && value === distinct.at(-1)) continue;
    if (distinct.length === most) return undefined;
    distinct.push(value);
  }
  return distinct;
}

function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += ((value - mean) * (value - mean)) / values.length;
  const deviation = Math.sqrt(variance);
  return { mean, deviation: deviation > 0 && Number.isFinite(deviation) ? deviation : 1 };
}

function fitCategorical(
  { name, values }: Extract<Column, { kind: 'categorical' }>,
  rows: Int32Array,
): CategoricalFeature | 'constant' | 'identifier' {
  const counts = new Map<string | null, number>();
  for (const row of rows) {
    const level = values[row] as string | null;
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  if (counts.size < 2) return 'constant';
  if (counts.size > mostLevels && counts.size > identifierShare * rows.length) return 'identifier';
  const kept = [...counts]
    .sort((one, other) => other[1] - one[1] || compareLevels(one[0], other[0]))
    .slice(0, mostLevels)
    .map(([level]) => level);
  return { kind: 'categorical', name, levels: kept.sort(compareLevels) };
}

function compareLevels(one: string | null, other: string | null): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? 1 : -1;
  return one < other ? -1 : 1;
}

/** Encodes the given rows of columns that include those of the encoder, found by name. */
export function encode({ features }: Encoder, columns: readonly Column[], rows: Int32Array): Encoded {
  const positions = new Float64Array(rows.length * features.length);
  for (const [place, feature] of features.entries()) {
    const column = columns.find(({ name }) => name === feature.name);
    if (column?.kind !== feature.kind) throw new RangeError(`${feature.name} is missing or of another kind`);
    const positionOf = positionsOf(feature, column);
    // By index: entries() would make an array a cell.
    for (let index = 0; index < rows.length; index += 1)
      positions[index * features.length + place] = positionOf(rows[index] as number);
  }
  return { positions, rows: rows.length, features };
}

function positionsOf(feature: Feature, column: Column): (row: number) => number {
  if (feature.kind === 'numeric') {
    const { values } = column as Extract<Column, { kind: 'numeric' }>;
    return (row) => {
      const value = values[row] as number;
      return Number.isNaN(value) ? -1 : positionAmong(feature.knots, value);
    };
  }
  const { values } = column as Extract<Column, { kind: 'categorical' }>;
  const places = new Map(feature.levels.map((level, index) => [level, index]));
  return (row) => places.get(values[row] as string | null) ?? -1;
}

/** The rows of an encoded table with the given indices. */
export function takeEncoded({ positions, features }: Encoded, rows: Int32Array): Encoded {
  const width = features.length;
  const taken = new Float64Array(rows.length * width);
  for (let index = 0; index < rows.length; index += 1) {
    const from = (rows[index] as number) * width;
    for (let place = 0; place < width; place += 1)
      taken[index * width + place] = positions[from + place] as number;
  }
  return { positions: taken, rows: rows.length, features };
}
