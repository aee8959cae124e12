import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  ClickHouseLogLevel,
  createClient,
  type DataFormat,
} from '@clickhouse/client';
import { drainPending, Session } from 'chdb';
import { createChdbConnection } from 'chdb/connection';
import { Engine, type QueryEvent } from './engine.js';
import { EngineAwayError, engineError } from './errors.js';
import type { Lanes, Read } from './lanes.js';
import { parameterText, setParameters } from './parameters.js';
import { Pool } from './pool.js';
import type { Queries } from './queries.generated.js';
import { type NamedQueries, readQueries } from './query.js';
import { stringLiteral } from './statement.js';

export type Where = { readonly path: string } | { readonly url: string };

export interface OpenOptions {
  /** @default 'secateur' */
  readonly database?: string;
  /**
   * How many reads run at once. Embedded, each running statement holds a thread of libuv's pool, which file
   * access shares: start Node with UV_THREADPOOL_SIZE of at least readers + 5.
   * @default 3
   */
  readonly readers?: number;
  /** Memory the embedded engine may take, in bytes. Without it, 0.9 of the machine, shared with Node. */
  readonly maxMemoryBytes?: number;
  /** Where the embedded engine may write and read `BACKUP … TO File(…)`. @default `<path>/backups` */
  readonly backupsPath?: string;
  /** The server's database is a Replicated one: migrations map each MergeTree to its replicated twin. */
  readonly replicated?: boolean;
  /** Called after each statement, failed ones too: for logs and metrics. */
  readonly onQuery?: (event: QueryEvent) => void;
  /** The named queries. @default those of this package */
  readonly queries?: NamedQueries;
}

/**
 * Opens the database, making it if it is not there.
 *
 * @param where a data directory for the embedded engine, or the URL of a ClickHouse server
 *   (`http://user:password@host:8123`). A data directory belongs to one process.
 * @throws EngineAwayError if the server does not answer, or another process holds the data directory
 */
export async function open<Shapes = Queries>(
  where: Where,
  options: OpenOptions = {},
): Promise<Engine<Shapes>> {
  const queries = options.queries ?? readQueries();
  let lanes: Lanes;
  try {
    lanes = 'path' in where ? await openEmbedded(where.path, options) : await openServer(where.url, options);
  } catch (error) {
    throw engineError('open', error);
  }
  return new Engine<Shapes>(lanes, queries, options.replicated ?? false, options.onQuery);
}

type ClientConnection = NonNullable<ClickHouseClientConfigOptions['connection']>;

const quiet = { log: { level: ClickHouseLogLevel.OFF } };

function identifier(name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new Error(`${name} is not a plain database name`);
  return name;
}

