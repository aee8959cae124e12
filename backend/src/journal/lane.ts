import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { confirm } from './confirm.js';
import { AwayError, type Decision, decide, PauseEnded } from './decide.js';
import { BusyError, LaneStoppedError } from './errors.js';
import type { Lane, LaneOptions, LaneState, LaneStats, Settled } from './lane-options.js';
import { LanePace, probeWait } from './lane-pace.js';
import { groupRecord, keepAside, quietly, requestRecord, setAside } from './lane-records.js';
import { PendingKeys } from './pending-keys.js';
import { groupOf } from './record.js';
import { Backlog } from './replay.js';
import { type Batch, WaitingRoom } from './waiting-room.js';

/** One lane decides and writes one group at a time, in order: decide, journal, insert, mark, answer. */
export function createLane<Request, Result>(options: LaneOptions<Request, Result>): Lane<Request, Result> {
  return new CommitLane(options);
}

class CommitLane<Request, Result> implements Lane<Request, Result> {
  private readonly room = new WaitingRoom<Request, Result>();
  private readonly pending = new PendingKeys();
  private readonly backlog: Backlog<Request, Result>;
  private readonly ending = new AbortController();
  private state: LaneState = 'stopped';
  private running: Promise<void> | undefined;
  /** Writes waiting requests to the journal while the engine is not to be had. */
  private journaling: Promise<void> | undefined;
  /** The backlog is nearly empty: what comes now waits a moment and goes live. */
  private holding = false;
  private working = false;
  private wake: () => void = () => {};
  private readonly idlers: (() => void)[] = [];
  private readonly starters: (() => void)[] = [];
  private readonly pace = new LanePace();
  private readonly retrying = new Set<string>();

  constructor(private readonly options: LaneOptions<Request, Result>) {
    this.backlog = new Backlog(options, this.pending, this.pause);
  }

  async submit(requests: readonly Request[]): Promise<Settled<Result>[]> {
    const { options, room } = this;
    if (this.state === 'stopped' || this.ending.signal.aborted) throw new LaneStoppedError(options.name);
    const sizes = requests.map((request) => options.sizeOf?.(request) ?? options.encode([request]).length);
    const bytes = sizes.reduce((sum, size) => sum + size, room.bytes);
    const tooMany = room.length + requests.length > (options.maxQueued ?? 20_000);
    const tooLarge = bytes > (options.maxQueuedBytes ?? 64 * 1024 * 1024);
    if (room.length > 0 && (tooMany || tooLarge)) throw new BusyError(options.name, this.retryAfter());
    const settled = room.enter(requests, sizes);
    this.wake();
    this.journalWaiting();
    return settled;
  }

  isPending(key: string): boolean {
    return this.pending.has(key);
  }

  pendingOfKind(kind: string): string[] {
    return this.pending.ofKind(kind);
  }

  async start(): Promise<void> {
    if (this.running || this.ending.signal.aborted) throw new Error(`Lane ${this.options.name} was started`);
    const ready = new Promise<void>((resolve) => this.starters.push(resolve));
    this.become(this.backlog.length > 0 ? 'replaying' : 'live');
    this.running = this.run();
    await ready;
  }

  async drain(): Promise<void> {
    if (this.isIdle()) return;
    await new Promise<void>((resolve) => this.idlers.push(resolve));
  }

  async stop(): Promise<void> {
    this.ending.abort();
    this.wake();
    this.room.take(this.room.length).fail(new LaneStoppedError(this.options.name));
    await this.running;
    await this.journaling;
    this.become('stopped');
  }

  async retry(id: string): Promise<boolean> {
    const { journal, name } = this.options;
    if (!journal.setAsideList(name).some((item) => item.id === id)) return false;
    if (this.state !== 'live' || this.retrying.has(id)) throw new BusyError(name, this.retryAfter());
    this.retrying.add(id);
    try {
      return await this.takeBack(id);
    } finally {
      this.retrying.delete(id);
    }
  }

