import { confirm } from './confirm.js';
import { AwayError, decide, PauseEnded } from './decide.js';
import { JournalUnavailableError } from './errors.js';
import type { Group } from './group.js';
import type { LaneOptions, Prepared } from './lane-options.js';
import type { PendingKeys } from './pending-keys.js';
import { type GroupRecord, groupOf, type RequestRecord } from './record.js';

/** Those who were told `pending` and get a result when the group is in. */
export interface Late<Request, Result> {
  requests: readonly Request[];
  results: readonly Result[];
}

interface Item<Request, Result> {
  id: string;
  kind: 'request' | 'group';
  late?: Late<Request, Result>;
}

/**
 * The journaled records of a lane that the engine has not confirmed, oldest first. Bodies stay on disk until
 * their turn, so a long outage costs disk and not memory.
 *
 * Why a crash between any two steps is safe (the next start replays unfinished records, in order):
 *
 * | Crash after                             | What replay finds and does                                              |
 * |-----------------------------------------|-------------------------------------------------------------------------|
 * | requests taken, group decided           | nothing; nobody was answered                                            |
 * | group written, not synced               | nothing, or the whole group: then it is inserted, and a caller who asks |
 * |                                         | again is a duplicate by event id                                        |
 * | group synced                            | the group: all its inserts, under its token                             |
 * | some inserts, or all, or an unclear one | the group: the engine drops the tokens it has, takes the others         |
 * | done, mark not on disk                  | the group: the engine drops every token                                 |
 * | done, mark on disk                      | nothing                                                                 |
 * | requests synced while away              | the request record: decided again, nothing of it was inserted           |
 * | its group (`resolves`) synced           | the group only, in the place of the request record                      |
 * | poison request set aside, rest not yet  | the request record without it: its file `<record>.<index>` is there     |
 * | record set aside, mark not on disk      | the file wins: the record does not come back by itself                  |
 * | retry appended, file not removed        | the file wins: still set aside, the retry has to be asked for again     |
 *
 * A failed append is cut off before the next one, so a group whose append was refused never comes back beside
 * the group that was decided in its stead.
 */
export class Backlog<Request, Result> {
  private readonly items: Item<Request, Result>[] = [];

  constructor(
    private readonly options: LaneOptions<Request, Result>,
    private readonly pending: PendingKeys,
    private readonly pause: (ms: number) => Promise<void>,
  ) {
    for (const entry of options.journal.unfinished(options.name)) {
      this.items.push({ id: entry.id, kind: entry.kind });
      pending.add(entry.id, entry.keys);
    }
    for (const item of options.journal.setAsideList(options.name)) pending.add(item.id, item.keys);
  }

  get length(): number {
    return this.items.length;
  }

  push(item: Item<Request, Result>): void {
    this.items.push(item);
  }

  /** What was in hand when the engine went away is older than anything that was put back since. */
  putFirst(item: Item<Request, Result>): void {
    this.items.unshift(item);
  }

  /**
   * Brings the oldest record one step further. Rejects when it has to be tried again later, and then nothing
   * has passed it.
   * @throws AwayError
   * @throws JournalUnavailableError
   */
  async step(): Promise<void> {
    const item = this.items[0];
    if (!item) return;
    const record = await this.options.journal.read(item.id);
    if (record.kind === 'request') await this.decideRequests(item, record);
    else await this.insertGroup(item, record);
  }

