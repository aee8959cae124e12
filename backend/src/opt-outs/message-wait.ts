import { randomUUID } from 'node:crypto';
import { EngineAwayError } from '@secateur/sql';
import type { Lane, Prepared } from '../journal/lane-options.js';
import type { Lanes } from '../journal/lanes.js';
import type { Incoming, Outcome } from './request.js';

/** Milliseconds for which a request waits for deliveries; then it is decided without them, which means quarantine. */
const patience = 10 * 60_000;

/** No attempt for so many milliseconds means that the engine was away: that time does not count as waiting. */
const outage = 60_000;

/**
 * Requests that name nothing but a message, whose delivery may still be on its way through the journal. They wait in a
 * lane of their own, so nobody else's request waits with them, and go to the lane that decides once the deliveries are
 * in. A crash in between hands one over again; then its event id says that it was decided.
 */
export class MessageWait {
  readonly #lane: Lane<Incoming, Outcome>;
  /** By decision: handed over already, while others of the same group wait on. */
  readonly #handed = new Map<string, Promise<Outcome>>();
  /** By decision: the first attempt since the engine was last away. */
  readonly #since = new Map<string, number>();
  #lastAttempt = 0;

  constructor(
    private readonly lanes: Lanes,
    private readonly decide: (incoming: readonly Incoming[]) => Promise<Outcome[]>,
    private readonly now: () => number = Date.now,
  ) {
    this.#lane = lanes.make({
      name: 'by-message',
      prepare: (requests) => this.#handOver(requests),
      keys: ({ who }) => [`message:${who.messageId}`],
    });
  }

  async submit(incoming: readonly Incoming[]): Promise<Outcome[]> {
    const settled = await this.#lane.submit(incoming);
    return settled.map((one, index) =>
      one.state === 'done'
        ? one.result
        : { state: 'pending', decision: incoming[index]?.request.decision ?? '' },
    );
  }

  /** Ids of the messages that somebody waits for. */
  messages(): string[] {
    return this.#lane.pendingOfKind('message');
  }

  async #handOver(requests: readonly Incoming[]): Promise<Prepared<Outcome>> {
    const now = this.now();
    if (now - this.#lastAttempt > outage) this.#since.clear();
    this.#lastAttempt = now;
    const isBehind = this.lanes.isBehind('events');
    const due = requests.filter(({ request: { decision } }) => {
      const since = this.#since.get(decision) ?? now;
      this.#since.set(decision, since);
      return !isBehind || now - since > patience;
    });
    const results = await this.#decided(due);
    if (due.length < requests.length) throw new EngineAwayError('opt-outs', null, 'DELIVERIES_NOT_REPLAYED');
    for (const { request } of requests) {
      this.#handed.delete(request.decision);
      this.#since.delete(request.decision);
    }
    return { group: { id: randomUUID(), lane: 'by-message', inserts: [] }, results };
  }

  async #decided(due: readonly Incoming[]): Promise<Outcome[]> {
    const fresh = due.filter(({ request }) => !this.#handed.has(request.decision));
    if (fresh.length > 0) {
      const outcomes = this.decide(fresh);
      for (const [index, { request }] of fresh.entries()) {
        const outcome = outcomes.then(
          (all): Outcome => all[index] ?? { state: 'pending', decision: request.decision },
        );
        // Met below, or at the next attempt; unhandled it would end the process.
        outcome.catch(() => this.#handed.delete(request.decision));
        this.#handed.set(request.decision, outcome);
      }
    }
    try {
      return await Promise.all(due.flatMap(({ request }) => this.#handed.get(request.decision) ?? []));
    } catch {
      // Too much waits there, or the disk is full: nothing is wrong with these requests.
      throw new EngineAwayError('opt-outs', null, 'NOT_TAKEN');
    }
  }
}
