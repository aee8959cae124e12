import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JournalFile, type JournalFiles, nodeFiles } from './files.js';
import type { Journal } from './journal.js';
import type { LaneOptions } from './lane-options.js';
import type { GroupRecord, RequestRecord } from './record.js';

/** Runs with a folder that is gone afterwards. */
export async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

export function group(id: string, more: Partial<GroupRecord> = {}): GroupRecord {
  const inserts = [{ table: 'events', columns: ['id'], lines: `["${id}"]\n` }];
  return { kind: 'group', id, lane: 'opt-outs', at: 1_000, keys: [`key-${id}`], inserts, ...more };
}

export function request(id: string, more: Partial<RequestRecord> = {}): RequestRecord {
  return { kind: 'request', id, lane: 'opt-outs', at: 1_000, keys: [`key-${id}`], requests: '[]', ...more };
}

type Operation = 'open' | 'write' | 'datasync' | 'truncate' | 'rename' | 'unlink' | 'syncFolder';

/** Counts down over file operations and engine calls; when it is out, the process is as good as dead. */
export class Fuse {
  private readonly out: Promise<void>;
  private blow: () => void = () => {};
  blown = false;

  constructor(private left: number) {
    this.out = new Promise((resolve) => {
      this.blow = resolve;
    });
  }

  /** @returns false when the call must not happen, nor ever return */
  burn(): boolean {
    this.left -= 1;
    if (this.left <= 0) {
      this.blown = true;
      this.blow();
    }
    return !this.blown;
  }

  /** The outcome of `work`, or undefined when the process dies before. */
  async orDeath<T>(work: Promise<T>): Promise<T | undefined> {
    return Promise.race([work, this.out.then(() => undefined)]);
  }
}

/** The real file system, which can be told to fail, and forgets what was not synced when the power goes. */
export class FaultyFiles implements JournalFiles {
  readonly log: Operation[] = [];
  private readonly faults: { operation: Operation; error: Error; after: boolean }[] = [];
  private readonly handles = new Set<JournalFile>();
  private readonly sizes = new Map<string, { written: number; synced: number }>();
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private readonly fuse = new Fuse(Number.POSITIVE_INFINITY)) {}

  /** The next `operation` fails; with `after`, only once it has had its effect. */
  fail(operation: Operation, error: Error, after = false): void {
    this.faults.push({ operation, error, after });
  }

  /** Ends what is under way and cuts each file somewhere between its synced and its written end. */
  async losePower(random: () => number): Promise<void> {
    await Promise.allSettled(this.underWay);
    for (const handle of this.handles) await handle.close();
    for (const [path, { written, synced }] of this.sizes) {
      const kept = synced + Math.floor(random() * (written - synced + 1));
      const file = await nodeFiles.open(path, 'r+').catch(() => undefined);
      await file?.truncate(kept);
      await file?.close();
    }
  }

  async open(path: string, flags: 'r' | 'r+' | 'w'): Promise<JournalFile> {
    const file = await this.run('open', async () => {
      const opened = await nodeFiles.open(path, flags);
      this.handles.add(opened);
      return opened;
    });
    const size = flags === 'w' ? { written: 0, synced: 0 } : this.sizes.get(path);
    if (size) this.sizes.set(path, size);
    const sizes = (): { written: number; synced: number } => {
      const known = this.sizes.get(path) ?? { written: 0, synced: 0 };
      this.sizes.set(path, known);
      return known;
    };
    return {
      write: (bytes, position) =>
        this.run('write', async () => {
          const known = sizes();
          // What was there before this process opened it counts as durable.
          if (known.written < position) known.synced = position;
          await file.write(bytes, position);
          known.written = Math.max(known.written, position + bytes.length);
        }),
      read: (length, position) => file.read(length, position),
      datasync: () =>
        this.run('datasync', async () => {
          await file.datasync();
          const known = this.sizes.get(path);
          if (known) known.synced = known.written;
        }),
      truncate: (length) =>
        this.run('truncate', async () => {
          await file.truncate(length);
          this.sizes.set(path, { written: length, synced: length });
        }),
      close: async () => {
        this.handles.delete(file);
        await file.close();
      },
    };
  }

  readFile(path: string): Promise<Buffer> {
    return nodeFiles.readFile(path);
  }

  readdir(folder: string): Promise<string[]> {
    return nodeFiles.readdir(folder);
  }

  mkdir(folder: string): Promise<void> {
    return nodeFiles.mkdir(folder);
  }

  rename(from: string, to: string): Promise<void> {
    return this.run('rename', async () => {
      await nodeFiles.rename(from, to);
      this.sizes.delete(from);
    });
  }

  unlink(path: string): Promise<void> {
    return this.run('unlink', async () => {
      await nodeFiles.unlink(path);
      this.sizes.delete(path);
    });
  }

  syncFolder(folder: string): Promise<void> {
    return this.run('syncFolder', () => nodeFiles.syncFolder(folder));
  }

  private async run<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
    if (!this.fuse.burn()) return new Promise<never>(() => {});
    this.log.push(operation);
    const place = this.faults.findIndex((fault) => fault.operation === operation);
    const [fault] = place < 0 ? [] : this.faults.splice(place, 1);
    if (fault && !fault.after) throw fault.error;
    const doing = work();
    this.underWay.add(doing);
    const value = await doing.finally(() => this.underWay.delete(doing));
    if (fault) throw fault.error;
    // The process died while this was under way: it has happened, but nobody hears of it.
    return this.fuse.blown ? new Promise<never>(() => {}) : value;
  }
}

