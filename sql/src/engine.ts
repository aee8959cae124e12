import { rm } from 'node:fs/promises';
import { engineError, QueryFailedError } from './errors.js';
import { countLines, insertStatement } from './insert.js';
import type { FileFormat, Lanes, Read, TextFormat } from './lanes.js';
import { checkParameters, inUtc, type ParameterValues } from './parameters.js';
import type { Queries } from './queries.generated.js';
import { checkChoices, type NamedQueries } from './query.js';
import { mapLiteral, oneStatement, type Settings, stringLiteral, withSettings } from './statement.js';

export interface QueryEvent {
  /** The named query, the label of other SQL, or `insert <table>`. */
  readonly name: string;
  /** From the call to the answer, waiting for a free connection included. */
  readonly milliseconds: number;
  /** Rows answered or inserted; null where the answer is raw text. */
  readonly rows: number | null;
  readonly failed: boolean;
}

export interface ReadOptions {
  /** Seconds after which the engine stops the query. @default 30 */
  readonly maxExecutionSeconds?: number;
  /** A name of the caller's choice by which `cancel` finds the query. */
  readonly queryId?: string;
  /**
   * Conditions by table, as if all rows that do not meet them had been deleted, wherever the statement reads the table.
   * They are SQL of ours: no value of a caller's may stand in them.
   */
  readonly onlyRows?: Readonly<Record<string, string>>;
}

/** What the generated `Queries` looks like. */
export type ParamsOf<Shapes, Name extends keyof Shapes> = Shapes[Name] extends { params: infer Params }
  ? Params
  : never;
export type RowOf<Shapes, Name extends keyof Shapes> = Shapes[Name] extends { row: infer Row } ? Row : never;

const defaultSeconds = 30;
/** A group of rows is held until it is full: of the default million wide ones that is half a gigabyte. */
const fileSettings = { output_format_parquet_row_group_size: 100_000 } as const;
/** How long an insert may take before its outcome counts as unknown. */
const insertSeconds = 120;

/** An open database. All methods throw `EngineAwayError` or `QueryFailedError`; no failure looks like an empty result. */
export class Engine<Shapes = Queries> {
  #closed = false;

  /** @param replicated whether migrations must name replicated table engines */
  constructor(
    private readonly lanes: Lanes,
    readonly queries: NamedQueries,
    readonly replicated: boolean,
    private readonly onQuery?: (event: QueryEvent) => void,
  ) {}

  /**
   * The rows of a named query. Instants are ISO 8601 text in UTC; a Float that is NaN or infinite is null.
   * @throws EngineAwayError if the engine cannot answer now
   * @throws QueryFailedError if it refused, also when the query ran out of time (code 159) or was cancelled (394)
   */
  async query<Name extends keyof Shapes & string>(
    name: Name,
    params: ParamsOf<Shapes, Name>,
    options: ReadOptions = {},
  ): Promise<RowOf<Shapes, Name>[]> {
    return this.rows<RowOf<Shapes, Name>>(
      name,
      this.#named(name, params),
      params as ParameterValues,
      options,
    );
  }

