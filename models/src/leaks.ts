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

/** Any feature whose values alone, in either direction or level by level, tell apart better than anything honest does. */
export function singleFeatures(
  data: Dataset,
  happened: Uint8Array,
  isSeen: (row: number) => boolean,
): LeakTest {
  const rows = Int32Array.from([...happened.keys()].filter(isSeen));
  const outcome = Uint8Array.from(rows, (row) => happened[row] as number);
  const alone = data.columns.map((column) => {
    const scores =
      column.kind === 'numeric'
        ? Float64Array.from(rows, (row) => {
            const value = column.values[row] as number;
            return Number.isNaN(value) ? Number.MAX_VALUE : value;
          })
        : ratesByLevel(column.values, rows, outcome);
    const auc = rocAuc(outcome, scores) ?? 0.5;
    return { name: column.name, auc: Math.max(auc, 1 - auc) };
  });
  const worst = alone.reduce((most, { auc }) => Math.max(most, auc), 0);
  const features = alone.filter(({ auc }) => auc > mostAlone).map(({ name }) => name);
  return { test: 'single_feature', holds: features.length === 0, features, value: worst, bound: mostAlone };
}

/** A level's rate without the row itself, or a level for each row would know everything. */
function ratesByLevel(
  values: readonly (string | null)[],
  rows: Int32Array,
  outcome: Uint8Array,
): Float64Array {
  const counts = new Map<string | null, { all: number; yes: number }>();
  for (const [index, row] of rows.entries()) {
    const level = values[row] ?? null;
    const count = counts.get(level) ?? { all: 0, yes: 0 };
    count.all += 1;
    count.yes += outcome[index] as number;
    counts.set(level, count);
  }
  return Float64Array.from(rows, (row, index) => {
    const { all, yes } = counts.get(values[row] ?? null) ?? { all: 1, yes: 0 };
    return (yes - (outcome[index] as number) + 0.5) / all;
  });
}

/** With labels dealt anew among the rows nothing can be forecast: an AUC beyond chance says that rows know each other. */
export function permutedLabels(
  train: Dataset,
  test: Dataset,
  happened: Uint8Array,
  random: Random,
): LeakTest {
  const rows = Int32Array.from(train.days.keys()).slice(0, mostPermuted);
  const encoder = fitEncoder(train.columns, rows);
  const dealt = takeLabels(train.labels, shuffledRows(rows, random));
  const fitted = fitAdditive(encode(encoder, train.columns, rows), dealt, 33);
  const asked = encode(encoder, test.columns, Int32Array.from(test.days.keys()));
  const risk = riskWithin(additiveLogits(fitted, asked), train.labels.intervals, train.labels.intervals);
  const auc = rocAuc(happened, risk);
  // Besides the chance of the test there is that of the deal, which weighs as much.
  const bound = 4 * Math.sqrt(rocAucVariance(happened, risk) ?? 1) + 0.03;
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
