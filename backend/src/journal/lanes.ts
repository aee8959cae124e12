import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import type { Database } from '../database.module.js';
import { NotFoundError } from '../errors.js';
import type { Readiness } from '../readiness.js';
import type { Insert } from './group.js';
import type { Journal } from './journal.js';
import { createLane } from './lane.js';
import type { Lane, LaneOptions } from './lane-options.js';

type Given<Request, Result> = Pick<LaneOptions<Request, Result>, 'name' | 'prepare' | 'keys'> &
  Partial<Pick<LaneOptions<Request, Result>, 'maxGroup' | 'maxQueued' | 'onLateResult' | 'sizeOf'>>;

/** All lanes of the service: they share the journal, start together once every module is ready, and end first. */
export class Lanes implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #lanes: {
    name: string;
    lane: Pick<Lane<unknown, unknown>, 'start' | 'stop' | 'stats' | 'retry'>;
  }[] = [];
  readonly #listeners: ((inserts: readonly Insert[]) => Promise<void>)[] = [];
  readonly #log = new Logger('Journal');

  constructor(
    private readonly journal: Journal,
    private readonly engine: Database,
    private readonly maxQueued: number,
    readiness: Readiness,
  ) {
    readiness.register('journal', () => this.report());
    const { recovered } = journal;
    this.#log.log('journal open', { recovered: recovered as unknown });
  }

  /** A lane that inserts into the engine and keeps its requests in the journal. Requests must be plain JSON. */
  make<Request, Result>(given: Given<Request, Result>): Lane<Request, Result> {
    const lane = createLane<Request, Result>({
      maxQueued: this.maxQueued,
      ...given,
      journal: this.journal,
      insert: (table, columns, lines, token) => this.engine.insert(table, columns, lines, token),
      ping: () => this.engine.ping(),
      isAway: (error) => error instanceof EngineAwayError,
      encode: (requests) => JSON.stringify(requests),
      decode: (body) => JSON.parse(body) as Request[],
      onState: (state, cause) => {
        const reason = cause instanceof Error ? cause.message : undefined;
        this.#log.log('lane state', { lane: given.name, state, ...(reason === undefined ? {} : { reason }) });
      },
      onSetAside: (record, cause) => {
        const reason = cause instanceof Error ? cause.message : String(cause);
        this.#log.error('record set aside', { lane: given.name, record, reason });
      },
    });
    this.#lanes.push({ name: given.name, lane });
    return lane;
  }

  /** To be called for every group that the engine may not have, before any lane decides anything. */
  beforeReplay(listener: (inserts: readonly Insert[]) => Promise<void>): void {
    this.#listeners.push(listener);
  }

  async onApplicationBootstrap(): Promise<void> {
    for await (const { inserts } of this.journal.groups()) {
      for (const listener of this.#listeners) await listener(inserts);
    }
    for (const { lane } of this.#lanes) await lane.start();
  }

  async onApplicationShutdown(): Promise<void> {
    for (const { lane } of this.#lanes) await lane.stop();
    await this.journal.close();
  }

  /** Does that lane hold journaled records that the engine does not have yet? Those set aside do not count. */
  isBehind(name: string): boolean {
    return this.#lanes.some(({ name: one, lane }) => one === name && lane.stats().backlog > 0);
  }

  /** Records that the engine refused again and again, waiting for a person; without what they are about. */
  setAside() {
    return this.journal.setAsideList().map(({ id, lane, kind, at, reason }) => ({
      id,
      lane,
      kind,
      accepted_at: new Date(at).toISOString(),
      reason,
    }));
  }

  /** Puts a set-aside record back to work. @throws NotFoundError when none is set aside under that id */
  async retry(record: string): Promise<void> {
    const lane = this.journal.setAsideList().find((one) => one.id === record)?.lane;
    const owner = this.#lanes.find(({ name }) => name === lane);
    if (owner === undefined || !(await owner.lane.retry(record))) {
      throw new NotFoundError(`Nothing is set aside under ${record}`);
    }
  }

  /** Ready to accept opt-outs as long as the journal can be written; `waiting` says that the engine is away. */
  report() {
    const lanes = Object.fromEntries(this.#lanes.map(({ name, lane }) => [name, lane.stats()]));
    const waiting = Object.values(lanes).some(
      (stats) => stats.state === 'away' || stats.state === 'replaying',
    );
    const started = Object.values(lanes).every((stats) => stats.state !== 'stopped');
    return { ready: started, waiting, depth: this.journal.depth(), lanes };
  }
}
