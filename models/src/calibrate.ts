import { stratifiedFolds } from './folds.js';
import { fitIsotonic, type Isotonic, readIsotonic } from './isotonic.js';
import { type Labels, takeLabels } from './labels.js';
import { logit, softplus } from './logit.js';
import type { Random } from './random.js';
import { fitLine } from './recalibrate.js';
import { thinned } from './thin.js';

/** From a logit to a calibrated one. */
export type Calibration =
  | { readonly kind: 'identity' }
  | {
      readonly kind: 'intercept' | 'temperature' | 'platt';
      readonly intercept: number;
      readonly slope: number;
    }
  | { readonly kind: 'isotonic'; readonly map: Isotonic; readonly least: number };

type Kind = Calibration['kind'];

/** Events below which a map is not even tried. */
const fewestForPlatt = 50;
const fewestForIsotonic = 500;
const crossFits = 5;
/** Rows that a map is fitted to, at most: it has two parameters, or bends where there are thousands of rows. */
const mostRows = 100_000;

export function calibrated(map: Calibration, value: number): number {
  if (map.kind === 'identity') return value;
  if (map.kind !== 'isotonic') return map.intercept + map.slope * value;
  const share = readIsotonic(map.map, value);
  return logit(Math.min(1 - map.least, Math.max(map.least, share)));
}

function takeLogits(logits: Float64Array, intervals: number, rows: Int32Array): Float64Array {
  const taken = new Float64Array(rows.length * intervals);
  for (const [index, row] of rows.entries())
    taken.set(logits.subarray(row * intervals, (row + 1) * intervals), index * intervals);
  return taken;
}

/** Logits of observed intervals, with what happened; `row` keeps the intervals of a row together. */
interface Cases {
  readonly row: Int32Array;
  readonly logits: Float64Array;
  readonly happened: Uint8Array;
  readonly weights: Float64Array;
}

function casesOf(logits: Float64Array, { intervals, observed, event, weight }: Labels): Cases {
  const count = observed.reduce((sum, seen) => sum + seen, 0);
  const cases = {
    row: new Int32Array(count),
    logits: new Float64Array(count),
    happened: new Uint8Array(count),
    weights: new Float64Array(count),
  };
  let at = 0;
  for (let row = 0; row < observed.length; row += 1) {
    const seen = observed[row] as number;
    for (let j = 0; j < seen; j += 1, at += 1) {
      cases.row[at] = row;
      cases.logits[at] = logits[row * intervals + j] as number;
      cases.happened[at] = j === seen - 1 ? (event[row] as number) : 0;
      cases.weights[at] = weight[row] as number;
    }
  }
  return cases;
}

/**
 * Chooses a map for held-out logits: identity, then temperature, then Platt, then isotonic. A map is taken only where its
 * cross-fitted log loss is lower than that of the choice before, and lower than without a map by more than one standard error.
 * With few events only the intercept may move.
 *
 * @see Platt (1999), Probabilistic outputs for support vector machines
 * @see Guo, Pleiss, Sun, Weinberger (2017), On calibration of modern neural networks, ICML
 * @see Zadrozny and Elkan (2002), Transforming classifier scores into accurate multiclass probability estimates, KDD
 */
export function chooseCalibration(logits: Float64Array, labels: Labels, random: Random): Calibration {
  const every = Int32Array.from(labels.observed.keys());
  const { rows, weight } = thinned(every, labels, mostRows, random.fork('rows'));
  const some = { ...takeLabels(labels, rows), weight };
  const cases = casesOf(takeLogits(logits, labels.intervals, rows), some);
  const events = cases.happened.reduce((sum, one) => sum + one, 0);
  const ladder: Kind[] = ['identity'];
  if (events < fewestForPlatt) ladder.push('intercept');
  else ladder.push('temperature', 'platt');
  if (events >= fewestForIsotonic) ladder.push('isotonic');

  const folds = stratifiedFolds(some.event, crossFits, random);
  const without = crossFitted('identity', cases, rows.length, folds);
  let best: { kind: Kind; gain: number } = { kind: 'identity', gain: 0 };
  for (const kind of ladder.slice(1)) {
    const { mean, error } = gainOf(without, crossFitted(kind, cases, rows.length, folds));
    if (mean > error && mean > best.gain) best = { kind, gain: mean };
  }
  return fitMap(best.kind, cases) ?? { kind: 'identity' };
}

/** Mean of a − b over rows, with its standard error. */
export function gainOf(a: Float64Array, b: Float64Array): { mean: number; error: number } {
  const n = a.length;
  let mean = 0;
  for (let i = 0; i < n; i += 1) mean += ((a[i] as number) - (b[i] as number)) / n;
  let squares = 0;
  for (let i = 0; i < n; i += 1) squares += ((a[i] as number) - (b[i] as number) - mean) ** 2;
  return { mean, error: n < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(squares / (n - 1) / n) };
}

function crossFitted(kind: Kind, cases: Cases, rows: number, folds: Int32Array): Float64Array {
  const losses = new Float64Array(rows);
  for (let fold = 0; fold < crossFits; fold += 1) {
    const isInside = (i: number) => folds[cases.row[i] as number] === fold;
    const map = fitMap(
      kind,
      only(cases, (i) => !isInside(i)),
    ) ?? { kind: 'identity' };
    for (let i = 0; i < cases.logits.length; i += 1) {
      if (!isInside(i)) continue;
      const z = calibrated(map, cases.logits[i] as number);
      const row = cases.row[i] as number;
      losses[row] =
        (losses[row] as number) +
        (cases.weights[i] as number) * (softplus(z) - (cases.happened[i] as number) * z);
    }
  }
  return losses;
}

function only({ row, logits, happened, weights }: Cases, keeps: (i: number) => boolean): Cases {
  const kept = Int32Array.from(row.keys()).filter(keeps);
  return {
    row: Int32Array.from(kept, (i) => row[i] as number),
    logits: Float64Array.from(kept, (i) => logits[i] as number),
    happened: Uint8Array.from(kept, (i) => happened[i] as number),
    weights: Float64Array.from(kept, (i) => weights[i] as number),
  };
}

function fitMap(kind: Kind, { logits, happened, weights }: Cases): Calibration | null {
  if (kind === 'identity') return { kind };
  if (kind === 'isotonic') {
    // A share of exactly 0 or 1 would promise what no count of rows can.
    return { kind, map: joinFlats(fitIsotonic(logits, happened, weights)), least: 0.5 / (logits.length + 1) };
  }
  const line = fitLine(logits, happened, {
    weights,
    fixIntercept: kind === 'temperature',
    fixSlope: kind === 'intercept',
  });
  // A falling map would turn the ranking around.
  return line === null || line.slope <= 0 ? null : { kind, ...line };
}

/** Of each flat stretch the two ends say all. */
function joinFlats({ points, values }: Isotonic): Isotonic {
  const kept = [...points.keys()].filter(
    (i) => !(values[i - 1] === values[i] && values[i + 1] === values[i]),
  );
  return { points: kept.map((i) => points[i] as number), values: kept.map((i) => values[i] as number) };
}
