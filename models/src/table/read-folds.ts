import { columnOf, readTable, TableError } from './read-table.js';

/**
 * The fold of each row of a table, from a CSV with the columns `row` (0 is the first row of data) and `fold`; others are
 * passed over.
 * @throws TableError unless each row has exactly one fold and there are two or more
 */
export function readFolds(text: string, rows: number): string[] {
  const what = 'The folds file';
  const table = readTable(text, what);
  const numbers = columnOf(table, 'row', what);
  const names = columnOf(table, 'fold', what);
  const folds: (string | undefined)[] = new Array(rows).fill(undefined);
  for (const [index, cell] of numbers.entries()) {
    const row = Number(cell);
    if (cell === '' || !Number.isInteger(row) || row < 0 || row >= rows)
      throw new TableError(`${what} names row ${cell || '(nothing)'}: rows are 0 to ${rows - 1}`);
    if (folds[row] !== undefined) throw new TableError(`${what} names row ${row} twice`);
    if (names[index] === '') throw new TableError(`${what} has no fold for row ${row}`);
    folds[row] = names[index];
  }
  const without = folds.indexOf(undefined);
  if (without !== -1) {
    const count = folds.filter((fold) => fold === undefined).length;
    throw new TableError(`${what} has no fold for ${count} of ${rows} rows; the first is row ${without}`);
  }
  const complete = folds as string[];
  if (new Set(complete).size < 2) throw new TableError(`${what} has a single fold: two are needed at least`);
  return complete;
}
