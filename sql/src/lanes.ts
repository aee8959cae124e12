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

/** Formats for files that analysts load. */
export type FileFormat = 'Parquet' | 'CSVWithNames';

/** A SELECT ready to be sent, with checked values; the engine stops it after `seconds`. */
export interface Read {
  readonly sql: string;
  readonly values: ParameterValues;
  readonly seconds: number;
}

/**
 * The ways a statement reaches an engine, embedded or over HTTP. Whatever they throw is the client's own error;
 * `Engine` sorts it.
 */
export interface Lanes {
  /** Reads on the next free read connection; a server that went silent is given up a little after `seconds`. */
  read(read: Read, format: TextFormat): Promise<string>;
  /**
   * The same into a file, which must not be there yet; the answer is never held as a whole. A failure may leave a part. Over
   * HTTP its values travel in the URL, of which a server takes 1 MiB unless it is told otherwise.
   */
  readToFile(read: Read, format: FileFormat, path: string): Promise<void>;
  /** Runs a statement, inserted lines included, on the one write connection. */
  write(sql: string, seconds: number | null): Promise<void>;
  /** Runs beside everything else, even when all connections are busy. */
  control(sql: string): Promise<void>;
  close(): Promise<void>;
}