export interface Ask {
  id: string;
  key: string;
}

class Away extends Error {}
class Unreadable extends Error {}

/** An engine that drops tokens it has seen, and can be away, slow, refuse, or fail after it has applied. */
export class FakeEngine {
  away = false;
  slowMs = 0;
  /** So many inserts are applied and then reported as failed. */
  ambiguous = 0;
  /** Ids that `prepare` cannot decide, and ids whose rows `insert` refuses. */
  readonly undecidable = new Set<string>();
  readonly unacceptable = new Set<string>();
  /** Ids whose rows `insert` cannot read, and the number of the insert of a group that stumbles over them. */
  readonly unreadable = new Set<string>();
  unreadableAt = 0;
  /** Ids in the order in which their rows were taken. */
  readonly applied: string[] = [];
  readonly tokens: string[] = [];
  prepared = 0;
  private ids = 0;

  constructor(public fuse = new Fuse(Number.POSITIVE_INFINITY)) {}

  /** @returns lane options on this engine, with short waits */
  options(journal: Journal): LaneOptions<Ask, string> {
    const fuse = this.fuse;
    const living = async <T>(work: () => Promise<T>): Promise<T> => {
      if (!fuse.burn()) return new Promise<never>(() => {});
      const value = await work();
      return fuse.blown ? new Promise<never>(() => {}) : value;
    };
    return {
      name: 'opt-outs',
      journal,
      prepare: (asks) => living(() => this.prepare(asks)),
      insert: (_table, _columns, lines, token) => living(() => this.insert(lines, token)),
      ping: () => living(() => this.reach()),
      isAway: (error) => error instanceof Away,
      isUnreadable: (error) => error instanceof Unreadable,
      encode: (asks) => JSON.stringify(asks),
      decode: (body) => JSON.parse(body) as Ask[],
      keys: (ask) => [ask.key],
      lingerMs: 1,
      poisonWaitMs: 1,
      probeMs: { first: 1, most: 4 },
      random: () => 0.5,
    };
  }

  private async reach(): Promise<void> {
    if (this.slowMs > 0) await sleep(this.slowMs);
    if (this.away) throw new Away('away');
  }

  private async prepare(asks: readonly Ask[]) {
    await this.reach();
    this.prepared += 1;
    const bad = asks.find(({ id }) => this.undecidable.has(id));
    if (bad) throw new Error(`cannot decide ${bad.id}`);
    this.ids += 1;
    const lines = asks.map(({ id }) => `${JSON.stringify([id])}\n`).join('');
    // Two inserts, so that a group can stop half-way; only the first one's rows are counted.
    const inserts = ['decisions', 'event_ids'].map((table) => ({ table, columns: ['id'], lines }));
    return {
      group: { id: `group-${this.ids}`, lane: 'opt-outs', inserts },
      results: asks.map(({ id }) => `decided ${id}`),
    };
  }

  private async insert(lines: string, token: string): Promise<void> {
    await this.reach();
    const ids = lines
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as [string])[0]);
    const bad = ids.find((id) => this.unacceptable.has(id));
    if (bad) throw new Error(`cannot take ${bad}`);
    const unreadable = ids.find((id) => this.unreadable.has(id));
    if (unreadable && token.endsWith(`:${this.unreadableAt}`)) {
      throw new Unreadable(`cannot read ${unreadable}`);
    }
    if (!this.tokens.includes(token)) {
      this.tokens.push(token);
      if (token.endsWith(':0')) this.applied.push(...ids);
    }
    if (this.ambiguous > 0) {
      this.ambiguous -= 1;
      throw new Away('no answer');
    }
  }
}

/** Waits until it holds; the test's own time limit ends it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(1);
}
