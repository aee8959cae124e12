import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import { createApp } from './app.js';
import { type FirstStart, Setup } from './auth/setup.service.js';
import { type Config, ConfigError, readConfig } from './config.js';

/** EX_CONFIG of sysexits.h: starting again would not help. */
const badConfiguration = 78;
/** How long requests in flight may take after a signal. */
const drainMilliseconds = 10_000;

async function main(): Promise<void> {
  const config = readConfig();
  mkdirSync(config.dataDirectory, { recursive: true });
  const app = await createApp(config);
  const log = new Logger('Main');
  handOver(config, await app.get(Setup).prepare(readFirstStart(config)));
  stopOnSignal(
    async () => app.close(),
    () => app.getHttpServer().closeAllConnections(),
  );
  await app.listen(config.port, config.host);
  const { port } = app.getHttpServer().address() as { port: number };
  log.log('listening', {
    host: config.host,
    port,
    embedded: config.clickhouseUrl === null,
    jobs: config.jobs,
  });
}

const firstStartFile = (config: Config): string => join(config.dataDirectory, 'first-start.json');

function readFirstStart(config: Config): FirstStart {
  try {
    return JSON.parse(readFileSync(firstStartFile(config), 'utf8')) as FirstStart;
  } catch {
    return {};
  }
}

/** Writes what the start script prints; takes the file away when there is nothing left to hand over. */
function handOver(config: Config, firstStart: FirstStart): void {
  const path = firstStartFile(config);
  if (Object.keys(firstStart).length === 0) {
    rmSync(path, { force: true });
    return;
  }
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(firstStart)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** Stops accepting, lets requests in flight end, closes the engine; all within ten seconds. */
function stopOnSignal(close: () => Promise<void>, hangUp: () => void): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    // Streams of progress never end by themselves: without their connections the rest can still close in order.
    setTimeout(hangUp, drainMilliseconds * 0.5).unref();
    setTimeout(() => process.exit(1), drainMilliseconds).unref();
    await close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop().catch(fail));
}

/** One line that says what to do; a stack only where nothing better is known. */
function fail(error: unknown): void {
  console.error(sayWhy(error));
  process.exit(error instanceof ConfigError ? badConfiguration : 1);
}

function sayWhy(error: unknown): unknown {
  if (error instanceof ConfigError || error instanceof EngineAwayError) return error.message;
  const { code, port } = (error ?? {}) as { code?: unknown; port?: unknown };
  if (code === 'EADDRINUSE') return `Port ${port} is taken by another program: choose another with PORT`;
  return error;
}

await main().catch(fail);
