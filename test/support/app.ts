import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Application,
  type Config,
  createApp,
  type Database,
  openDatabase,
  type Resolve,
  readConfig,
} from '@secateur/backend/app';
import { copyMigrated } from './migrated.js';

/** A running service of a test's own. */
export interface RunningApp {
  /** Without a slash at the end. */
  readonly url: string;
  /** An API key with every scope. */
  readonly key: string;
  readonly app: Application;
  readonly engine: Database;
  readonly config: Config;
  /** Takes a path, or a whole address; sends the key unless `authorization` is given, `''` for none. */
  request(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

const key = 'a-test-key-with-every-scope';

/**
 * Starts the service over HTTP on a free port of loopback, on the real engine in a directory of its own.
 * One data directory belongs to one process, so start one at a time in a test file.
 *
 * @param changes what differs from the defaults of a test: jobs off, log level error, no demo
 * @param environment variables as config.ts reads them
 * @param resolve in place of this machine's DNS
 */
export async function startApp(
  changes: Partial<Config> = {},
  environment: Record<string, string> = {},
  resolve?: Resolve,
): Promise<RunningApp> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'secateur-test-'));
  const config: Config = {
    ...readConfig({
      PORT: '0',
      SECATEUR_DATA: dataDirectory,
      SECATEUR_ADMIN_KEY: key,
      SECATEUR_JOBS: 'off',
      LOG_LEVEL: 'error',
      ...environment,
    }),
    ...changes,
  };
  if (config.clickhouseUrl === null) {
    const path = join(dataDirectory, 'clickhouse');
    mkdirSync(path, { recursive: true });
    await copyMigrated(path);
  }
  const engine = await openDatabase(config);
  const app = await createApp(config, { engine, ...(resolve === undefined ? {} : { resolve }) });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    key,
    app,
    engine,
    config,
    request: (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${key}`);
      if (headers.get('authorization') === '') headers.delete('authorization');
      return fetch(new URL(path, url), { redirect: 'manual', ...init, headers });
    },
    stop: async () => {
      await app.close();
      await engine.close();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
