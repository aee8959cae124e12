import { randomUUID } from 'node:crypto';
import { confirm } from './confirm.js';
import { AwayError, decide, PauseEnded } from './decide.js';
import type { LaneOptions } from './lane-options.js';
import { groupRecord, keepAside, type Late, requestRecord, setAside, tellLate } from './lane-records.js';
import type { PendingKeys } from './pending-keys.js';
import { type GroupRecord, groupOf, type RequestRecord } from './record.js';

interface Item<Request, Result> {
  id: string;
  kind: 'request' | 'group';
  late?: Late<Request, Result>;
  /** Half of a group that could not be read: decided in no company, or the halves would be one group again. */
  isAlone?: boolean;
  /** It was set aside before, and others may have stored the same meanwhile. */
  isRetried?: boolean;
}

/** A request record with what of it is still to be decided. */
interface Opened<Request, Result> {
  item: Item<Request, Result>;
  asked: { request: Request; part: string; at: number }[];
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
 * | its group (`resolves`) synced           | the group only, in the place of the request records                     |
 * | poison request set aside, rest not yet  | the request record without it: its file `<record>.<index>` is there     |
 * | record set aside, mark not on disk      | the file wins: the record does not come back by itself                  |
 * | unreadable group written as requests    | all of them, decided again                                              |
 * | its second half written, too            | these twice: the copy is dropped as a duplicate                         |
 * | unreadable group, a crash before that   | nobody knows its requests any more: the group is set aside whole        |
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
   * Brings the oldest record one step further; requests that were journaled in small records are decided in
   * groups as large as live ones, or the lane could never catch up with what comes in meanwhile.
   * Rejects when it has to be tried again later, and then nothing has passed it.
   * @throws AwayError
   * @throws JournalUnavailableError
   */
  async step(): Promise<void> {
    const item = this.items[0];
    if (!item) return;
    const record = await this.options.journal.read(item.id);
    if (record.kind === 'group') return this.insertGroup(item, record);
    const first = await this.open(item, record);
    if (first) await this.decideRequests(item.isAlone ? [first] : [first, ...(await this.company(first))]);
  }

  /** The request records behind the first that fit into one group with it. */
  private async company(first: Opened<Request, Result>): Promise<Opened<Request, Result>[]> {
    const company: Opened<Request, Result>[] = [];
    let room = (this.options.maxGroup ?? 1000) - first.asked.length;
    for (const item of this.items.slice(1)) {
      if (item.kind !== 'request' || item.isAlone || room <= 0) break;
      const record = await this.options.journal.read(item.id);
      const next = record.kind === 'request' ? await this.open(item, record) : undefined;
      if (!next || next.asked.length > room) break;
      company.push(next);
      room -= next.asked.length;
    }
    return company;
  }

  /** Without the requests that were set aside before a crash; a record that cannot be read is set aside. */
  private async open(
    item: Item<Request, Result>,
    record: RequestRecord,
  ): Promise<Opened<Request, Result> | undefined> {
    const { journal, decode } = this.options;
    try {
      const asked = decode(record.requests)
        .map((request, index) => ({ request, part: `${record.id}.${index}`, at: record.at }))
        .filter(({ part }) => !journal.isSetAside(part));
      return { item, asked };
    } catch (error) {
      await setAside(this.options, record, error);
      this.leave(item);
      return undefined;
    }
  }

  private async decideRequests(opened: readonly Opened<Request, Result>[]): Promise<void> {
    const { options, pending } = this;
    const asked = opened.flatMap((one) => one.asked);
    const requests = asked.map(({ request }) => request);
    const { prepared, good, bad } = await decide(options, requests, this.pause);
    for (const { index, error } of bad) {
      for (const { part, request, at } of asked.slice(index, index + 1)) {
        await keepAside(options, pending, part, request, at, error);
      }
    }
    const records = opened.map(({ item }) => item.id);
    const decided = good.flatMap((index) => requests.slice(index, index + 1));
    const late = prepared && { requests: decided, results: prepared.results };
    const hasRows = prepared !== undefined && prepared.group.inserts.length > 0;
    if (hasRows) {
      const at = Math.min(...asked.map((one) => one.at));
      const record = groupRecord(options, prepared, decided, at, records);
      await options.journal.append(record);
      pending.add(record.id, record.keys);
      this.items.splice(0, records.length, { id: record.id, kind: 'group', ...(late && { late }) });
    } else {
      for (const id of records) options.journal.done(id);
      this.items.splice(0, records.length);
    }
    for (const id of records) pending.remove(id);
    if (late && !hasRows) tellLate(options, late);
  }

  private async insertGroup(item: Item<Request, Result>, record: GroupRecord): Promise<void> {
    const { options } = this;
    try {
      const isStored = item.isRetried && (await options.isStored?.(record));
      if (!isStored) await confirm(options, groupOf(record), this.pause);
    } catch (error) {
      if (error instanceof AwayError || error instanceof PauseEnded) throw error;
      if (options.isAway(error)) throw new AwayError(error);
      if (item.late && options.isUnreadable?.(error)) {
        return this.divide(item, record, item.late.requests, error);
      }
      await setAside(options, record, error);
      this.leave(item);
      return;
    }
    options.journal.done(record.id);
    this.pending.remove(record.id);
    this.leave(item);
    if (item.late) tellLate(options, item.late);
  }

  /**
   * Requests whose rows the engine cannot read take their group's place in two halves; one that stands alone is to blame
   * and set aside as it was asked. Nothing of the unreadable insert was written, and what the inserts before it wrote is
   * whole: ids that are known by now, or rows that say the same again.
   */
  private async divide(
    item: Item<Request, Result>,
    { id, at }: GroupRecord,
    requests: readonly Request[],
    error: unknown,
  ): Promise<void> {
    const { options, pending } = this;
    const middle = requests.length >> 1;
    if (middle === 0) {
      for (const request of requests) await keepAside(options, pending, id, request, at, error);
      return this.leave(item);
    }
    // All of them under the group's own id first, which takes its place: after a crash some may stand twice, none is gone.
    await options.journal.append(requestRecord(options, requests, id, at));
    const second = requestRecord(options, requests.slice(middle), options.newId?.() ?? randomUUID(), at);
    await options.journal.append(second);
    pending.add(second.id, second.keys);
    const place = this.items.indexOf(item);
    this.items.splice(place + 1, 0, { id: second.id, kind: 'request', isAlone: true });
    await options.journal.append(requestRecord(options, requests.slice(0, middle), id, at));
    this.items.splice(place, 1, { id, kind: 'request', isAlone: true });
  }

  private leave(item: Item<Request, Result>): void {
    this.items.splice(this.items.indexOf(item), 1);
  }
}
