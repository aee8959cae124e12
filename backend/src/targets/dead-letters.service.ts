import type { DeadLetters, Receipt } from '../contract/targets.js';
import type { Database } from '../database.module.js';
import { NotFoundError } from '../errors.js';
import type { Feed } from './feed.js';
import type { ReceiptBook } from './receipt-book.js';
import { receiptOf } from './receipts.service.js';
import type { Senders } from './senders.js';
import type { TargetsService } from './targets.service.js';

export interface DeadLetterParts {
  readonly engine: Database;
  readonly targets: TargetsService;
  readonly feed: Feed;
  readonly senders: Senders;
  readonly book: ReceiptBook;
}

/** What a target did not take, kept until somebody sends it again. */
export class DeadLettersService {
  constructor(private readonly parts: DeadLetterParts) {}

  /** The oldest first, after that place in the feed. @throws NotFoundError @throws EngineAwayError */
  async list(id: string, after: number, limit: number): Promise<DeadLetters> {
    const { engine, targets } = this.parts;
    await targets.byId(id);
    const rows = await engine.query('targets/dead_letters', { target: id, after, limit });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      dead_letters: rows.map((row) => ({ ...row, seq: String(row.seq), status: row.status || null })),
      next: last === undefined ? null : String(last.seq),
    };
  }

  /**
   * Sends it once more, now and here, under its old id. What concerns the same person may have gone out since: a receiver
   * compares `seq`; a provider is told what holds now.
   *
   * @returns the receipt after that: acknowledged, or dead as before
   * @throws NotFoundError @throws EngineAwayError
   */
  async retry(id: string, seq: number): Promise<Receipt> {
    const { engine, targets, feed, senders, book } = this.parts;
    const target = await targets.byId(id);
    const [[row], { changes }] = await Promise.all([
      engine.query('targets/dead_letters', { target: id, after: seq - 1, limit: 1 }),
      feed.at(seq),
    ]);
    const change = changes.find((one) => Number(one.seq) === seq);
    if (row?.seq !== seq || change === undefined) throw new NotFoundError(`There is no dead letter ${seq}`);
    const sender = senders.of(target, targets.secretsOf(target));
    const [verdict] = await sender.send([change], new AbortController().signal);
    if (verdict === undefined) throw new Error('a sender answered for fewer changes than it was given');
    const state = verdict.kind === 'acknowledged' ? 'acknowledged' : 'dead';
    const acknowledgedAt = state === 'acknowledged' ? Date.now() : null;
    const { status, detail } = verdict;
    const noted = { state, attempts: row.attempts + 1, status, detail } as const;
    book.note({ ...noted, target, change, firstSentAt: Date.parse(row.first_sent_at), acknowledgedAt });
    await book.flush();
    const at = acknowledgedAt === null ? null : new Date(acknowledgedAt).toISOString();
    const shown = { ...noted, first_sent_at: row.first_sent_at, acknowledged_at: at, status: status ?? 0 };
    return receiptOf(target, shown, change.received_at);
  }
}
