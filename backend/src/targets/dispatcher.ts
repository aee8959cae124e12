import { Logger } from '@nestjs/common';
import { EngineAwayError, QueryFailedError } from '@secateur/sql';
import { errorFields } from '../log.js';
import { OutboundError } from '../outbound.js';
import { Backlog, type Notice } from './backlog.js';
import type { TargetFeed } from './feed.js';
import { Health } from './health.js';
import { type Pace, waitBefore } from './pace.js';
import type { Noted, ReceiptBook } from './receipt-book.js';
import type { Sender } from './sender.js';
import type { Target } from './target.js';
import { unsendable, type Verdict } from './verdict.js';

/** Notices read ahead for one target. */
const mostNotices = 1000;
/** More receipts than this that the engine does not take, and nothing more is sent. */
const mostUnwritten = 20_000;

export interface DispatcherParts {
  readonly feed: TargetFeed;
  readonly sender: Sender;
  readonly book: ReceiptBook;
  readonly pace: Pace;
  /** The target wants nothing any more (410). */
  onGone(target: Target): void;
}

/**
 * Tells one target of every decision, from its cursor on: at least once, in order for each person, several people at a
 * time. What it may not pass it waits for, and no other target notices.
 */
export class Dispatcher {
  readonly #log = new Logger('Targets');
  readonly #backlog = new Backlog();
  readonly #health: Health;
  readonly #ending = new AbortController();
  readonly #out = new Set<Promise<void>>();
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;
  /** Has something happened since the loop looked? */
  #isPoked = false;
  #poke: (() => void) | undefined;
  #mayHaveMore = true;
  #readTo: number;
  #nextReadAt = 0;

  /** @param from the place in the feed after which it goes on */
  constructor(
    readonly target: Target,
    from: number,
    private readonly parts: DispatcherParts,
  ) {
    this.#readTo = from;
    this.#health = new Health(parts.pace);
  }

  start(): void {
    this.#running = this.#run();
  }

  /** There may be new decisions. */
  wake(): void {
    this.#mayHaveMore = true;
    this.#stir();
  }

