import type { TextTable } from './read-table.js';

/** One column of a table, as the learner takes it: numbers with NaN for missing, or level names with null for missing. */
export type Column =
  | { readonly name: string; readonly kind: 'numeric'; readonly values: Float64Array }
  | { readonly name: string; readonly kind: 'categorical'; readonly values: readonly (string | null)[] };

const missing = new Set(['', 'na', 'n/a', 'nan', 'null', '?', '.', '-', '#n/a']);

/** The share of the cells that are there which must be numbers for the others to count as missing. */
const mostlyNumbers = 0.95;

const isoDate = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const day = 86_400_000;

/**
 * Types from the cells alone, never from names: numbers (dates are days since 1970), or levels. A column of numbers with a
 * few words in it is numeric, and the words are missing.
 */
export function inferColumns(table: TextTable, leaveOut: readonly string[]): Column[] {
  return table.names.flatMap((name, index) =>
    leaveOut.includes(name) ? [] : [inferColumn(name, table.columns[index] as readonly string[])],
  );
}

function inferColumn(name: string, cells: readonly string[]): Column {
  const present = cells.filter((cell) => !isMissing(cell));
  const readable = present.filter((cell) => !Number.isNaN(numberOf(cell))).length;
  // A column without a single value is numeric: all of it is missing, and the encoder leaves it out.
  if (readable >= mostlyNumbers * present.length)
    return { name, kind: 'numeric', values: Float64Array.from(cells, numberOf) };
  return { name, kind: 'categorical', values: cells.map((cell) => (isMissing(cell) ? null : cell)) };
}

const isMissing = (cell: string): boolean => missing.has(cell.trim().toLowerCase());

/** NaN for what is no finite number and no date. A date without a zone is taken as UTC. */
function numberOf(cell: string): number {
  const text = cell.trim();
  if (decimal.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : Number.NaN;
  }
  if (!isoDate.test(text)) return Number.NaN;
  const zoned = /[T ]/.test(text) && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) ? `${text}Z` : text;
  return Date.parse(zoned.replace(' ', 'T')) / day;
}
