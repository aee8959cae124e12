import { Logger } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import type { PermissionChange } from '../contract/permissions.js';
import type { ReceiptState } from '../contract/targets.js';
import type { Database } from '../database.module.js';
import { errorFields } from '../log.js';
import type { Pace } from './pace.js';
import type { Target } from './target.js';

/** What is known now of a decision at a target. Instants in ms since the epoch. */
export interface Noted {
  readonly target: Pick<Target, 'id' | 'createdAt'>;
  readonly change: PermissionChange;
  readonly state: ReceiptState;
  readonly attempts: number;
  readonly firstSentAt: number;
  readonly acknowledgedAt: number | null;
  readonly status: number | null;
  readonly detail: string;
}

const columns = [
  'target',
  'seq',
  'version',
  'decision',
  'state',
  'attempts',
  'first_sent_at',
  'acknowledged_at',
  'received_at',
  'decided_at',
  'is_backfill',
  'status',
  'detail',
] as const;

/** More in one insert could touch more months of receipt than the engine takes at once. */
const mostInInsert = 5000;

/**
 * Writes receipts of all targets together: one insert for what comes within a short while. What the engine cannot take now
 * is kept and written later; a process that dies first sends it once more, under the same id.
 */
export class ReceiptBook {
  readonly #log = new Logger('Receipts');
  readonly #waiting = new Map<string, { noted: Noted; version: number }>();
  #lastVersion = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(
    private readonly engine: Database,
    private readonly pace: Pick<Pace, 'flush' | 'poll'>,
  ) {}

  /** Receipts that are not in the engine yet: whoever makes more should wait while they are many. */
  get size(): number {
    return this.#waiting.size;
  }

  note(noted: Noted): void {
    this.#waiting.set(`${noted.target.id} ${noted.change.seq}`, { noted, version: this.#nextVersion() });
    this.#later();
  }

  /** Writes what waits. Resolves also when the engine did not take it: then it is tried again later. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.flush();
  }

  #later(milliseconds = this.pace.flush): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, milliseconds).unref();
  }

  async #write(): Promise<void> {
    while (this.#waiting.size > 0) {
      const group = [...this.#waiting].slice(0, mostInInsert);
      const lines = group.map(([, { noted, version }]) => lineOf(noted, version)).join('\n');
      try {
        await this.engine.insert('receipts', columns, lines, null);
      } catch (error) {
        if (!(error instanceof EngineAwayError))
          this.#log.error('receipts not written', { rows: group.length, ...errorFields(error) });
        this.#later(this.pace.poll);
        return;
      }
      // What was noted anew meanwhile waits on.
      for (const [key, written] of group) if (this.#waiting.get(key) === written) this.#waiting.delete(key);
    }
  }

  /** Microseconds since the epoch; strictly rising, so that of two in one millisecond the later counts. */
  #nextVersion(): number {
    this.#lastVersion = Math.max(this.#lastVersion + 1, Date.now() * 1000);
    return this.#lastVersion;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

function lineOf(noted: Noted, version: number): string {
  const { target, change, state, attempts, firstSentAt, acknowledgedAt, status, detail } = noted;
  return JSON.stringify([
    target.id,
    Number(change.seq),
    version,
    change.decision,
    state,
    attempts,
    iso(firstSentAt),
    acknowledgedAt === null ? null : iso(acknowledgedAt),
    change.received_at,
    change.decided_at,
    Date.parse(change.decided_at) < target.createdAt,
    status ?? 0,
    detail,
  ]);
}
