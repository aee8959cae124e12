import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { EngineAwayError, QueryFailedError } from '@secateur/sql';
import type { Database } from '../database.module.js';
import { ConflictError, NotFoundError } from '../errors.js';
import type { Readiness } from '../readiness.js';
import { safeReason } from './errors.js';
import type { Insert } from './group.js';
import type { Journal } from './journal.js';
import { createLane } from './lane.js';
import type { Lane, LaneOptions } from './lane-options.js';

type Given<Request, Result> = Pick<LaneOptions<Request, Result>, 'name' | 'prepare' | 'keys'> &
  Partial<
    Pick<LaneOptions<Request, Result>, 'maxGroup' | 'maxQueued' | 'onLateResult' | 'sizeOf' | 'isStored'>
  >;

/** Out of time, or cancelled: nothing is wrong with the requests, so their work is kept and tried again. */
const ranOutOfTime: ReadonlySet<number> = new Set([159, 394]);

/**
 * All lanes of the service: they share the journal and start together once every module is ready. Nest ends modules in an
 * order of its own, so what a lane works with must be closed by `afterStop` and nowhere else.
 */
export class Lanes implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #lanes: {
    name: string;
    lane: Pick<Lane<unknown, unknown>, 'start' | 'stop' | 'stats' | 'retry' | 'isPending'>;
  }[] = [];
  readonly #listeners: ((inserts: readonly Insert[]) => Promise<void>)[] = [];
  readonly #closers: (() => void)[] = [];
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
      isStored: ({ inserts }) => this.#isStored(inserts),
      ...given,
      journal: this.journal,
      insert: (table, columns, lines, token) => this.engine.insert(table, columns, lines, token),
      ping: () => this.engine.ping(),
      isAway: (error) =>
        error instanceof EngineAwayError ||
        (error instanceof QueryFailedError && ranOutOfTime.has(error.code)),
      isUnreadable: (error) => error instanceof QueryFailedError && error.isUnreadable,
      encode: (requests) => JSON.stringify(requests),
      decode: (body) => JSON.parse(body) as Request[],
      onState: (state, cause) => {
        const reason = cause === undefined ? {} : { reason: safeReason(cause) };
        this.#log.log('lane state', { lane: given.name, state, ...reason });
      },
      onSetAside: (record, cause) => {
        this.#log.error('record set aside', { lane: given.name, record, reason: safeReason(cause) });
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

  /** To be called once no lane decides or writes any more. */
  afterStop(close: () => void): void {
    this.#closers.push(close);
  }

  async onApplicationShutdown(): Promise<void> {
    // All at once: while one finishes its step, the others take nothing new.
    const stopped = await Promise.allSettled(this.#lanes.map(({ lane }) => lane.stop()));
    for (const end of stopped)
      if (end.status === 'rejected') this.#log.error('lane did not stop', { reason: safeReason(end.reason) });
    await this.journal.close();
    for (const close of this.#closers) close();
  }

  /** Does that lane hold journaled records that the engine does not have yet? Those set aside do not count. */
  isBehind(name: string): boolean {
    return this.#lanes.some(({ name: one, lane }) => one === name && lane.stats().backlog > 0);
  }

  /** Does a request with that key wait in that lane? Those set aside count. */
  isPending(name: string, key: string): boolean {
    return this.#lanes.some(({ name: one, lane }) => one === name && lane.isPending(key));
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

  /**
   * Puts a set-aside record back to work.
   * @throws NotFoundError when none is set aside under that id
   * @throws ConflictError when a part of it was sent again meanwhile and stored: storing the rest would count that twice
   */
  async retry(record: string): Promise<void> {
    const lane = this.journal.setAsideList().find((one) => one.id === record)?.lane;
    const owner = this.#lanes.find(({ name }) => name === lane);
    if (owner === undefined || !(await owner.lane.retry(record))) {
      throw new NotFoundError(`Nothing is set aside under ${record}`);
    }
  }

  /**
   * Are the events and decisions of a group in the engine by rows that are not its own, because the sender repeated them?
   * Its own may be there, too, where a view failed: those the retry has to complete.
   */
  async #isStored(inserts: readonly Insert[]): Promise<boolean> {
    const own = new Map(inserts.flatMap(eventsOf).map((event) => [event.id, event]));
    if (own.size === 0) return false;
    const stored = await this.engine.query('events/stored_ids', { ids: [...own.keys()].join('\n') });
    const others = new Set<string>();
    for (const { id, received_at, decision } of stored) {
      const { receivedAt, decision: mine } = own.get(id) ?? { receivedAt: 0, decision: null };
      const isMine = receivedAt === Date.parse(received_at) && (mine === null || mine === decision);
      if (!isMine) others.add(id);
    }
    if (others.size === 0) return false;
    if (others.size === own.size && !inserts.some(({ table }) => table === 'quarantine')) return true;
    throw new ConflictError(
      `${others.size} of the ${own.size} events in this record were sent again and stored meanwhile; a retry would count them twice`,
    );
  }

  /** Ready to accept opt-outs as long as the journal can be written; `waiting` says that the engine is away. */
  report() {
    const lanes = Object.fromEntries(this.#lanes.map(({ name, lane }) => [name, lane.stats()]));
    const waiting = Object.values(lanes).some(
      (stats) => stats.state === 'away' || stats.state === 'replaying',
    );
    const started = Object.values(lanes).every((stats) => stats.state !== 'stopped');
    const aside = this.journal.setAsideList().length;
    return { ready: started, waiting, depth: this.journal.depth(), set_aside: aside, lanes };
  }
}

/** One row that must not be stored twice. */
interface StoredEvent {
  id: string;
  receivedAt: number;
  /** Id of the decision; null for a delivery or engagement. */
  decision: string | null;
}

/** What only notes that something came again is not among them. */
function eventsOf({ table, columns, lines }: Insert): StoredEvent[] {
  if (table !== 'events' && table !== 'decisions') return [];
  const isDecision = table === 'decisions';
  const [event, received, decision] = [isDecision ? 'event_id' : 'id', 'received_at', 'id'].map((name) =>
    columns.indexOf(name),
  );
  return lines.split('\n').flatMap((line): StoredEvent[] => {
    if (line.trim() === '') return [];
    const values = JSON.parse(line) as unknown[];
    const at = (place: number | undefined): string => String(values[place ?? -1] ?? '');
    const id = at(event);
    if (!isDecision && id.startsWith('repeat:')) return [];
    return [{ id, receivedAt: Date.parse(at(received)), decision: isDecision ? at(decision) : null }];
  });
}
