import type { PermissionChanges } from '../contract/permissions.js';
import type { Database } from '../database.module.js';
import type { ChangesService } from '../permissions/changes.service.js';
import { type Notice, noticeOf } from './backlog.js';
import type { Target } from './target.js';

/** Changes in one read. */
const pageSize = 500;
/** Late decisions that one sweep takes up; the next takes more. */
const mostLate = 100;
/** How far back a decision is looked for that became visible late, in microseconds: a week. */
const lateMicroseconds = 7 * 24 * 3_600_000_000;

/** The change feed, read once for targets that stand at the same place. */
export class Feed {
  readonly #reading = new Map<number, Promise<PermissionChanges>>();

  constructor(
    private readonly changes: ChangesService,
    private readonly engine: Database,
  ) {}

  /** @param lastReceipt the highest place for which the target has a receipt from before this process */
  of(target: Target, lastReceipt: number): TargetFeed {
    return new TargetFeed(this, this.engine, target, lastReceipt);
  }

  /** @throws EngineAwayError */
  page(since: number): Promise<PermissionChanges> {
    let reading = this.#reading.get(since);
    if (reading === undefined) {
      reading = this.changes.since(since, pageSize).finally(() => this.#reading.delete(since));
      this.#reading.set(since, reading);
    }
    return reading;
  }

  /** The one decision at that place. @throws EngineAwayError */
  at(seq: number): Promise<PermissionChanges> {
    return this.changes.since(seq - 1, 1);
  }
}

/** What one target is still to be told. */
export class TargetFeed {
  constructor(
    private readonly feed: Feed,
    private readonly engine: Database,
    private readonly target: Target,
    private readonly lastReceipt: number,
  ) {}

  /**
   * The next notices after a place; without those that have a receipt already, because the process before this one died
   * before it stored its cursor.
   * @throws EngineAwayError
   */
  async after(since: number): Promise<{ notices: Notice[]; readTo: number; isFull: boolean }> {
    const { changes, next } = await this.feed.page(since);
    const readTo = Number(next);
    const known = since < this.lastReceipt ? await this.#known(since, readTo) : new Map<number, Known>();
    const notices = changes.flatMap((change) => {
      const found = known.get(Number(change.seq));
      return found?.isSettled === true ? [] : [noticeOf(change, found)];
    });
    return { notices, readTo, isFull: changes.length === pageSize };
  }

  /** Decisions up to a place that have no receipt although the target is past them. @throws EngineAwayError */
  async late(until: number, now: number): Promise<Notice[]> {
    const since = Math.max(this.target.since, now * 1000 - lateMicroseconds);
    if (since >= until) return [];
    const asked = { target: this.target.id, since, until, limit: mostLate };
    const notices: Notice[] = [];
    for (const { seq } of await this.engine.query('targets/unreceipted_decisions', asked)) {
      const [{ changes }, known] = await Promise.all([this.feed.at(seq), this.#known(seq - 1, seq)]);
      for (const change of changes) notices.push(noticeOf(change, known.get(seq)));
    }
    return notices;
  }

  async #known(since: number, until: number): Promise<Map<number, Known>> {
    const rows = await this.engine.query('targets/receipts_between', {
      target: this.target.id,
      since,
      until,
    });
    return new Map(
      rows.map(({ seq, state, attempts, first_sent_at }) => [
        seq,
        {
          isSettled: state === 'acknowledged' || state === 'dead',
          attempts,
          firstSentAt: Date.parse(first_sent_at),
        },
      ]),
    );
  }
}

interface Known {
  readonly isSettled: boolean;
  readonly attempts: number;
  readonly firstSentAt: number;
}
