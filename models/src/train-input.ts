import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stratifiedFolds } from './folds.js';
import type { Random } from './random.js';
import { type Column, inferColumns } from './table/infer-columns.js';
import { readFolds } from './table/read-folds.js';
import { columnOf, readTable, TableError, type TextTable } from './table/read-table.js';

const usage =
  'pnpm train --csv FILE --target COLUMN --positive VALUE [--id COLUMN] [--folds FILE] [--out DIR] [--seed NUMBER]';
/** Folds where no file names any, and rows that are needed for them. */
const ownFolds = 5;
const fewestRows = 4 * ownFolds;

export interface TrainArguments {
  readonly csv: string;
  readonly target: string;
  readonly positive: string;
  readonly id?: string | undefined;
  readonly folds?: string | undefined;
  readonly out?: string | undefined;
  readonly seed: number;
}

/** What the command trains on: everything that could be wrong with it has been looked at. */
export interface TrainInput {
  readonly columns: readonly Column[];
  readonly positive: Uint8Array;
  readonly positives: number;
  /** Of each row, and their names in order. */
  readonly folds: readonly string[];
  readonly names: readonly string[];
  readonly data_sha256: string;
}

export function readArguments(words: readonly string[]): TrainArguments {
  const option = { type: 'string' } as const;
  const options = {
    csv: option,
    target: option,
    positive: option,
    id: option,
    folds: option,
    out: option,
    seed: option,
  };
  let values: Partial<Record<keyof typeof options, string>>;
  try {
    ({ values } = parseArgs({ args: words.filter((word) => word !== '--'), options }));
  } catch (error) {
    throw new TableError(`${error instanceof Error ? error.message : String(error)}: ${usage}`);
  }
  const { csv, target, positive, seed = '1', ...rest } = values;
  if (csv === undefined || target === undefined || positive === undefined)
    throw new TableError(`--csv, --target and --positive are needed: ${usage}`);
  if (!/^\d{1,9}$/.test(seed)) throw new TableError('--seed takes a whole number of up to nine digits');
  return { csv, target, positive, seed: Number(seed), ...rest };
}

/** @throws TableError that names the fault */
export function readInput(
  { csv, target, positive: value, id, folds: file, out }: TrainArguments,
  random: Random,
): TrainInput {
  const text = readFile(csv, '--csv');
  const table = readTable(text, csv);
  const positive = readTarget(table, csv, target, value);
  if (table.rows < fewestRows)
    throw new TableError(`${csv} has ${table.rows} rows: ${fewestRows} are needed`);
  if (id !== undefined) refuseRepeated(columnOf(table, id, csv), id, csv);
  const folds =
    file === undefined
      ? Array.from(stratifiedFolds(positive, ownFolds, random.fork('folds')), String)
      : readFolds(readFile(file, '--folds'), table.rows);
  const names = [...new Set(folds)].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  refuseOneClass(positive, folds, names);
  if (out !== undefined) makeFolder(out);
  return {
    columns: inferColumns(table, id === undefined ? [target] : [target, id]),
    positive,
    positives: countOf(positive),
    folds,
    names,
    data_sha256: createHash('sha256').update(text).digest('hex'),
  };
}

function readTarget(table: TextTable, csv: string, target: string, value: string): Uint8Array {
  const cells = columnOf(table, target, csv);
  const blank = cells.indexOf('');
  if (blank !== -1) throw new TableError(`${csv} has no ${target} in row ${blank} (the first row is 0)`);
  const positive = Uint8Array.from(cells, (cell) => (cell === value ? 1 : 0));
  const positives = countOf(positive);
  if (positives > 0 && positives < table.rows) return positive;
  const found = [...new Set(cells)].slice(0, 5).join(', ');
  throw new TableError(
    `${csv} has one class: ${positives} of ${table.rows} rows have ${target} = ${value} (it holds ${found})`,
  );
}

function refuseRepeated(ids: readonly string[], name: string, csv: string): void {
  const seen = new Map<string, number>();
  for (const [row, id] of ids.entries()) {
    const before = seen.get(id);
    if (before !== undefined)
      throw new TableError(
        `${csv} has ${name} ${id} twice: in rows ${before} and ${row} (the first row is 0)`,
      );
    seen.set(id, row);
  }
}

function refuseOneClass(positive: Uint8Array, folds: readonly string[], names: readonly string[]): void {
  for (const name of names) {
    const outside = positive.filter((_, row) => folds[row] !== name);
    const positives = countOf(outside);
    if (positives > 0 && positives < outside.length) continue;
    throw new TableError(
      `without fold ${name} one class is left: ${positives} of ${outside.length} rows are positive`,
    );
  }
}

const countOf = (positive: Uint8Array): number => positive.reduce((sum, one) => sum + one, 0);

function readFile(path: string, option: string): string {
  return orFault(option, path, 'read', () => readFileSync(path, 'utf8'));
}

/** Before hours of training, not after. */
function makeFolder(path: string): void {
  orFault('--out', path, 'made', () => mkdirSync(path, { recursive: true }));
}

function orFault<T>(option: string, path: string, what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new TableError(`${option}: ${path} cannot be ${what} (${(error as NodeJS.ErrnoException).code})`);
  }
}
