import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type EmbeddedLanes, oneStatement } from '@secateur/sql';

/** What an outage test makes of one statement. */
export type Failure =
  /** An answer in the engine's place: a proxy's 502, or an exception with its ClickHouse code. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly code?: number }
  /** The connection breaks; `after` the statement ran, so the client cannot know. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** Headers and half of the body arrive, then the connection breaks. */
  | { readonly kind: 'truncate' }
  /** No answer at all. */
  | { readonly kind: 'hang' };

export interface Loopback {
  /** Stays the same over `stop` and `start`. */
  readonly url: string;
  /** Asked before each statement; undefined lets it pass. */
  fail: ((statement: string) => Failure | undefined) | undefined;
  /** Refuses connections and breaks the open ones. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/**
 * A ClickHouse HTTP server on 127.0.0.1 in front of the embedded engine: as much of the protocol as the
 * official client speaks. The caller keeps and closes the lanes.
 */
export async function startLoopback(lanes: EmbeddedLanes): Promise<Loopback> {
  let server: Server | undefined;
  let port = 0;
  const loopback = {
    url: '',
    fail: undefined as Loopback['fail'],
    start: async () => {
      const starting = createServer((request, response) => {
        answer(lanes, loopback, request, response).catch(() => response.destroy());
      });
      await new Promise<void>((resolve, reject) => {
        starting.once('error', reject);
        starting.listen(port, '127.0.0.1', resolve);
      });
      server = starting;
      port = (starting.address() as AddressInfo).port;
      loopback.url = `http://127.0.0.1:${port}`;
    },
    stop: async () => {
      const stopping = server;
      server = undefined;
      if (stopping === undefined) return;
      const closed = new Promise((resolve) => stopping.close(resolve));
      stopping.closeAllConnections();
      await closed;
    },
  };
  await loopback.start();
  return loopback;
}

async function answer(
  lanes: EmbeddedLanes,
  loopback: Loopback,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname === '/ping') return void response.end('Ok.\n');
  const fields = new Map(url.searchParams);
  const sent = await bodyOf(request);
  let data = '';
  const boundary = /boundary=([^;]+)/.exec(request.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) data = sent.toString('utf8');
  else for (const [name, value] of multipart(sent.toString('utf8'), boundary)) fields.set(name, value);
  const inQuery = fields.get('query');
  const statement = inQuery === undefined ? data : `${inQuery}\n${data}`.trim();

  const failure = loopback.fail?.(statement);
  if (failure?.kind === 'hang') return;
  if (failure?.kind === 'reset' && failure.when === 'before') return void request.socket.destroy();
  if (failure?.kind === 'answer') {
    return refuse(response, failure.status, failure.code, failure.body);
  }
  let body: Buffer;
  try {
    body = await run(lanes, statement, fields);
  } catch (error) {
    const { code, type, message } = error as Error & { code?: string; type?: string };
    const known = code ?? /^Code: (\d+)/.exec(message)?.[1] ?? '1002';
    const status = type === 'UNKNOWN_TABLE' ? 404 : type === 'SYNTAX_ERROR' ? 400 : 500;
    return refuse(response, status, Number(known), exception(known, type, message));
  }
  if (failure?.kind === 'reset') return void request.socket.destroy();
  response.writeHead(200, {
    'X-ClickHouse-Summary': JSON.stringify({
      read_rows: '0',
      read_bytes: '0',
      written_rows: '0',
      written_bytes: '0',
    }),
    'X-ClickHouse-Query-Id': fields.get('query_id') ?? '',
    'Content-Type': 'text/plain; charset=UTF-8',
  });
  if (failure?.kind === 'truncate') {
    response.write(body.subarray(0, Math.ceil(body.length / 2)), () => request.socket.destroy());
    return;
  }
  response.end(body);
}

function exception(code: string, type: string | undefined, message: string): string {
  return /^Code: \d+/.test(message)
    ? message
    : `Code: ${code}. DB::Exception: ${message.trim()} (${type ?? 'UNKNOWN_EXCEPTION'}) (version 26.7.3.1)`;
}

function refuse(response: ServerResponse, status: number, code: number | undefined, body: string): void {
  response.writeHead(status, code === undefined ? {} : { 'X-ClickHouse-Exception-Code': String(code) });
  response.end(`${body}\n`);
}

async function run(
  lanes: EmbeddedLanes,
  statement: string,
  fields: ReadonlyMap<string, string>,
): Promise<Buffer> {
  if (/^\s*INSERT\b/i.test(statement)) {
    await lanes.write(statement, null);
    return Buffer.alloc(0);
  }
  // A server refuses a second statement; the embedded engine would run it.
  let one: string;
  try {
    one = oneStatement(statement, 'the request');
  } catch (error) {
    throw Object.assign(
      new Error(`Syntax error (Multi-statements are not allowed): ${(error as Error).message}`),
      {
        code: '62',
        type: 'SYNTAX_ERROR',
      },
    );
  }
  if (/^\s*KILL\b/i.test(one)) {
    await lanes.control(one);
    return Buffer.alloc(0);
  }
  const reads =
    /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(?:SELECT|WITH|DESCRIBE|DESC|SHOW|EXISTS|EXPLAIN)\b/i.test(one);
  if (!reads) {
    await lanes.write(one, null);
    return Buffer.alloc(0);
  }
  const parameters = [...fields].filter(([name]) => name.startsWith('param_'));
  const texts = Object.fromEntries(parameters.map(([name, value]) => [name.slice('param_'.length), value]));
  const own = /\sFORMAT\s+(\w+)$/i.exec(one);
  const format = own?.[1] ?? fields.get('default_format') ?? 'TabSeparated';
  return lanes.readWith(own === null ? one : one.slice(0, own.index), texts, format);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function multipart(body: string, boundary: string): [string, string][] {
  return body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const head = part.indexOf('\r\n\r\n');
      const name = /name="([^"]*)"/.exec(part.slice(0, head))?.[1] ?? '';
      return [name, part.slice(head + 4, -2)];
    });
}
