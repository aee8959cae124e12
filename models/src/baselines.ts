import { additiveLogits, fitAdditive } from './additive.js';
import type { Dataset } from './dataset.js';
import { type Encoder, encode, fitEncoder } from './encode.js';
import type { Labels } from './labels.js';
import { riskWithin } from './learner.js';

/** Days since the subscription began that bound the bands of a rate by tenure. */
const bands = [7, 28, 90, 365] as const;
/** Rows of the tenant's own rate that each cell is drawn to. */
const prior = 200;
const ridge = 10;

/** What a model has to beat: forecasts of the rows of a test within the first `intervals`. */
export interface Baselines {
  /** One rate for all. */
  readonly rate: Float64Array;
  /** The rate of the stream and of how long ago the subscription began, drawn to that of all. */
  readonly stream_tenure: Float64Array;
  /** Logistic regression on the features as they stand. */
  readonly logistic: Float64Array;
}

export function baselinesOf(train: Dataset, test: Dataset, intervals: number): Baselines {
  const everything = hazardsOf(train.labels, () => true);
  const cells = new Map<string, Float64Array>();
  const trained = cellsOf(train);
  const byCell = new Map<string, number[]>();
  for (const [row, cell] of trained.entries()) {
    const rows = byCell.get(cell);
    if (rows === undefined) byCell.set(cell, [row]);
    else rows.push(row);
  }
  for (const [cell, rows] of byCell) cells.set(cell, shrunkHazards(train.labels, rows, everything));
  const risk = (hazards: Float64Array): number =>
    1 - hazards.subarray(0, intervals).reduce((stays, hazard) => stays * (1 - hazard), 1);
  return {
    rate: new Float64Array(test.days.length).fill(risk(everything)),
    stream_tenure: Float64Array.from(cellsOf(test), (cell) => risk(cells.get(cell) ?? everything)),
    logistic: logisticRisk(train, test, intervals),
  };
}

function cellsOf({ columns, streams }: Dataset): string[] {
  const tenure = columns.find(({ name }) => name === 'tenure');
  if (tenure?.kind !== 'numeric') throw new RangeError('there is no tenure');
  return streams.map((stream, row) => {
    const band = bands.findIndex((end) => (tenure.values[row] as number) < end);
    return `${band} ${stream}`;
  });
}

function hazardsOf(labels: Labels, isMeant: (row: number) => boolean): Float64Array {
  const { events, seen } = countsOf(labels, [...labels.event.keys()].filter(isMeant));
  return events.map((count, j) => (count + 0.5) / ((seen[j] as number) + 1));
}

function shrunkHazards(labels: Labels, rows: readonly number[], all: Float64Array): Float64Array {
  const { events, seen } = countsOf(labels, rows);
  return events.map((count, j) => (count + prior * (all[j] as number)) / ((seen[j] as number) + prior));
}

function countsOf(
  { intervals, observed, event }: Labels,
  rows: readonly number[],
): { events: Float64Array; seen: Float64Array } {
  const events = new Float64Array(intervals);
  const seen = new Float64Array(intervals);
  for (const row of rows) {
    const last = observed[row] as number;
    for (let j = 0; j < last; j += 1) seen[j] = (seen[j] as number) + 1;
    if (event[row] === 1) events[last - 1] = (events[last - 1] as number) + 1;
  }
  return { events, seen };
}

function logisticRisk(train: Dataset, test: Dataset, intervals: number): Float64Array {
  const rows = Int32Array.from(train.days.keys());
  const straight: Encoder = linear(fitEncoder(train.columns, rows));
  const fitted = fitAdditive(encode(straight, train.columns, rows), train.labels, ridge);
  const asked = encode(straight, test.columns, Int32Array.from(test.days.keys()));
  return riskWithin(additiveLogits(fitted, asked), train.labels.intervals, intervals);
}

/** The same features, each number as one straight line. */
function linear({ features, left_out }: Encoder): Encoder {
  return {
    left_out,
    features: features.map((feature) => {
      if (feature.kind === 'categorical') return feature;
      const [low, high] = [feature.knots[0] as number, feature.knots.at(-1) as number];
      const bin = Math.min(Math.floor(feature.median), feature.knots.length - 2);
      const [from, to] = [feature.knots[bin] as number, feature.knots[bin + 1] as number];
      const middle = from + (feature.median - bin) * (to - from);
      return { ...feature, knots: [low, high], median: (middle - low) / (high - low) };
    }),
  };
}
