import { additiveLogits, fitAdditive } from './additive.js';
import type { Dataset } from './dataset.js';
import { encode, fitEncoder } from './encode.js';
import { takeLabels } from './labels.js';
import { riskWithin } from './learner.js';
import { rocAuc, rocAucVariance } from './metrics/ranking.js';
import type { Random } from './random.js';

/** One test of whether features know what they cannot. Where it does not hold, nothing is trained. */
export interface LeakTest {
  readonly test: 'features_without_the_future' | 'permuted_labels' | 'single_feature' | 'later_snapshot';
  readonly holds: boolean;
  /** The features that fail, if single ones do. */
  readonly features: readonly string[];
  readonly value: number | null;
  readonly bound: number;
}

/** No honest feature tells alone so well who leaves within 30 days. */
const mostAlone = 0.95;
const mostGain = 0.02;
/** Rows that a permuted fit is made of: it says nothing more with more. */
const mostPermuted = 20_000;
const ridge = 33;

/** Any feature that alone, as a number in either direction or level by level, tells apart better than anything honest does. */
export function singleFeatures(
  data: Dataset,
  happened: Uint8Array,
  isSeen: (row: number) => boolean,
): LeakTest {
  const rows = Int32Array.from([...happened.keys()].filter(isSeen));
  // Rates of levels are of one half of the rows, and are tried on the other: a level for each row tells nothing then.
  const [counted, tried] = [0, 1].map((half) => rows.filter((_, index) => index % 2 === half)) as [
    Int32Array,
    Int32Array,
  ];
  const outcome = Uint8Array.from(tried, (row) => happened[row] as number);
  const alone = data.columns.map((column) => {
    const scoreOf =
      column.kind === 'numeric' ? numberOf(column.values) : rateOf(column.values, counted, happened);
    const auc = rocAuc(outcome, Float64Array.from(tried, scoreOf)) ?? 0.5;
    return { name: column.name, auc: Math.max(auc, 1 - auc) };
  });
  const worst = alone.reduce((most, { auc }) => Math.max(most, auc), 0);
  const features = alone.filter(({ auc }) => auc > mostAlone).map(({ name }) => name);
  return { test: 'single_feature', holds: features.length === 0, features, value: worst, bound: mostAlone };
}

const numberOf =
  (values: Float64Array) =>
  (row: number): number => {
    const value = values[row] as number;
    return Number.isNaN(value) ? Number.MAX_VALUE : value;
  };

function rateOf(
  values: readonly (string | null)[],
  rows: Int32Array,
  happened: Uint8Array,
): (row: number) => number {
  const counts = new Map<string | null, { all: number; yes: number }>();
  for (const row of rows) {
    const level = values[row] ?? null;
    const count = counts.get(level) ?? { all: 0, yes: 0 };
    count.all += 1;
    count.yes += happened[row] as number;
    counts.set(level, count);
  }
  return (row) => {
    const { all, yes } = counts.get(values[row] ?? null) ?? { all: 0, yes: 0 };
    return (yes + 0.5) / (all + 10);
  };
}

/**
 * With what happened dealt anew among the rows, of the training and of the test, nothing can be forecast: an AUC beyond chance
 * says that what happened finds its way around the features.
 */
export function permutedLabels(
  train: Dataset,
  test: Dataset,
  happened: Uint8Array,
  random: Random,
): LeakTest {
  const rows = Int32Array.from(train.days.keys()).slice(0, mostPermuted);
  const encoder = fitEncoder(train.columns, rows);
  const dealt = takeLabels(train.labels, shuffledRows(rows, random));
  const fitted = fitAdditive(encode(encoder, train.columns, rows), dealt, ridge);
  const asked = Int32Array.from(test.days.keys());
  const logits = additiveLogits(fitted, encode(encoder, test.columns, asked));
  const risk = riskWithin(logits, train.labels.intervals, train.labels.intervals);
  const outcome = Uint8Array.from(shuffledRows(asked, random), (row) => happened[row] as number);
  const auc = rocAuc(outcome, risk);
  // Of three errors: two would block one honest model in twenty.
  const bound = 3 * Math.sqrt(rocAucVariance(outcome, risk) ?? 1);
  const value = auc === null ? null : Math.abs(auc - 0.5);
  return { test: 'permuted_labels', holds: value === null || value <= bound, features: [], value, bound };
}

function shuffledRows(rows: Int32Array, random: Random): Int32Array {
  const dealt = rows.slice();
  for (let i = dealt.length - 1; i > 0; i -= 1) {
    const j = random.integer(i + 1);
    [dealt[i], dealt[j]] = [dealt[j] as number, dealt[i] as number];
  }
  return dealt;
}

/** A model does not forecast better what is farther from what it was trained on. */
export function laterSnapshot(
  earlier: { happened: Uint8Array; risk: Float64Array },
  later: { happened: Uint8Array; risk: Float64Array },
): LeakTest {
  const aucs = [earlier, later].map(({ happened, risk }) => rocAuc(happened, risk));
  const [before = null, after = null] = aucs;
  const variance = [earlier, later].reduce(
    (sum, { happened, risk }) => sum + (rocAucVariance(happened, risk) ?? 1),
    0,
  );
  const bound = mostGain + 2 * Math.sqrt(variance);
  const value = before === null || after === null ? null : after - before;
  return { test: 'later_snapshot', holds: value === null || value <= bound, features: [], value, bound };
}