  /** The answer of a named query as the engine writes it in that format. Throws as `query` does. */
  async text<Name extends keyof Shapes & string>(
    name: Name,
    params: ParamsOf<Shapes, Name>,
    format: TextFormat,
    options: ReadOptions = {},
  ): Promise<string> {
    const sql = this.#named(name, params);
    return this.#timed(
      name,
      async () => {
        const read = this.#prepare(name, sql, params as ParameterValues, options);
        return this.#sent(name, () => this.lanes.read(read, format));
      },
      () => null,
    );
  }

  /**
   * Writes the answer of a named query into a file, a part of it at a time. Throws as `query` does, and leaves no file then.
   * @param path absolute, of a file that is not there yet
   */
  async toFile<Name extends keyof Shapes & string>(
    name: Name,
    params: ParamsOf<Shapes, Name>,
    format: FileFormat,
    path: string,
    options: ReadOptions = {},
  ): Promise<void> {
    const sql = this.#named(name, params);
    await this.#timed(
      name,
      async () => {
        const read = this.#prepare(name, sql, params as ParameterValues, options, fileSettings);
        try {
          await this.#sent(name, () => this.lanes.readToFile(read, format, path));
        } catch (error) {
          await rm(path, { force: true });
          throw error;
        }
      },
      () => null,
    );
  }

  /**
   * The rows of SQL that has no file: of the condition compiler, and in tests.
   * @param label what logs and errors call it
   * @param sql one SELECT with `{name:Type}` for each value
   */
  async rows<Row>(
    label: string,
    sql: string,
    params: ParameterValues = {},
    options: ReadOptions = {},
  ): Promise<Row[]> {
    return this.#timed(
      label,
      async () => {
        const read = this.#prepare(label, sql, params, options);
        const lines = await this.#sent(label, () => this.lanes.read(read, 'JSONEachRow'));
        return JSON.parse(`[${lines.trimEnd().replaceAll('\n', ',')}]`) as Row[];
      },
      (rows) => rows.length,
    );
  }

  /**
   * Inserts lines as one block, so that one insert makes one part per month it touches.
   * @param lines JSONCompactEachRow: one JSON array a line, values in the order of `columns`
   * @param token names this group of rows: sent again it changes nothing, here and in all views. Other rows
   *   under a token already used are dropped silently, so it must name a journal group. null: no deduplication.
   * @throws EngineAwayError to be retried under the same token; a timeout here may have inserted the rows
   * @throws QueryFailedError if a row or a view was refused: nothing, or only the table before a failing view, was
   *   written, and a retry under the same token completes it
   */
  async insert(
    table: string,
    columns: readonly string[],
    lines: string,
    token: string | null,
  ): Promise<void> {
    const label = `insert ${table}`;
    if (lines.trim() === '') return;
    await this.#timed(
      label,
      async () => {
        const statement = insertStatement(table, columns, lines, token);
        await this.#sent(label, () => this.lanes.write(statement, insertSeconds));
      },
      () => countLines(lines),
    );
  }

  /**
   * Runs one statement that answers nothing, over the write connection, without a deadline.
   * Values belong into `insert` or `rows`: this has no parameters.
   */
  async command(sql: string, label = 'command'): Promise<void> {
    await this.#timed(
      label,
      async () => {
        const statement = one(sql, label);
        await this.#sent(label, () => this.lanes.write(statement, null));
      },
      () => 0,
    );
  }

  /** @throws EngineAwayError if the engine does not answer */
  async ping(): Promise<void> {
    await this.#sent('ping', () => this.lanes.control('SELECT 1'));
  }

  /** Stops the query with that id if it runs; it then fails with code 394. Does not wait for its end. */
  async cancel(queryId: string): Promise<void> {
    // SYNC would wait for ever on the embedded engine.
    const kill = `KILL QUERY WHERE Settings['log_comment'] = ${stringLiteral(queryId)} ASYNC`;
    await this.#sent('cancel', () => this.lanes.control(kill));
  }

  /** Lets running statements end, then closes. Calls after this throw `EngineAwayError`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.lanes.close();
  }

  #named(name: string, params: unknown): string {
    const query = this.queries.get(name);
    if (query === undefined) throw new QueryFailedError(name, 0, 'NO_SUCH_QUERY');
    checkChoices(query, params as ParameterValues);
    return query.sql;
  }

  #prepare(
    name: string,
    sql: string,
    params: ParameterValues,
    options: ReadOptions,
    more: Settings = {},
  ): Read {
    const seconds = options.maxExecutionSeconds ?? defaultSeconds;
    const settings: Settings = {
      max_execution_time: seconds,
      date_time_output_format: 'iso',
      output_format_json_quote_64bit_integers: 0,
      join_use_nulls: 1,
      ...(options.queryId === undefined ? {} : { log_comment: options.queryId }),
      ...(options.onlyRows === undefined ? {} : { additional_table_filters: mapLiteral(options.onlyRows) }),
      ...more,
    };
    const statement = one(inUtc(sql), name);
    return { sql: withSettings(statement, settings), values: checkParameters(statement, params), seconds };
  }

  /** Sends, and turns whatever the client threw into our two errors. */
  async #sent<Result>(name: string, send: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw engineError(name, Object.assign(new Error(), { code: 'CLOSED' }));
    try {
      return await send();
    } catch (error) {
      // A mistake of ours must not be retried as if the engine were away.
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      throw engineError(name, error);
    }
  }

  async #timed<Result>(
    name: string,
    work: () => Promise<Result>,
    count: (result: Result) => number | null,
  ): Promise<Result> {
    const start = performance.now();
    try {
      const result = await work();
      this.onQuery?.({ name, milliseconds: performance.now() - start, rows: count(result), failed: false });
      return result;
    } catch (error) {
      this.onQuery?.({ name, milliseconds: performance.now() - start, rows: null, failed: true });
      throw error;
    }
  }
}

/** The one statement of the text, or the refusal that a server would answer with. */
function one(sql: string, name: string): string {
  try {
    return oneStatement(sql, name);
  } catch (error) {
    throw new QueryFailedError(name, 0, 'NOT_ONE_STATEMENT', (error as Error).message);
  }
}
