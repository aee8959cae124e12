import type { Group } from './group.js';
import type { Journal } from './journal.js';
import type { GroupRecord } from './record.js';

/** What became of one request. Only `done`, `pending` and `set_aside` may be acknowledged as accepted. */
export type Settled<Result> =
  /** Its rows are in the engine. */
  | { state: 'done'; result: Result }
  /** Durable in the journal, to be decided or inserted when the engine is back (HTTP 202). */
  | { state: 'pending'; record: string }
  /** Decided and durable, but the engine refuses its rows: a person has to look. */
  | { state: 'set_aside'; record: string; reason: string }
  /** It cannot be decided. The request itself is kept, set aside under `record`. */
  | { state: 'failed'; record: string; error: unknown };

export interface Prepared<Result> {
  /** Without inserts nothing is journaled (every request was a duplicate, say). */
  group: Group;
  /** One per request, in order. */
  results: Result[];
}

/**
 * `live`: groups are decided and inserted at once. `away`: the engine does not answer, requests are journaled.
 * `replaying`: the engine is back and journaled work goes first, new requests are journaled behind it.
 */
export type LaneState = 'stopped' | 'live' | 'away' | 'replaying';

/** Durations in milliseconds. */
export interface GroupTiming {
  size: number;
  prepareMs: number;
  /** Append to the journal: write, sync and the wait for the sync before it. */
  fsyncMs: number;
  insertMs: number;
}

export interface LaneStats {
  state: LaneState;
  /** Requests that wait and are not journaled. */
  queued: number;
  queuedBytes: number;
  /** Journaled records that wait for the engine. */
  backlog: number;
  groups: number;
  lastGroupSize: number;
  meanGroupSize: number;
  lastFsyncMs: number;
}

export interface LaneOptions<Request, Result> {
  /** Also the `lane` of its records: letters, digits, dot, dash, underscore. */
  name: string;
  journal: Journal;
  /** Facts query and decision. Reads only: it is called again after a failure, and for parts of a group. */
  prepare(requests: readonly Request[]): Promise<Prepared<Result>>;
  /** The same token with the same lines may come again and must then change nothing. */
  insert(table: string, columns: readonly string[], lines: string, token: string): Promise<void>;
  /** Rejects while the engine is away. */
  ping(): Promise<void>;
  /** The engine did not answer, or may have: the call is repeated until it does, however long that takes. */
  isAway(error: unknown): boolean;
  /**
   * The rows of an insert could not be read: nothing of that insert is in its table. The group's requests are then decided
   * again, by halves, until the one to blame is found; `prepare` must drop what the inserts before it have stored.
   * @default never: a refused group is set aside whole
   */
  isUnreadable?(error: unknown): boolean;
  /**
   * Did others store what this group says, while it was set aside? Then it must not be stored once more.
   * @throws anything, as the reason why the group stays set aside
   * @default never
   */
  isStored?(group: GroupRecord): Promise<boolean>;
  encode(requests: readonly Request[]): string;
  decode(body: string): Request[];
  /** What a request is about (subject, address hash, `message:m-77`): `isPending` is asked by these. */
  keys(request: Request): readonly string[];
  /** Bytes that a waiting request counts for. @default the length of its encoding */
  sizeOf?(request: Request): number;
  /** Milliseconds that the first request of an idle lane waits for company. @default 3 */
  lingerMs?: number;
  /** Most requests in one group. @default 1000 */
  maxGroup?: number;
  /** Most requests that wait. @default 20000 */
  maxQueued?: number;
  /** Most bytes that wait. @default 64 MiB */
  maxQueuedBytes?: number;
  /** Tries before an error that is not `away` counts as poison. @default 3 */
  poisonTries?: number;
  /** Milliseconds before the second try; each later one waits that much longer. @default 100 */
  poisonWaitMs?: number;
  /**
   * Milliseconds that a live group waits for the engine, to decide and again to insert, until it counts as away: its
   * requests are journaled and answered, and it is repeated under the same token.
   * @default 10000
   */
  patienceMs?: number;
  /** Milliseconds between probes of an engine that is away: doubles from first to most, ± 25 %. @default 50, 2000 */
  probeMs?: { first: number; most: number };
  /** Epoch milliseconds. @default Date.now */
  now?(): number;
  /** In [0, 1). @default Math.random */
  random?(): number;
  /** Id of a request record. @default randomUUID */
  newId?(): string;
  /** A request that was settled `pending` is in the engine now. Not called for groups from before a restart. */
  onLateResult?(request: Request, result: Result): void;
  /** After each live group; replayed ones are not told. */
  onGroup?(timing: GroupTiming): void;
  /** `cause` is the error that made the lane go away. */
  onState?(state: LaneState, cause?: unknown): void;
  /** A record was set aside; `cause` is what the engine or the decision said last. */
  onSetAside?(record: string, cause: unknown): void;
}

export interface Lane<Request, Result> {
  /**
   * Takes all of the requests or none; in order.
   * @returns one per request, in order
   * @throws BusyError when more waits than the lane may hold (an empty lane takes any number)
   * @throws LaneStoppedError before `start`, and for what waited at `stop`
   * @throws JournalUnavailableError some of the requests could not be made durable: repeat them all
   */
  submit(requests: readonly Request[]): Promise<Settled<Result>[]>;
  /** A request with that key is journaled and not yet in the engine. Answers before `start`, too. */
  isPending(key: string): boolean;
  /** The pending keys `<kind>:…`, without their kind. */
  pendingOfKind(kind: string): string[];
  /** Replays what the journal holds for this lane; resolves once that is done, or the engine is away. */
  start(): Promise<void>;
  /** Resolves when every submitted request is settled and, unless the engine is away, nothing is pending replay. */
  drain(): Promise<void>;
  /** Finishes the step in hand. What is journaled stays for the next start; what only waits is refused. */
  stop(): Promise<void>;
  /**
   * Puts a set-aside record of this lane back to work; its place is behind what was accepted since. A group that others
   * have stored meanwhile is done instead.
   * @returns false when this lane has none of that id
   * @throws BusyError unless the lane is live
   * @throws what `isStored` throws; the record stays set aside
   */
  retry(record: string): Promise<boolean>;
  stats(): LaneStats;
}
