import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Loopback, startLoopback } from '../../test/support/clickhouse-loopback.js';
import {
  type EmbeddedLanes,
  type Engine,
  EngineAwayError,
  open,
  openEmbedded,
  QueryFailedError,
} from './index.js';

let directory: string;
let behind: EmbeddedLanes;
let loopback: Loopback;
let engine: Engine;
let silent: Promise<unknown>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'secateur-outage-'));
  behind = await openEmbedded(directory);
  loopback = await startLoopback(behind);
  engine = await open({ url: loopback.url }, { queries: new Map() });
  await engine.command(
    'CREATE TABLE facts (n UInt32) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100',
  );
  await engine.command(
    'CREATE TABLE copies (n UInt32) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100',
  );
  await engine.command('CREATE MATERIALIZED VIEW copies_mv TO copies AS SELECT n FROM facts');
  // Takes its deadline, so it runs beside the other tests.
  loopback.fail = () => ({ kind: 'hang' });
  silent = engine.rows('silent', 'SELECT 1', {}, { maxExecutionSeconds: 1 }).catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 100));
});
afterAll(async () => {
  await engine.close();
  await loopback.stop();
  await behind.close();
  rmSync(directory, { recursive: true, force: true });
});
afterEach(async () => {
  loopback.fail = undefined;
  await engine.rows('back', 'SELECT 1');
});

const read = (): Promise<unknown> => engine.rows('read', 'SELECT number FROM numbers(100)');
const insert = (token: string): Promise<void> => engine.insert('facts', ['n'], '[1]\n[2]', token);

async function counts(): Promise<unknown> {
  const rows = await engine.rows(
    'counts',
    'SELECT (SELECT count() FROM facts) AS facts, (SELECT count() FROM copies) AS copies',
  );
  return rows[0];
}

test.each([502, 503, 504])('a proxy that answers %i is away', async (status) => {
  loopback.fail = () => ({ kind: 'answer', status, body: '<html>Bad gateway</html>' });
  await expect(read()).rejects.toThrow(EngineAwayError);
  await expect(insert('proxy')).rejects.toThrow(EngineAwayError);
});

test.each([
  [241, 'MEMORY_LIMIT_EXCEEDED'],
  [252, 'TOO_MANY_PARTS'],
  [243, 'NOT_ENOUGH_SPACE'],
  [202, 'TOO_MANY_SIMULTANEOUS_QUERIES'],
])('code %i passes later', async (code, reason) => {
  loopback.fail = () => ({
    kind: 'answer',
    status: 500,
    code,
    body: `Code: ${code}. DB::Exception: full. (${reason}) (version 26.7)`,
  });
  await expect(insert('full')).rejects.toMatchObject({ name: 'EngineAwayError', code, reason });
});

test('a refused password is a failure, not an outage', async () => {
  loopback.fail = () => ({
    kind: 'answer',
    status: 403,
    code: 516,
    body: 'Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED) (version 26.7)',
  });
  await expect(read()).rejects.toThrow(QueryFailedError);
});

test('half an answer is an outage, never half a result', async () => {
  loopback.fail = () => ({ kind: 'truncate' });
  await expect(read()).rejects.toThrow(EngineAwayError);
  await expect(engine.rows('one line', "SELECT 'abc' AS a")).rejects.toThrow(EngineAwayError);
});

test('an insert whose answer was lost lands once when it is retried under its token', async () => {
  loopback.fail = () => ({ kind: 'reset', when: 'after' });
  await expect(insert('lost')).rejects.toThrow(EngineAwayError);
  loopback.fail = () => ({ kind: 'reset', when: 'before' });
  await expect(insert('lost')).rejects.toThrow(EngineAwayError);
  loopback.fail = undefined;
  await insert('lost');
  expect(await counts()).toEqual({ facts: 2, copies: 2 });
});

test('a server that stays silent is away once the deadline has passed', async () => {
  expect(await silent).toMatchObject({ name: 'EngineAwayError', reason: 'TIMEOUT' });
});

test('a server that is gone is away, for every call, and serves again once it is back', async () => {
  await loopback.stop();
  const calls = [read(), insert('gone'), engine.command('SELECT 1'), engine.ping(), engine.cancel('x')];
  for (const outcome of await Promise.allSettled(calls)) {
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { name: 'EngineAwayError', retryable: true },
    });
  }
  await expect(open({ url: loopback.url }, { queries: new Map() })).rejects.toThrow(EngineAwayError);
  await loopback.start();
  await engine.ping();
});
