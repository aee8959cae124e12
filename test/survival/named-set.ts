import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A data set that a case names instead of holding it: a file, and what its columns mean. */
export interface NamedSet {
  readonly file: string;
  /** `tenure`, or `age+time` */
  readonly time: string;
  /** `status`, `status==2`, `Churn=='Yes'` */
  readonly event: string;
  readonly group?: string | null;
  readonly entry?: string | null;
  /** `tenure>0`: rows that count */
  readonly note?: string | null;
}

export type Row = Readonly<Record<string, string>>;

/** Rows of a CSV file, by column name in lower case. Quotes are taken off; no cell holds a comma or a line break. */
export function readRows(path: string): Row[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split(/\r?\n/);
  const cells = (line: string) => line.split(',').map((cell) => cell.replace(/^"|"$/g, ''));
  const columns = cells(head).map((name) => name.toLowerCase());
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, index) => [columns[index], cell])));
}

/** The file of that name, or where it goes by another one in this folder, the one that has its columns. */
export function readSet(folder: string, set: NamedSet): Row[] {
  const path = join(folder, set.file);
  if (existsSync(path)) return readRows(path);
  const wanted = [set.time, set.event, set.group, set.entry].flatMap((text) => namesOf(text ?? ''));
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.csv'))) {
    const rows = readRows(join(folder, file));
    if (wanted.every((name) => rows[0] !== undefined && name in rows[0])) return rows;
  }
  throw new Error(`${folder} has neither ${set.file} nor another file with ${wanted.join(', ')}`);
}

const namesOf = (text: string): string[] =>
  (text.replace(/'[^']*'/g, '').match(/[A-Za-z_][\w.]*/g) ?? []).map((name) => name.toLowerCase());

/** A sum of columns. */
export const sumOf = (row: Row, text: string): number =>
  text.split('+').reduce((sum, name) => sum + numberOf(cell(row, name)), 0);

/** Does a comparison of a column hold, or is a bare column 1? */
export function holds(row: Row, text: string): boolean {
  const [, name = '', operator = '==', value = '1'] =
    /^([\w.]+)\s*(?:(==|>)\s*'?([^']*)'?)?$/.exec(text.trim()) ?? [];
  return operator === '>' ? numberOf(cell(row, name)) > Number(value) : cell(row, name) === value;
}

export function cell(row: Row, name: string): string {
  const value = row[name.trim().toLowerCase()];
  if (value === undefined) throw new Error(`No column ${name}`);
  return value;
}

function numberOf(text: string): number {
  if (text === '' || Number.isNaN(Number(text))) throw new Error(`${text} is no number`);
  return Number(text);
}
