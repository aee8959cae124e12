import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fault } from './child-engine.js';
import type { Reply } from './child-parent.js';

const children = new Set<Child>();
process.on('exit', () => {
  for (const child of children) child.kill();
});

/** A directory of a test's own. */
export function newDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'secateur-faults-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Another process, started from a file of this folder, that answers calls. */
class Child {
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<number | null>;
  /** What it said of itself when it was ready. Rejects with its last words when it never was. */
  readonly ready: Promise<Record<string, unknown>>;
  output = '';
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #calls = 0;

  constructor(entry: URL, environment: Readonly<Record<string, string>>) {
    const run = new URL('./child-run.mjs', import.meta.url);
    // Each running statement of the engine holds a thread of libuv's pool, which files and sockets share.
    const env = { ...process.env, NODE_OPTIONS: '', UV_THREADPOOL_SIZE: '16', ...environment };
    this.#process = spawn(
      process.execPath,
      ['--conditions=source', '--enable-source-maps', fileURLToPath(run), fileURLToPath(entry)],
      { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    children.add(this);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.output = `${this.output}${text}`.slice(-20_000);
      });
    }
    this.#process.on('message', (reply: Reply) => {
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
    this.ended = once(this.#process, 'close').then(([code]) => {
      children.delete(this);
      for (const [id, answer] of this.#waiting) answer({ id, error: `it ended (${code}):\n${this.output}` });
      return code as number | null;
    });
    this.ready = this.#answer(0) as Promise<Record<string, unknown>>;
    this.ready.catch(() => {});
  }

  call(call: string, argument?: unknown): Promise<unknown> {
    this.#calls += 1;
    const answer = this.#answer(this.#calls);
    this.#process.send({ id: this.#calls, call, with: argument }, () => {});
    return answer;
  }

  /** SIGKILL: nothing of it runs any more, nothing is flushed. */
  kill(): Promise<number | null> {
    this.#process.kill('SIGKILL');
    return this.ended;
  }

  #answer(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ error, result }) =>
        error === undefined ? resolve(result) : reject(new Error(`A child of the test failed: ${error}`)),
      );
    });
  }
}

/** The service in another process. */
export class Service {
  /** Without a slash at the end; empty until it is ready. */
  url = '';

  private constructor(private readonly child: Child) {}

  /** Does not wait until it is ready. */
  static spawn(directory: string, environment: Readonly<Record<string, string>> = {}): Service {
    const settings = {
      PORT: '0',
      SECATEUR_DATA: directory,
      SECATEUR_ADMIN_KEY: adminKey,
      SECATEUR_MARKETS: 'US',
      SECATEUR_JOBS: 'off',
      LOG_LEVEL: 'info',
    };
    return new Service(
      new Child(new URL('./child-service.ts', import.meta.url), { ...settings, ...environment }),
    );
  }

  static async start(
    directory: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Service> {
    const service = Service.spawn(directory, environment);
    await service.ready();
    return service;
  }

  async ready(): Promise<void> {
    const { port } = await this.child.ready;
    this.url = `http://127.0.0.1:${port}`;
  }

  rows<Row>(sql: string): Promise<Row[]> {
    return this.child.call('rows', sql) as Promise<Row[]>;
  }

  async command(sql: string): Promise<void> {
    await this.child.call('command', sql);
  }

  async kill(): Promise<void> {
    await this.child.kill();
  }

  async stop(): Promise<void> {
    await this.child.call('stop');
    await this.child.ended;
  }

  get ended(): Promise<number | null> {
    return this.child.ended;
  }

  /** The end of what it wrote to its log. */
  get log(): string {
    return this.child.output;
  }
}

export const adminKey = 'a-test-key-with-every-scope';

/** The engine in another process, behind an address that can go away. */
export class AwayableEngine {
  private constructor(
    private readonly child: Child,
    readonly url: string,
  ) {}

  static async start(directory: string): Promise<AwayableEngine> {
    const child = new Child(new URL('./child-engine.ts', import.meta.url), { FAULTS_DIRECTORY: directory });
    const { url } = await child.ready;
    return new AwayableEngine(child, String(url));
  }

  async goAway(): Promise<void> {
    await this.child.call('goAway');
  }

  async comeBack(): Promise<void> {
    await this.child.call('comeBack');
  }

  /** These faults and no others, in place of the planned ones. */
  async plan(...faults: Fault[]): Promise<void> {
    await this.child.call('plan', faults);
  }

  async stop(): Promise<void> {
    await this.child.call('stop');
    await this.child.ended;
  }
}