  stats(): LaneStats {
    return {
      state: this.state,
      queued: this.room.length,
      queuedBytes: this.room.bytes,
      backlog: this.backlog.length,
      ...this.pace.stats(),
    };
  }

  private async takeBack(id: string): Promise<boolean> {
    const { journal, isStored } = this.options;
    const record = await journal.readSetAside(id);
    if (record?.kind === 'group' && (await isStored?.(record))) {
      await journal.dropSetAside(id);
      this.pending.remove(id);
      return true;
    }
    const entry = await journal.retry(id);
    if (!entry) return false;
    this.backlog.push({ id, kind: entry.kind, isRetried: true });
    if (this.state === 'live') this.become('replaying');
    return true;
  }

  private async run(): Promise<void> {
    while (!this.ending.signal.aborted) {
      if (this.state !== 'live') {
        await this.recover();
      } else if (this.room.length === 0) {
        this.tellIdle();
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        if (this.state === 'live') await this.pause(this.options.lingerMs ?? 3).catch(() => {});
      } else {
        const batch = this.room.take(this.options.maxGroup ?? 1000);
        this.working = true;
        // Whatever goes wrong here, nobody waits for ever and the lane goes on.
        await this.commit(batch).catch((error: unknown) => batch.fail(error));
        this.working = false;
      }
    }
  }

  private async commit(batch: Batch<Request, Result>): Promise<void> {
    const { options } = this;
    const started = performance.now();
    let decision: Decision<Result>;
    try {
      decision = await this.inTime(decide(options, batch.requests, this.pause));
    } catch (error) {
      if (error instanceof PauseEnded) throw new LaneStoppedError(options.name);
      if (error instanceof AwayError) {
        await this.journalRequests(batch, true);
        return this.become('away', error.cause);
      }
      throw error;
    }
    const at = this.now();
    for (const { index, error } of decision.bad) await this.refuse(batch, index, at, error);
    const { prepared, good } = decision;
    if (!prepared) return;
    const settle = (settledOf: (result: Result) => Settled<Result>): void => {
      for (const [place, result] of prepared.results.entries()) {
        const index = good[place];
        if (index !== undefined) batch.settle(index, settledOf(result));
      }
    };
    const decidedAt = performance.now();
    if (prepared.group.inserts.length === 0) {
      this.count(batch.requests.length, decidedAt - started, 0, 0);
      return settle((result) => ({ state: 'done', result }));
    }
    const requests = good.flatMap((index) => batch.requests.slice(index, index + 1));
    const record = groupRecord(options, prepared, requests, at);
    const { id } = record;
    await options.journal.append(record);
    this.pending.add(id, record.keys);
    const syncedAt = performance.now();
    try {
      await this.inTime(confirm(options, groupOf(record), this.pause));
      options.journal.done(id);
      this.pending.remove(id);
      settle((result) => ({ state: 'done', result }));
    } catch (error) {
      const isRefused = !(error instanceof AwayError || error instanceof PauseEnded);
      const isDivided = isRefused && options.isUnreadable?.(error) === true;
      if (isRefused && !isDivided) {
        const reason = await setAside(options, record, error).catch(() => undefined);
        if (reason !== undefined) return settle(() => ({ state: 'set_aside', record: id, reason }));
      }
      this.backlog.putFirst({ id, kind: 'group', late: { requests, results: prepared.results } });
      settle(() => ({ state: 'pending', record: id }));
      // The backlog divides what cannot be read; nobody else's request is kept waiting longer than that takes.
      this.become(isDivided ? 'replaying' : 'away', error instanceof AwayError ? error.cause : error);
    }
    this.count(requests.length, decidedAt - started, syncedAt - decidedAt, performance.now() - syncedAt);
  }

