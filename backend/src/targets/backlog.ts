import type { PermissionChange } from '../contract/permissions.js';

/** One decision on its way to one target. Instants in ms since the epoch. */
export interface Notice {
  readonly change: PermissionChange;
  readonly seq: number;
  /** Whom and which addresses it is about: notices that share one keep their order. */
  readonly keys: readonly string[];
  attempts: number;
  refusals: number;
  /** Failures while the target answered others: then it is the notice that fails, and not the target. */
  failures: number;
  firstSentAt: number | null;
  lastTriedAt: number;
  notBefore: number;
  isOut: boolean;
}

/** @param known what an earlier process has tried already */
export function noticeOf(
  change: PermissionChange,
  known: { readonly attempts: number; readonly firstSentAt: number | null } = {
    attempts: 0,
    firstSentAt: null,
  },
): Notice {
  const { person, statements, decision } = change;
  const keys = new Set([...(person === null ? [] : [person]), ...statements.map(({ subject }) => subject)]);
  return {
    change,
    seq: Number(change.seq),
    keys: keys.size === 0 ? [decision] : [...keys],
    attempts: known.attempts,
    refusals: 0,
    failures: 0,
    firstSentAt: known.firstSentAt,
    lastTriedAt: 0,
    notBefore: 0,
    isOut: false,
  };
}

/**
 * Notices that are read and not settled. Each key has a queue, and a notice may go when it leads all of its queues: so
 * what concerns one person or address goes out one after the other, and nobody else waits for it.
 */
export class Backlog {
  readonly #notices = new Map<number, Notice>();
  readonly #queues = new Map<string, Notice[]>();

  get size(): number {
    return this.#notices.size;
  }

  add(notice: Notice): void {
    if (this.#notices.has(notice.seq)) return;
    this.#notices.set(notice.seq, notice);
    for (const key of notice.keys) {
      const queue = this.#queues.get(key);
      if (queue === undefined) this.#queues.set(key, [notice]);
      else queue.push(notice);
    }
  }

  settle(notice: Notice): void {
    this.#notices.delete(notice.seq);
    for (const key of notice.keys) {
      const queue = this.#queues.get(key)?.filter((one) => one !== notice) ?? [];
      if (queue.length === 0) this.#queues.delete(key);
      else this.#queues.set(key, queue);
    }
  }

  /** The next notices that may go now, in the order in which they came; never two that share a key. */
  ready(now: number, most: number): Notice[] {
    const found: Notice[] = [];
    for (const notice of this.#notices.values()) {
      if (found.length >= most) break;
      if (notice.notBefore <= now && this.#leads(notice)) found.push(notice);
    }
    return found;
  }

  /**
   * The notice by which to find out whether a target is back: the one that was tried longest ago, so that one that always
   * fails does not stand for the target.
   */
  probe(now: number): Notice | undefined {
    let found: Notice | undefined;
    for (const notice of this.#notices.values()) {
      if (this.#leads(notice) && (found === undefined || isBetterProbe(notice, found, now))) found = notice;
    }
    return found;
  }

  /** When the next notice that may not go now may; Infinity when none waits for its time. */
  nextAt(now: number): number {
    let next = Infinity;
    for (const notice of this.#notices.values())
      if (notice.notBefore > now && this.#leads(notice)) next = Math.min(next, notice.notBefore);
    return next;
  }

  /** The lowest place in the feed that is not settled; Infinity when all are. */
  lowest(): number {
    let lowest = Infinity;
    for (const seq of this.#notices.keys()) lowest = Math.min(lowest, seq);
    return lowest;
  }

  #leads(notice: Notice): boolean {
    return !notice.isOut && notice.keys.every((key) => this.#queues.get(key)?.[0] === notice);
  }
}

function isBetterProbe(one: Notice, other: Notice, now: number): boolean {
  const [mayGo, mayOtherGo] = [one.notBefore <= now, other.notBefore <= now];
  return mayGo === mayOtherGo ? one.lastTriedAt < other.lastTriedAt : mayGo;
}