function xmlText(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Written beside the data because only a config file reaches these: they are no settings. */
function writeEngineConfig(path: string, options: OpenOptions): string {
  const backups = resolve(options.backupsPath ?? join(path, 'backups'));
  const memory = options.maxMemoryBytes;
  const file = join(path, 'engine.xml');
  writeFileSync(
    file,
    `<clickhouse>
  ${memory === undefined ? '' : `<max_server_memory_usage>${Math.floor(memory)}</max_server_memory_usage>`}
  <backups><allowed_path>${xmlText(backups)}</allowed_path></backups>
</clickhouse>
`,
  );
  return file;
}

/** The first session decides the arguments for all connections on the directory. */
function openSession(directory: string, config: string): Session {
  try {
    return new Session(directory, { connectionArgs: [`--config-file=${config}`] });
  } catch {
    // The engine prints its reason to stderr and tells the caller none.
    throw new EngineAwayError('open', null, 'another process may hold the data directory');
  }
}

/** A connection that is remade after a failure. */
interface Slot {
  client: ClickHouseClient | undefined;
}

/** The embedded engine also takes parameters as text, for a loopback server in tests. */
export interface EmbeddedLanes extends Lanes {
  readWith(sql: string, texts: Readonly<Record<string, string>>, format: string): Promise<Buffer>;
}

/** The ClickHouse engine in this process, on a data directory. */
export async function openEmbedded(path: string, options: OpenOptions = {}): Promise<EmbeddedLanes> {
  const directory = resolve(path);
  const database = identifier(options.database ?? 'secateur');
  mkdirSync(directory, { recursive: true });
  const control = openSession(directory, writeEngineConfig(directory, options));
  control.query(`CREATE DATABASE IF NOT EXISTS ${database} ENGINE = Atomic`);

  const connect = async (): Promise<ClickHouseClient> => {
    // The client and chdb each carry their own copy of the interface.
    const connection = createChdbConnection({ path: directory }) as unknown as ClientConnection;
    const client = createClient({ connection, ...quiet });
    await client.command({ query: `USE ${database}` });
    // A bound parameter travels in a SET statement, so a list of 100,000 ids needs more than the default 256 KiB.
    await client.command({ query: 'SET max_query_size = 1000000000' });
    return client;
  };
  const slots = (count: number): Slot[] => Array.from({ length: count }, () => ({ client: undefined }));
  const readers = new Pool(slots(options.readers ?? 3));
  const writer = new Pool(slots(1));

  const on = async <Result>(
    slot: Slot,
    task: (client: ClickHouseClient) => Promise<Result>,
  ): Promise<Result> => {
    slot.client ??= await connect();
    try {
      return await task(slot.client);
    } catch (error) {
      // Rows that a failed statement had already put out stay in its connection and would lead the next answer.
      const broken = slot.client;
      slot.client = undefined;
      await broken.close();
      throw error;
    }
  };

  // Not the client's query_params: chdb runs all statements with bound parameters one after another, whatever
  // their connection, and cuts the milliseconds off dates. SET param_… belongs to one connection alone.
  const readWith = (sql: string, texts: Readonly<Record<string, string>>, format: string): Promise<Buffer> =>
    readers.run((slot) =>
      on(slot, async (client) => {
        const { stream } = await client.exec({ query: `${setParameters(texts)}${sql}\nFORMAT ${format}` });
        return buffer(stream);
      }),
    );
  const textsOf = ({ values }: Read): Record<string, string> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, parameterText(value)]));

  return {
    readWith,
    read: async (read, format) => (await readWith(read.sql, textsOf(read), format)).toString('utf8'),
    // The engine writes the file itself: whatever it answers it holds as a whole.
    readToFile: async (read, format, path) => {
      const sql = `${read.sql}\nINTO OUTFILE ${stringLiteral(path)}`;
      await readWith(sql, textsOf(read), format);
    },
    write: (sql) =>
      writer.run((slot) => on(slot, async (client) => void (await client.command({ query: sql })))),
    // On this thread, because busy connections can hold every thread of libuv's pool.
    control: async (sql) => void control.query(sql),
    close: async () => {
      for (const { client } of [...(await readers.drain()), ...(await writer.drain())]) await client?.close();
      control.close();
      await drainPending();
    },
  };
}

/** A ClickHouse server or Cloud service over HTTP. */
export async function openServer(url: string, options: OpenOptions = {}): Promise<Lanes> {
  const database = identifier(options.database ?? 'secateur');
  const common = {
    url,
    ...quiet,
    // Deadlines are per call: a migration may take long.
    request_timeout: 3_600_000,
    // Small parameters go into the URL, lists of ids into a multipart body.
    use_multipart_params_auto: true,
    // The server answers when it has finished, so a failure halfway is a status and not half a result.
    clickhouse_settings: { wait_end_of_query: 1, cancel_http_readonly_queries_on_client_close: 1 },
  } as const;
  const first = createClient(common);
  await first
    .command({
      query: createDatabase(database, options.replicated ?? false),
      abort_signal: AbortSignal.timeout(60_000),
    })
    .finally(() => first.close());

  const connections = options.readers ?? 3;
  const reader = createClient({ ...common, database, max_open_connections: connections });
  const writer = createClient({ ...common, database, max_open_connections: 1 });
  const control = createClient({ ...common, database, max_open_connections: 1 });
  const deadline = (seconds: number | null): { abort_signal?: AbortSignal } =>
    seconds === null ? {} : { abort_signal: AbortSignal.timeout(seconds * 1000) };

  return {
    read: async ({ sql, values, seconds }, format) => {
      const result = await reader.query({
        query: sql,
        query_params: values,
        format: format as DataFormat,
        ...deadline(seconds + 5),
      });
      return result.text();
    },
    readToFile: async ({ sql, values, seconds }, format, path) => {
      const query = `${sql}\nFORMAT ${format}`;
      const { stream } = await reader.exec({ query, query_params: values, ...deadline(seconds + 5) });
      await pipeline(stream, createWriteStream(path, { flags: 'wx' }));
    },
    write: async (sql, seconds) => void (await writer.command({ query: sql, ...deadline(seconds) })),
    control: async (sql) => void (await control.command({ query: sql, ...deadline(10) })),
    close: async () => {
      await Promise.all([reader.close(), writer.close(), control.close()]);
    },
  };
}

/** The statement that makes the database on a server. */
export function createDatabase(database: string, replicated: boolean): string {
  const statement = `CREATE DATABASE IF NOT EXISTS ${identifier(database)}`;
  return replicated
    ? `${statement} ENGINE = Replicated('/clickhouse/databases/${database}', '{shard}', '{replica}')`
    : statement;
}