  private async decideRequests(item: Item<Request, Result>, record: RequestRecord): Promise<void> {
    const { options } = this;
    const { journal } = options;
    let waiting: { request: Request; part: string }[];
    try {
      waiting = options
        .decode(record.requests)
        .map((request, index) => ({ request, part: `${record.id}.${index}` }))
        .filter(({ part }) => !journal.isSetAside(part));
    } catch (error) {
      await setAside(options, record, error);
      this.leave(item);
      return;
    }
    const requests = waiting.map(({ request }) => request);
    const { prepared, good, bad } = await decide(options, requests, this.pause);
    for (const { index, error } of bad) {
      const part = waiting[index];
      if (part) await keepAside(options, this.pending, part.part, part.request, record.at, error);
    }
    const decided = good.flatMap((index) => requests.slice(index, index + 1));
    if (!prepared || prepared.group.inserts.length === 0) {
      journal.done(record.id);
      this.pending.remove(record.id);
      this.leave(item);
      if (prepared) tellLate(options, { requests: decided, results: prepared.results });
      return;
    }
    const group = groupRecord(options, prepared, decided, record.at, record.id);
    await journal.append(group);
    this.pending.add(group.id, group.keys);
    this.pending.remove(record.id);
    Object.assign(item, {
      id: group.id,
      kind: 'group',
      late: { requests: decided, results: prepared.results },
    });
  }

  private async insertGroup(item: Item<Request, Result>, record: GroupRecord): Promise<void> {
    const { options } = this;
    try {
      await confirm(options, groupOf(record), this.pause);
    } catch (error) {
      if (error instanceof AwayError || error instanceof PauseEnded) throw error;
      await setAside(options, record, error);
      this.leave(item);
      return;
    }
    options.journal.done(record.id);
    this.pending.remove(record.id);
    this.leave(item);
    if (item.late) tellLate(options, item.late);
  }

  private leave(item: Item<Request, Result>): void {
    this.items.splice(this.items.indexOf(item), 1);
  }
}

export function keysOf<Request, Result>(
  options: LaneOptions<Request, Result>,
  requests: readonly Request[],
): string[] {
  return [...new Set(requests.flatMap((request) => options.keys(request)))];
}

/** The journal record of a decided group. */
export function groupRecord<Request, Result>(
  options: LaneOptions<Request, Result>,
  prepared: Prepared<Result>,
  requests: readonly Request[],
  at: number,
  resolves?: string,
): GroupRecord {
  const { id, inserts }: Group = prepared.group;
  const record: GroupRecord = {
    kind: 'group',
    id,
    lane: options.name,
    at,
    keys: keysOf(options, requests),
    inserts,
  };
  return resolves === undefined ? record : { ...record, resolves };
}

/** The journal record of requests that are not decided. */
export function requestRecord<Request, Result>(
  options: LaneOptions<Request, Result>,
  requests: readonly Request[],
  id: string,
  at: number,
): RequestRecord {
  const encoded = options.encode(requests);
  return { kind: 'request', id, lane: options.name, at, keys: keysOf(options, requests), requests: encoded };
}

/** Keeps one request that cannot be decided, under an id of its own. */
export async function keepAside<Request, Result>(
  options: LaneOptions<Request, Result>,
  pending: PendingKeys,
  id: string,
  request: Request,
  at: number,
  error: unknown,
): Promise<void> {
  const record = requestRecord(options, [request], id, at);
  await setAside(options, record, error);
  pending.add(id, record.keys);
}

/** @returns the reason that is kept beside the record */
export async function setAside<Request, Result>(
  options: LaneOptions<Request, Result>,
  record: RequestRecord | GroupRecord,
  error: unknown,
): Promise<string> {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  await options.journal.setAside(record, reason);
  quietly(() => options.onSetAside?.(record.id, error));
  return reason;
}

export function tellLate<Request, Result>(
  options: LaneOptions<Request, Result>,
  late: Late<Request, Result>,
): void {
  for (const [index, request] of late.requests.entries()) {
    for (const result of late.results.slice(index, index + 1)) {
      quietly(() => options.onLateResult?.(request, result));
    }
  }
}

/** A listener that throws must not stop the lane. */
export function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // The listener's own affair.
  }
}

/** Worth another try later, by whoever caused it. */
export function isBlocked(error: unknown): boolean {
  return error instanceof AwayError || error instanceof JournalUnavailableError;
}