  /** Everything up to this place in the feed is acknowledged or a dead letter. */
  get cursor(): number {
    return Math.min(this.#readTo, this.#backlog.lowest() - 1);
  }

  /** Takes up decisions that became visible after it had passed their place. @throws EngineAwayError */
  async sweep(): Promise<void> {
    const { book, feed } = this.parts;
    const until = this.cursor;
    await book.flush();
    // A receipt that is not written yet would look like none.
    if (book.size > 0) return;
    for (const notice of await feed.late(until, Date.now())) this.#backlog.add(notice);
    this.#stir();
  }

  /** Sends nothing more, lets calls in flight end for a while, then ends them. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stir();
    const patience = setTimeout(() => this.#ending.abort(), this.parts.pace.drain);
    await Promise.all([this.#running, ...this.#out]);
    clearTimeout(patience);
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      this.#isPoked = false;
      await this.#read();
      this.#launch();
      await this.#untilSomethingHappens();
    }
  }

  async #read(): Promise<void> {
    const now = Date.now();
    if (!this.#mayHaveMore || this.#isFull || now < this.#nextReadAt) return;
    this.#nextReadAt = now + this.parts.pace.rest;
    // Before it is read: whoever wakes us while we read has decided something that may not be on the page.
    this.#mayHaveMore = false;
    try {
      const { notices, readTo, isFull } = await this.parts.feed.after(this.#readTo);
      for (const notice of notices) this.#backlog.add(notice);
      this.#readTo = readTo;
      if (isFull) this.#mayHaveMore = true;
    } catch (error) {
      // Nothing is known to be new. The next poll looks again; what was read goes out meanwhile.
      if (!(error instanceof EngineAwayError))
        this.#log.error('feed not read', { target: this.target.id, ...errorFields(error) });
    }
  }

  get #isFull(): boolean {
    return this.#backlog.size >= mostNotices / 2;
  }

  #launch(): void {
    const { sender, book } = this.parts;
    const now = Date.now();
    if (this.#isStopped || now < this.#health.resumesAt || book.size >= mostUnwritten) return;
    if (this.#health.isAway) {
      const probe = this.#out.size === 0 ? this.#backlog.probe(now) : undefined;
      if (probe !== undefined) this.#send([probe]);
      return;
    }
    while (this.#out.size < sender.concurrency) {
      const batch = this.#backlog.ready(now, sender.batch);
      if (batch.length === 0) return;
      this.#send(batch);
    }
  }

  #send(batch: readonly Notice[]): void {
    const now = Date.now();
    for (const notice of batch) {
      notice.isOut = true;
      notice.attempts += 1;
      notice.firstSentAt ??= now;
      notice.lastTriedAt = now;
    }
    const sending = this.#deliver(batch).finally(() => {
      this.#out.delete(sending);
      this.#stir();
    });
    this.#out.add(sending);
  }

  async #deliver(batch: readonly Notice[]): Promise<void> {
    const { round, isAway: wasAway } = this.#health;
    const slow = setTimeout(() => {
      for (const notice of batch) this.#note(notice, 'sent', { status: null, detail: 'not answered yet' });
    }, this.parts.pace.slowCall).unref();
    let verdicts: readonly Verdict[];
    try {
      verdicts = await this.parts.sender.send(
        batch.map(({ change }) => change),
        this.#ending.signal,
      );
    } catch (error) {
      this.#putBack(batch, error);
      return;
    } finally {
      clearTimeout(slow);
    }
    for (const [index, notice] of batch.entries()) {
      notice.isOut = false;
      this.#settle(notice, verdicts[index] ?? unsendable, round, wasAway);
    }
  }

  #settle(notice: Notice, verdict: Verdict, round: number, wasAway: boolean): void {
    const { pace } = this.parts;
    const now = Date.now();
    switch (verdict.kind) {
      case 'acknowledged':
        this.#health.acknowledged(round);
        this.#note(notice, 'acknowledged', verdict);
        this.#backlog.settle(notice);
        return;
      case 'gone':
        this.#note(notice, 'waiting', verdict);
        this.#isStopped = true;
        this.parts.onGone(this.target);
        return;
      case 'refused': {
        if (this.#health.refusesAll) break;
        notice.refusals += 1;
        notice.notBefore = now + waitBefore(notice.refusals, pace, Math.random());
        const isGivenUp = notice.refusals >= pace.refusals;
        this.#health.refused(round, { isGivenUp });
        this.#keepOrGiveUp(notice, verdict, isGivenUp);
        return;
      }
      case 'away':
        break;
    }
    // As a probe it shares the target's fate; when others were answered it is the one that fails.
    if (!wasAway) {
      notice.failures += 1;
      notice.notBefore = notice.failures < 2 ? 0 : now + waitBefore(notice.failures - 1, pace, Math.random());
    }
    this.#health.failed(round, now, verdict.retryAfterMs ?? 0, Math.random());
    const isOverdue = now - (notice.firstSentAt ?? now) >= pace.patience;
    this.#keepOrGiveUp(notice, verdict, isOverdue && notice.failures > 1);
  }

  #keepOrGiveUp(notice: Notice, verdict: Verdict, isGivenUp: boolean): void {
    this.#note(notice, isGivenUp ? 'dead' : 'waiting', verdict);
    if (!isGivenUp) return;
    this.#backlog.settle(notice);
    this.#log.warn('dead letter', {
      target: this.target.id,
      decision: notice.change.decision,
      status: verdict.status,
    });
  }

  /** Nobody knows what became of these, and it is not the target's fault. */
  #putBack(batch: readonly Notice[], error: unknown): void {
    const isEngines = error instanceof EngineAwayError || error instanceof QueryFailedError;
    const isExpected = isEngines || error instanceof OutboundError;
    if (!isExpected || error instanceof QueryFailedError)
      this.#log.error('notice not sent', { target: this.target.id, ...errorFields(error) });
    for (const notice of batch) {
      notice.isOut = false;
      if (isExpected) {
        notice.attempts -= 1;
        notice.notBefore = Date.now() + this.parts.pace.poll;
      } else this.#settle(notice, unsendable, this.#health.round, this.#health.isAway);
    }
  }

  #note(notice: Notice, state: Noted['state'], { status, detail }: Pick<Verdict, 'status' | 'detail'>): void {
    this.parts.book.note({
      target: this.target,
      change: notice.change,
      state,
      attempts: notice.attempts,
      firstSentAt: notice.firstSentAt ?? Date.now(),
      acknowledgedAt: state === 'acknowledged' ? Date.now() : null,
      status,
      detail,
    });
  }

  #stir(): void {
    this.#isPoked = true;
    this.#poke?.();
  }

  /** Until a call ends, somebody wakes us, or a wait is over. */
  async #untilSomethingHappens(): Promise<void> {
    await new Promise<void>((resolve) => {
      // Other work gets a turn, and several events become one look.
      if (this.#isPoked || this.#isStopped) return void setImmediate(resolve);
      const timer = setTimeout(resolve, this.#msUntilDue()).unref();
      this.#poke = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#poke = undefined;
  }

  #msUntilDue(): number {
    const now = Date.now();
    const dues = [this.#backlog.nextAt(now), this.#health.resumesAt];
    if (this.#mayHaveMore && !this.#isFull) dues.push(this.#nextReadAt);
    const due = Math.min(...dues.filter((at) => at > now), now + this.parts.pace.poll);
    return Math.max(1, due - now);
  }
}
