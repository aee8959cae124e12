import { stringify } from 'csv-stringify/sync';

type Plain = string | number | boolean | null;
type Line = Record<string, Plain>;

/** Where an answer has its lines within a row: buckets of a trend, periods of a cohort, times of a curve. */
const inner = ['trend', 'cells', 'curve'] as const;

/**
 * The figures of an answer as a table, RFC 4180 with a header: a line for each row, or for each point of its trend, its
 * periods or its curve. Nested values are named by their path (`figure.value`), lists of words stand in one cell, and the
 * clocks of the answer at the end of each line. Text that a spreadsheet would take for a formula is quoted by an apostrophe.
 */
export function csvOf(answer: object): string {
  const lines = linesOf(answer as Record<string, unknown>);
  const columns = [...new Set(lines.flatMap((line) => Object.keys(line)))];
  return stringify(lines, {
    header: true,
    columns,
    escape_formulas: true,
    record_delimiter: 'windows',
    cast: { boolean: (value) => String(value), number: (value) => String(value) },
  });
}

function linesOf(answer: Record<string, unknown>): Line[] {
  const clocks = clocksOf(answer);
  return rowsOf(answer).flatMap(({ ...row }) => {
    const list = inner.find((name) => Array.isArray(row[name]));
    if (list === 'trend') delete row.shrunk;
    const own = { ...keysOf(answer.by, row), ...flat(row, list) };
    if (list === undefined) return [{ ...own, ...clocks }];
    const points = row[list] as Record<string, unknown>[];
    return points.map((point) => ({ ...own, ...flat(point), ...clocks }));
  });
}

/** A column for each dimension that was asked for and one for its title, in place of the two lists. */
function keysOf(by: unknown, row: Record<string, unknown>): Line {
  if (!Array.isArray(by) || !Array.isArray(row.keys)) return {};
  const { keys, titles } = row as { keys: string[]; titles?: string[] };
  delete row.keys;
  delete row.titles;
  return Object.fromEntries(
    by.flatMap((dimension: string, index) => [
      [dimension, keys[index] ?? ''],
      ...(titles === undefined ? [] : [[`${dimension}.title`, titles[index] ?? '']]),
    ]),
  );
}

function rowsOf(answer: Record<string, unknown>): Record<string, unknown>[] {
  for (const name of ['rows', 'metrics']) if (Array.isArray(answer[name])) return answer[name] as Line[];
  if (!Array.isArray(answer.curve)) return [answer];
  // A curve and those that it is compared with: the definition is the same for all.
  const { compared, definition: _definition, log_rank: _test, ...first } = answer;
  return [first, ...(compared as Line[])];
}

function clocksOf(answer: Record<string, unknown>): Line {
  const said = { ...(answer.definition as object | undefined), ...answer } as Record<string, unknown>;
  return Object.fromEntries(
    ['as_of', 'known_at', 'time_zone', 'week_start', 'unit'].flatMap((name) =>
      typeof said[name] === 'string' ? [[name, said[name]]] : [],
    ),
  );
}

/** Scalars by their path. Lists of objects are left out: they would be tables of their own. */
function flat(value: Record<string, unknown>, without?: string, path = ''): Line {
  const line: Line = {};
  for (const [name, each] of Object.entries(value)) {
    if (name === without) continue;
    const column = `${path}${name}`;
    if (Array.isArray(each)) {
      if (each.every((one) => typeof one !== 'object' || one === null)) line[column] = each.join(' | ');
    } else if (typeof each === 'object' && each !== null) {
      Object.assign(line, flat(each as Record<string, unknown>, undefined, `${column}.`));
    } else if (each !== undefined) line[column] = each as Plain;
  }
  return line;
}
