// `pnpm train`: the learner on any table, cross-validated. One JSON object on standard output, everything else on the other.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chooseBackend } from './backend.js';
import type { FoldResult } from './cross-validate.js';
import { pooledScoresOf } from './evaluate.js';
import { type FoldAnswer, runFolds } from './fold-threads.js';
import { stratifiedFolds } from './folds.js';
import type { Progress } from './learner.js';
import { createRandom } from './random.js';
import { inferColumns } from './table/infer-columns.js';
import { readFolds } from './table/read-folds.js';
import { columnOf, readTable, TableError } from './table/read-table.js';

const usage =
  'pnpm train --csv FILE --target COLUMN --positive VALUE [--id COLUMN] [--folds FILE] [--out DIR] [--seed NUMBER]';
const ownFolds = 5;

try {
  await main();
} catch (error) {
  // Not thrown on: TensorFlow's WebAssembly listens for that, and prints its whole source.
  const isFault = error instanceof TableError;
  process.stderr.write(
    `${error instanceof Error ? (isFault ? error.message : error.stack) : String(error)}\n`,
  );
  process.exitCode = isFault ? 2 : 1;
}

async function main(): Promise<void> {
  const began = performance.now();
  const { csv, target, positive: value, id, folds: foldsFile, seed } = readArguments();
  const table = readTable(readFile(csv, '--csv'), csv);
  const targets = columnOf(table, target, csv);
  const positive = Uint8Array.from(targets, (cell) => (cell === value ? 1 : 0));
  const positives = positive.reduce((sum, one) => sum + one, 0);
  const blank = targets.indexOf('');
  if (blank !== -1) throw new TableError(`${csv} has no ${target} in row ${blank} (the first row is 0)`);
  if (positives === 0 || positives === table.rows) {
    const found = [...new Set(targets)].slice(0, 5).join(', ');
    throw new TableError(
      `${csv} has one class: ${positives} of ${table.rows} rows have ${target} = ${value} (it holds ${found})`,
    );
  }
  if (id !== undefined) refuseRepeated(columnOf(table, id, csv), id, csv);
  const random = createRandom(seed);
  const folds =
    foldsFile === undefined
      ? Array.from(stratifiedFolds(positive, ownFolds, random.fork('folds')), String)
      : readFolds(readFile(foldsFile, '--folds'), table.rows);
  const names = [...new Set(folds)].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  const columns = inferColumns(table, id === undefined ? [target] : [target, id]);
  say(`${table.rows} rows, ${positives} positive, ${columns.length} columns, ${names.length} folds`);

  const backend = await chooseBackend(say);
  const forecast = new Float64Array(table.rows);
  const orders = names.map((fold) => ({ fold, seed: random.fork(`fold ${fold}`).bits() }));
  const done = await runFolds({ columns, positive, folds }, orders, (answer) => tell(answer, began));
  const results = names.map((name) => done.find(({ result }) => result.fold === name)?.result as FoldResult);
  for (const found of done)
    for (const [index, row] of found.rows.entries()) forecast[row] = found.forecast[index] as number;
  const pooled = pooledScoresOf(positive, forecast, random.fork('noise'));
  const output = {
    rows: table.rows,
    positives,
    backend,
    seconds: seconds(began),
    folds: results.map(({ backend: _, ...result }) => result),
    pooled,
    kept_b: results.map(({ kept_b }) => kept_b),
  };
  process.stdout.write(`${JSON.stringify(output)}\n`);
}

function readArguments() {
  const option = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: process.argv.slice(2).filter((word) => word !== '--'),
      options: {
        csv: option,
        target: option,
        positive: option,
        id: option,
        folds: option,
        out: option,
        seed: option,
      },
    });
    const { csv, target, positive, seed = '1', ...rest } = values;
    if (csv === undefined || target === undefined || positive === undefined)
      throw new TableError(`--csv, --target and --positive are needed: ${usage}`);
    if (!/^\d{1,9}$/.test(seed)) throw new TableError('--seed takes a whole number of up to nine digits');
    return { csv, target, positive, seed: Number(seed), ...rest };
  } catch (error) {
    if (error instanceof TableError) throw error;
    throw new TableError(`${error instanceof Error ? error.message : String(error)}: ${usage}`);
  }
}

function readFile(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new TableError(`${option}: ${path} cannot be read (${code})`);
  }
}

function refuseRepeated(ids: readonly string[], name: string, what: string): void {
  const seen = new Map<string, number>();
  for (const [row, id] of ids.entries()) {
    const before = seen.get(id);
    if (before !== undefined)
      throw new TableError(
        `${what} has ${name} ${id} twice: in rows ${before} and ${row} (the first row is 0)`,
      );
    seen.set(id, row);
  }
}

function tell(answer: FoldAnswer, began: number): void {
  if (answer.kind === 'progress') say(`fold ${answer.fold}: ${describe(answer.progress)}`);
  if (answer.kind !== 'done') return;
  const { fold, roc_auc, log_loss, calibration, kept_b } = answer.result;
  say(
    `fold ${fold}: ROC-AUC ${roc_auc?.toFixed(4) ?? 'none'}, log loss ${log_loss.toFixed(4)}, calibration ${calibration}, ` +
      `B ${kept_b ? 'kept' : 'not kept'}, after ${seconds(began)} s`,
  );
}

function describe(progress: Progress): string {
  if (progress.stage === 'log') return progress.line;
  const loss = `held-out loss ${progress.loss.toFixed(5)}`;
  if (progress.stage === 'lambda') return `λ ${progress.lambda}, ${loss}`;
  return `network ${progress.part}, epoch ${progress.epoch}, ${loss} (best ${progress.best.toFixed(5)})`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function seconds(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10;
}
