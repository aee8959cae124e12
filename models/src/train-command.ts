// `pnpm train`: the learner on any table, cross-validated. One JSON object on standard output, everything else on the other.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toFiles } from './artifact.js';
import { type Backend, chooseBackend } from './backend.js';
import { writeCard } from './card.js';
import type { FoldResult } from './cross-validate.js';
import { type PooledScores, pooledScoresOf } from './evaluate.js';
import { type FoldAnswer, runFolds } from './fold-threads.js';
import { binaryLabels } from './labels.js';
import { type Learned, learn } from './learner.js';
import { reliabilityTable } from './metrics/calibration.js';
import type { Progress } from './progress.js';
import { createRandom } from './random.js';
import { TableError } from './table/read-table.js';
import { readArguments, readInput, type TrainArguments, type TrainInput } from './train-input.js';

const began = performance.now();
try {
  await main();
} catch (error) {
  // Not thrown on: TensorFlow's WebAssembly listens for that, and prints its whole source.
  const isFault = error instanceof TableError;
  say(error instanceof Error ? ((isFault ? undefined : error.stack) ?? error.message) : String(error));
  process.exitCode = isFault ? 2 : 1;
}

async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2));
  const random = createRandom(given.seed);
  const input = readInput(given, random);
  const rows = input.positive.length;
  say(
    `${rows} rows, ${input.positives} positive, ${input.columns.length} columns, ${input.names.length} folds`,
  );
  const backend = await chooseBackend(say);

  const orders = input.names.map((fold) => ({ fold, seed: random.fork(`fold ${fold}`).bits() }));
  // On this thread while the others run the folds.
  const whole = given.out === undefined ? undefined : learnAll(input, random.fork('all rows').bits());
  const [done, model] = await Promise.all([runFolds(input, orders, tell), whole]);
  const forecast = new Float64Array(rows);
  for (const found of done)
    for (const [index, row] of found.rows.entries()) forecast[row] = found.forecast[index] as number;
  const results = input.names.map(
    (name) => done.find(({ result }) => result.fold === name)?.result as FoldResult,
  );
  const pooled = pooledScoresOf(input.positive, forecast, random.fork('noise'));
  if (given.out !== undefined && model !== undefined)
    write(given.out, given, { input, model, backend, pooled, forecast, results });
  const { roc_auc, pr_auc, log_loss, brier, ece15, ece15_null_p95, calibration_slope, lift10 } = pooled;
  const output = {
    rows,
    positives: input.positives,
    backend,
    seconds: seconds(),
    folds: results,
    pooled: { roc_auc, pr_auc, log_loss, brier, ece15, ece15_null_p95, calibration_slope, lift10 },
    kept_b: results.map(({ kept_b }) => kept_b),
  };
  process.stdout.write(`${JSON.stringify(output)}\n`);
}

function learnAll({ columns, positive }: TrainInput, seed: number): Promise<Learned> {
  const rows = Int32Array.from(positive.keys());
  const report = (progress: Progress): undefined => say(`all rows: ${describe(progress)}`);
  return learn({ columns, labels: binaryLabels(positive) }, rows, { seed, report });
}

interface Outcome {
  readonly input: TrainInput;
  readonly model: Learned;
  readonly backend: Backend;
  readonly pooled: PooledScores;
  readonly forecast: Float64Array;
  readonly results: readonly FoldResult[];
}

/** No time and no path goes in: the same data give the same bytes. */
function write(folder: string, given: TrainArguments, outcome: Outcome): void {
  const { input, model, backend, pooled, results } = outcome;
  const facts = {
    target: `${given.target} = ${given.positive}`,
    rows: input.positive.length,
    positives: input.positives,
    folds: input.names.length,
    pooled,
    reliability: reliabilityTable(input.positive, outcome.forecast),
    kept_b: results.map(({ kept_b }) => kept_b),
    backend,
    seed: given.seed,
    data_sha256: input.data_sha256,
  };
  const files = toFiles(model, facts);
  for (const [name, content] of Object.entries({ ...files, 'card.md': writeCard(model, facts) }))
    writeFileSync(join(folder, name), content);
  say(`wrote ${folder}`);
}

function tell(answer: FoldAnswer): void {
  if (answer.kind === 'progress') say(`fold ${answer.fold}: ${describe(answer.progress)}`);
  if (answer.kind !== 'done') return;
  const { fold, roc_auc, log_loss, calibration, kept_b } = answer.result;
  say(
    `fold ${fold}: ROC-AUC ${roc_auc?.toFixed(4) ?? 'none'}, log loss ${log_loss.toFixed(4)}, calibration ${calibration}, ` +
      `B ${kept_b ? 'kept' : 'not kept'}, after ${seconds()} s`,
  );
}

function describe(progress: Progress): string {
  if (progress.stage === 'log') return progress.line;
  const loss = `held-out loss ${progress.loss.toFixed(5)}`;
  if (progress.stage === 'lambda') return `λ ${progress.lambda}, ${loss}`;
  return `network ${progress.part}, epoch ${progress.epoch}, ${loss} (best ${progress.best.toFixed(5)})`;
}

function say(line: string): undefined {
  process.stderr.write(`${line}\n`);
}

function seconds(): number {
  return Math.round((performance.now() - began) / 100) / 10;
}
