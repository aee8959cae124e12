import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import type { Database } from '../database.module.js';
import { errorFields } from '../log.js';
import { Dispatcher } from './dispatcher.js';
import type { Feed } from './feed.js';
import type { Pace } from './pace.js';
import type { ReceiptBook } from './receipt-book.js';
import type { Senders } from './senders.js';
import type { Target } from './target.js';
import type { TargetsService } from './targets.service.js';

export interface DispatchParts {
  readonly engine: Database;
  readonly targets: TargetsService;
  readonly feed: Feed;
  readonly senders: Senders;
  readonly book: ReceiptBook;
  readonly pace: Pace;
}

const cursorColumns = ['target', 'version', 'seq'] as const;

/** Keeps a dispatcher for each enabled target, in the one process that runs jobs. Without targets it does nothing. */
export class DispatchService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('Targets');
  readonly #dispatchers = new Map<string, Dispatcher>();
  readonly #stored = new Map<string, number>();
  readonly #gone = new Set<Target>();
  readonly #timers: NodeJS.Timeout[] = [];
  #work: Promise<void> = Promise.resolve();
  #isRunning = false;

  /** @param runsJobs whether this process is the one that dispatches */
  constructor(
    private readonly parts: DispatchParts,
    private readonly runsJobs: boolean,
  ) {
    parts.targets.onChange(() => this.#refresh());
  }

  onApplicationBootstrap(): void {
    if (!this.runsJobs) return;
    const { poll, refresh, cursors, sweep } = this.parts.pace;
    this.#isRunning = true;
    this.#every(poll, () => this.wake());
    this.#every(refresh, () => this.#refresh());
    this.#every(cursors, () => this.#inTurn('cursors not stored', () => this.#storeCursors()));
    this.#every(sweep, () => this.#inTurn('late decisions not looked for', () => this.#sweep()));
    this.#refresh();
  }

  /** Before the engine closes and while other modules still answer. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isRunning = false;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#work;
    await Promise.all(this.#all().map((dispatcher) => dispatcher.stop()));
    await this.parts.book.close();
    await this.#storeCursors().catch(() => this.#log.warn('cursors not stored'));
    this.#dispatchers.clear();
  }

  /** There may be new decisions. Cheap: whoever decides calls it before the answer. */
  wake(): void {
    for (const dispatcher of this.#dispatchers.values()) dispatcher.wake();
  }

  #every(milliseconds: number, work: () => void): void {
    this.#timers.push(setInterval(work, milliseconds).unref());
  }

  #refresh(): void {
    if (this.#isRunning) this.#inTurn('targets not refreshed', () => this.#takeUpChanges());
  }

  /** One piece of work after the other; what fails is done again at its next time. */
  #inTurn(failure: string, work: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (!this.#isRunning) return;
      try {
        await work();
      } catch (error) {
        if (error instanceof EngineAwayError) this.#log.debug(failure);
        else this.#log.warn(failure, errorFields(error));
      }
    });
  }

  async #takeUpChanges(): Promise<void> {
    const { targets } = this.parts;
    for (const target of this.#gone) {
      await targets.disable(target, 'the target answered 410: it wants nothing any more', Date.now());
      this.#gone.delete(target);
      this.#log.warn('target disabled', { target: target.id, status: 410 });
    }
    const wanted = new Map(
      (await targets.all()).flatMap((one) => (one.enabled ? [[one.id, one] as const] : [])),
    );
    const isCurrent = ({ target }: Dispatcher) => wanted.get(target.id)?.version === target.version;
    const outdated = this.#all().filter((dispatcher) => !isCurrent(dispatcher));
    if (outdated.length > 0) await this.#end(outdated);
    const fresh = [...wanted.values()].filter(({ id }) => !this.#dispatchers.has(id));
    if (fresh.length > 0) await this.#begin(fresh);
  }

  async #end(dispatchers: readonly Dispatcher[]): Promise<void> {
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()));
    // What it has told must be known to the one that goes on.
    await this.parts.book.flush();
    await this.#storeCursors();
    for (const { target } of dispatchers) this.#dispatchers.delete(target.id);
  }

  async #begin(fresh: readonly Target[]): Promise<void> {
    const { engine, targets, feed, senders, book, pace } = this.parts;
    const rows = await engine.query('targets/resume_points', {});
    const places = new Map(rows.map((row) => [row.target, row]));
    for (const target of fresh) {
      const { cursor = 0, last_receipt: lastReceipt = 0 } = places.get(target.id) ?? {};
      const dispatcher = new Dispatcher(target, Math.max(cursor, target.since), {
        feed: feed.of(target, lastReceipt),
        sender: senders.of(target, targets.secretsOf(target)),
        book,
        pace,
        onGone: () => {
          this.#gone.add(target);
          this.#refresh();
        },
      });
      this.#dispatchers.set(target.id, dispatcher);
      dispatcher.start();
      this.#inTurn('late decisions not looked for', () => dispatcher.sweep());
    }
  }

  async #sweep(): Promise<void> {
    for (const dispatcher of this.#all()) await dispatcher.sweep();
  }

  /** Behind the receipts: a cursor says that everything up to it has one. */
  async #storeCursors(): Promise<void> {
    const cursors = this.#all().map(({ target, cursor }) => [target.id, cursor] as const);
    const moved = cursors.filter(([id, cursor]) => this.#stored.get(id) !== cursor);
    if (moved.length === 0) return;
    await this.parts.book.flush();
    if (this.parts.book.size > 0) return;
    const version = Date.now();
    const lines = moved.map(([id, cursor]) => JSON.stringify([id, version, cursor]));
    await this.parts.engine.insert('target_cursors', cursorColumns, lines.join('\n'), null);
    for (const [id, cursor] of moved) this.#stored.set(id, cursor);
  }

  #all(): Dispatcher[] {
    return [...this.#dispatchers.values()];
  }
}
