import type { CountRow, Counts } from '@secateur/backend/alerts';
import type { Batch } from './sender.js';

export type DailyCounts = Counts & { readonly message_type: readonly CountRow[] };

interface Sum {
  stream: string;
  key: string;
  on: number;
  sent: { hour: number; delivered: number }[];
  optOuts: number[];
  complaints: number[];
}

const levels = ['stream', 'segment', 'campaign', 'message_type'] as const;

/** A log as it comes in: what the service's hourly rates would say at any hour, without an engine. */
export class Ledger {
  readonly #sums = {
    stream: new Map(),
    segment: new Map(),
    campaign: new Map(),
    message_type: new Map(),
  } as Record<(typeof levels)[number], Map<string, Sum>>;
  /** Days that are told in full, as rows; nothing of them changes any more. */
  readonly #done = { stream: [], segment: [], campaign: [], message_type: [] } as Record<
    (typeof levels)[number],
    CountRow[]
  >;

  add(batches: readonly Batch[]): void {
    for (const batch of batches)
      for (const level of levels) {
        const key = {
          stream: '',
          segment: batch.segment,
          campaign: batch.campaign,
          message_type: batch.messageType,
        }[level];
        const on = Math.floor(batch.hour / 24);
        const id = `${batch.stream} ${key} ${on}`;
        const sum = this.#sums[level].get(id) ?? {
          ...{ stream: batch.stream, key, on, sent: [], optOuts: [], complaints: [] },
        };
        this.#sums[level].set(id, sum);
        sum.sent.push({ hour: batch.hour, delivered: batch.delivered });
        for (const delay of batch.optOuts) sum.optOuts.push(batch.hour + delay);
        for (const delay of batch.complaints) sum.complaints.push(batch.hour + delay);
      }
  }

  /** What is known at an hour since the epoch, of days from one on. */
  at(hour: number, since: number, least: number): DailyCounts {
    const rows = (level: (typeof levels)[number]): CountRow[] => {
      for (const [id, sum] of this.#sums[level]) {
        if (hour < (sum.on + 9) * 24) continue;
        this.#done[level].push(rowOf(sum, Number.POSITIVE_INFINITY));
        this.#sums[level].delete(id);
      }
      if ((this.#done[level][0]?.on ?? since) < since)
        this.#done[level] = this.#done[level].filter(({ on }) => on >= since);
      const open = [...this.#sums[level].values()].map((sum) => rowOf(sum, hour));
      const all = [...this.#done[level], ...open.filter(({ delivered }) => delivered > 0)];
      return level === 'stream' || level === 'segment'
        ? all
        : all.filter(({ delivered }) => delivered >= least);
    };
    return {
      stream: rows('stream'),
      segment: rows('segment'),
      campaign: rows('campaign'),
      message_type: rows('message_type'),
    };
  }
}

function rowOf({ stream, key, on, sent, optOuts, complaints }: Sum, hour: number): CountRow {
  const delivered = sent.reduce((sum, one) => (one.hour < hour ? sum + one.delivered : sum), 0);
  const known = (all: readonly number[]): number => all.reduce((sum, at) => (at <= hour ? sum + 1 : sum), 0);
  return { stream, key, on, delivered, opt_outs: known(optOuts), complaints: known(complaints) };
}
