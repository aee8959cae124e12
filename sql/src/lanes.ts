import type { ParameterValues } from './parameters.js';

/** Formats whose answer is text. Ask for one a read; the statement itself names none. */
export type TextFormat =
  | 'JSON'
  | 'JSONColumns'
  | 'JSONCompact'
  | 'JSONCompactColumns'
  | 'JSONCompactEachRow'
  | 'JSONEachRow'
  | 'CSV'
  | 'CSVWithNames'
  | 'TabSeparated'
  | 'TabSeparatedWithNames';

/**
 * The ways a statement reaches an engine, embedded or over HTTP. Whatever they throw is the client's own error;
 * `Engine` sorts it.
 */
export interface Lanes {
  /** Reads on the next free read connection; `seconds` bounds the wait for a server that went silent. */
  read(sql: string, values: ParameterValues, format: TextFormat, seconds: number): Promise<string>;
  /** Runs a statement, inserted lines included, on the one write connection. */
  write(sql: string, seconds: number | null): Promise<void>;
  /** Runs beside everything else, even when all connections are busy. */
  control(sql: string): Promise<void>;
  close(): Promise<void>;
}