  /** An engine that stays silent is away, too. What it answers later is of no use: reads, or a repeated token. */
  private async inTime<Value>(work: Promise<Value>): Promise<Value> {
    const ms = this.options.patienceMs ?? 10_000;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new AwayError(new Error(`No answer within ${ms} ms`))), ms);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Keeps a request that cannot be decided, and says so. */
  private async refuse(
    batch: Batch<Request, Result>,
    index: number,
    at: number,
    error: unknown,
  ): Promise<void> {
    for (const request of batch.requests.slice(index, index + 1)) {
      const record = this.newId();
      await keepAside(this.options, this.pending, record, request, at, error);
      batch.settle(index, { state: 'failed', record, error });
    }
  }

  /** Probes, replays the backlog in order, and goes live when it is empty. */
  private async recover(): Promise<void> {
    let failures = 0;
    while (!this.ending.signal.aborted && this.state !== 'live') {
      try {
        if (this.state === 'away') {
          this.tellIdle();
          await this.pause(probeWait(this.options, failures));
          failures += 1;
          await this.options.ping();
          this.become('replaying');
        }
        if (this.backlog.length > 0) {
          await this.backlog.step();
          failures = 0;
        } else if (this.journaling) {
          this.holding = true;
          await this.journaling;
        } else {
          this.holding = false;
          this.become('live');
        }
      } catch (error) {
        if (error instanceof PauseEnded) return;
        this.holding = false;
        this.become('away', error instanceof AwayError ? error.cause : error);
      }
    }
  }

  private journalWaiting(): void {
    if (this.state !== 'away' && this.state !== 'replaying') return;
    this.journaling ??= this.journalAll();
  }

  private async journalAll(): Promise<void> {
    await Promise.resolve(); // `journaling` is set before this may end
    while (this.room.length > 0 && this.state !== 'live' && !this.holding && !this.ending.signal.aborted) {
      // Few large records: each costs a sync now and a read when its turn comes.
      await this.pause(this.options.lingerMs ?? 3).catch(() => {});
      if (this.room.length === 0) break;
      await this.journalRequests(this.room.take(this.options.maxGroup ?? 1000), false);
    }
    this.journaling = undefined;
    this.tellIdle();
  }

  private async journalRequests(batch: Batch<Request, Result>, first: boolean): Promise<void> {
    try {
      const record = requestRecord(this.options, batch.requests, this.newId(), this.now());
      await this.options.journal.append(record);
      this.pending.add(record.id, record.keys);
      if (first) this.backlog.putFirst({ id: record.id, kind: 'request' });
      else this.backlog.push({ id: record.id, kind: 'request' });
      batch.settleAll({ state: 'pending', record: record.id });
    } catch (error) {
      batch.fail(error);
    }
  }

  private become(state: LaneState, cause?: unknown): void {
    if (this.state !== state) {
      this.state = state;
      quietly(() => this.options.onState?.(state, cause));
    }
    if (state !== 'replaying') for (const ready of this.starters.splice(0)) ready();
    this.wake();
    this.journalWaiting();
    this.tellIdle();
  }

  private isIdle(): boolean {
    if (this.state === 'stopped') return true;
    if (this.room.length > 0 || this.working || this.journaling) return false;
    return this.state === 'away' || (this.state === 'live' && this.backlog.length === 0);
  }

  private tellIdle(): void {
    if (this.isIdle()) for (const idle of this.idlers.splice(0)) idle();
  }

  private count(size: number, prepareMs: number, fsyncMs: number, insertMs: number): void {
    this.pace.count(size, fsyncMs, prepareMs + fsyncMs + insertMs);
    quietly(() => this.options.onGroup?.({ size, prepareMs, fsyncMs, insertMs }));
  }

  private retryAfter(): number {
    return this.pace.secondsFor(Math.ceil(this.room.length / (this.options.maxGroup ?? 1000)));
  }

  private now(): number {
    return this.options.now?.() ?? Date.now();
  }

  private newId(): string {
    return this.options.newId?.() ?? randomUUID();
  }

  private readonly pause = async (ms: number): Promise<void> => {
    try {
      await sleep(ms, undefined, { signal: this.ending.signal });
    } catch {
      throw new PauseEnded();
    }
  };
}
