import { gainOf } from './calibrate.js';
import type { Split } from './folds.js';
import { type Labels, takeLabels } from './labels.js';
import { softplus } from './logit.js';

export interface HeldOut {
  /** Rows that some split checks, each once. */
  readonly rows: Int32Array;
  readonly logits: Float64Array;
  readonly labels: Labels;
}

/** Logits of checked rows; a row that several splits check gets the mean of what they say. */
export function heldOut<S extends Split>(
  splits: readonly S[],
  labels: Labels,
  logitsOf: (split: S, index: number) => Float64Array,
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
export function rowLosses(
  logits: Float64Array,
  { intervals, observed, event, weight }: Labels,
): Float64Array {
  return Float64Array.from(observed, (seen, row) => {
    let loss = 0;
    for (let j = 0; j < seen; j += 1) {
      const z = logits[row * intervals + j] as number;
      loss += (weight[row] as number) * (softplus(z) - (j === seen - 1 ? (event[row] as number) : 0) * z);
    }
    return loss;
  });
}

export const sumOf = (values: Float64Array): number => values.reduce((sum, one) => sum + one, 0);
export const meanOf = (values: Float64Array): number => sumOf(values) / Math.max(1, values.length);

/** Is the loss lower by more than so many standard errors of the difference? */
export function isGain(before: Float64Array, after: Float64Array, labels: Labels, errors: number): boolean {
  const { mean, error } = gainOf(rowLosses(before, labels), rowLosses(after, labels));
  return mean > errors * error;
}
