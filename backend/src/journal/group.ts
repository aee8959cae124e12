/** Rows for one table, as the lines of one insert. */
export interface Insert {
  table: string;
  columns: readonly string[];
  /** JSONCompactEachRow: one JSON array a line. */
  lines: string;
}

/** What one group commit writes: inserted in this order, each under the group's token. */
export interface Group {
  id: string;
  lane: string;
  inserts: Insert[];
}
