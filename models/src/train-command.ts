// `pnpm train`: the learner on any table, cross-validated. One JSON object on standard output, everything else on the other.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chooseBackend } from './backend.js';
import { type FoldResult, runFold } from './cross-validate.js';
import { pooledScoresOf } from './evaluate.js';
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
  if (!(error instanceof TableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
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
  const results: FoldResult[] = [];
  for (const fold of names) {
    const found = await runFold(columns, positive, folds, fold, {
      seed: random.fork(`fold ${fold}`).bits(),
      report: (progress) => tell(fold, progress),
    });
    for (const [index, row] of found.rows.entries()) forecast[row] = found.forecast[index] as number;
    results.push(found.result);
    say(
      `fold ${fold}: ROC-AUC ${found.result.roc_auc?.toFixed(4)}, log loss ${found.result.log_loss.toFixed(4)}, ${found.result.calibration}${found.result.kept_b ? ', B kept' : ''}, ${seconds(began)} s`,
    );
  }
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

function tell(fold: string, progress: Progress): undefined {
  if (progress.stage === 'log') say(`fold ${fold}: ${progress.line}`);
  else if (progress.stage === 'lambda')
    say(`fold ${fold}: λ ${progress.lambda}, held-out loss ${progress.loss.toFixed(5)}`);
  else
    say(
      `fold ${fold}: network ${progress.part}, epoch ${progress.epoch}, held-out loss ${progress.loss.toFixed(5)} (best ${progress.best.toFixed(5)})`,
    );
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function seconds(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10;
}
