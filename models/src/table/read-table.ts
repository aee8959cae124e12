import { parse } from 'csv-parse/sync';

/** A fault of the table or of what was asked of it. The message is for whoever gave it. */
export class TableError extends Error {
  override readonly name = 'TableError';
}

/** Cells as they stand in the file, column by column. */
export interface TextTable {
  readonly names: readonly string[];
  readonly columns: readonly (readonly string[])[];
  readonly rows: number;
}

/**
 * Reads a CSV text with a header (RFC 4180; a byte order mark and blank lines are passed over, spaces around cells are no
 * part of them).
 * @throws TableError for an empty text, a header that names a column twice or not at all, and rows of another length
 */
export function readTable(text: string, what = 'The table'): TextTable {
  let records: string[][];
  try {
    records = parse(text, { bom: true, skip_empty_lines: true, trim: true, relax_column_count: true });
  } catch (error) {
    throw new TableError(`${what} is no CSV: ${error instanceof Error ? error.message : String(error)}`);
  }
  const [names, ...rows] = records;
  if (names === undefined) throw new TableError(`${what} is empty: it has no header`);
  for (const [index, name] of names.entries()) {
    if (name === '') throw new TableError(`${what} has no name for column ${index + 1}`);
    if (names.indexOf(name) !== index) throw new TableError(`${what} has two columns named ${name}`);
  }
  if (rows.length === 0) throw new TableError(`${what} has a header and no rows`);
  const ragged = rows.findIndex((row) => row.length !== names.length);
  if (ragged !== -1) {
    const found = rows[ragged]?.length;
    throw new TableError(
      `${what} has ${names.length} columns, but row ${ragged} has ${found} cells (the first row is 0)`,
    );
  }
  return {
    names,
    columns: names.map((_, column) => rows.map((row) => row[column] as string)),
    rows: rows.length,
  };
}

/** @throws TableError that lists the columns there are */
export function columnOf(table: TextTable, name: string, what = 'The table'): readonly string[] {
  const column = table.columns[table.names.indexOf(name)];
  if (column === undefined)
    throw new TableError(`${what} has no column ${name}: it has ${table.names.join(', ')}`);
  return column;
}
