import type { Queries } from '@secateur/sql';
import { rangeOf } from '../analytics/window.js';
import type {
  DecisionReceipts,
  Receipt,
  TargetSummary,
  TimeToHonour,
  TimeToHonourQuery,
} from '../contract/targets.js';
import type { Database } from '../database.module.js';
import { NotFoundError } from '../errors.js';
import type { Target } from './target.js';
import type { TargetsService } from './targets.service.js';

type Row = Queries['targets/receipts_of_decision']['row'];

const week = 7 * 24 * 3_600_000;

/** What became of decisions at targets. Nothing is caught here: a query that failed is an error and never a zero. */
export class ReceiptsService {
  constructor(
    private readonly engine: Database,
    private readonly targets: TargetsService,
  ) {}

  /**
   * A receipt for each target that was told, and one that waits for each that is still to be.
   * @throws NotFoundError @throws EngineAwayError
   */
  async ofDecision(id: string): Promise<DecisionReceipts> {
    const [[decision], targets] = await Promise.all([
      this.engine.query('audit/decision_by_id', { id }),
      this.targets.all(),
    ]);
    if (decision === undefined) throw new NotFoundError(`There is no decision ${id}`);
    const rows =
      targets.length === 0
        ? []
        : await this.engine.query('targets/receipts_of_decision', {
            targets: targets.map((target) => target.id).join('\n'),
            seq: decision.seq,
          });
    const known = new Map(rows.map((row) => [row.target, row]));
    return {
      decision: decision.id,
      seq: String(decision.seq),
      received_at: decision.received_at,
      decided_at: decision.decided_at,
      receipts: targets.flatMap((target) => {
        const row = known.get(target.id);
        if (row === undefined && (!target.enabled || decision.seq <= target.since)) return [];
        return [receiptOf(target, row, decision.received_at)];
      }),
    };
  }

  /** @throws EngineAwayError */
  async summaries(now: number): Promise<(target: Target) => TargetSummary> {
    const window = { from: new Date(now - week), to: new Date(now + 1000) };
    const [waiting, dead, lags, failures] = await Promise.all([
      this.#waiting(),
      this.#dead(),
      this.#lags(window),
      this.engine.query('targets/last_failures', {}),
    ]);
    const lastFailures = new Map(failures.map((row) => [row.target, row]));
    return ({ id }) => {
      const [lag, failure, owed] = [lags.get(id), lastFailures.get(id), waiting.get(id)];
      return {
        waiting: owed?.waiting ?? 0,
        oldest_waiting_at: owed?.oldest_waiting_at ?? null,
        dead: dead.get(id) ?? 0,
        acknowledged: lag?.acknowledged ?? 0,
        last_acknowledged_at: lag?.last_acknowledged_at ?? null,
        p50_lag_ms: lag?.p50_ms ?? null,
        p99_lag_ms: lag?.p99_ms ?? null,
        last_failure:
          failure === undefined
            ? null
            : { at: failure.at, status: failure.status || null, detail: failure.detail },
      };
    };
  }

  /** @throws InvalidInputError @throws EngineAwayError */
  async timeToHonour(asked: TimeToHonourQuery, now: Date): Promise<TimeToHonour> {
    const { from, to } = rangeOf(asked, now);
    const [[totals], targets, waiting, dead, lags] = await Promise.all([
      this.engine.query('targets/time_to_honour', { from, to }),
      this.targets.all(),
      this.#waiting(),
      this.#dead(),
      this.#lags({ from, to }),
    ]);
    if (totals === undefined) throw new Error('A query that always answers with one row answered with none');
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      as_of: now.toISOString(),
      query: 'targets/time_to_honour',
      decisions: totals.decisions,
      honoured: totals.honoured,
      waiting: totals.waiting,
      oldest_waiting_at: totals.waiting === 0 ? null : totals.oldest_waiting_at,
      dead: totals.dead,
      p50_ms: totals.p50_ms,
      p99_ms: totals.p99_ms,
      targets: targets.flatMap(({ id, name, enabled }) => {
        if (!enabled) return [];
        const lag = lags.get(id);
        return [
          {
            target: id,
            target_name: name,
            acknowledged: lag?.acknowledged ?? 0,
            p50_ms: lag?.p50_ms ?? null,
            p99_ms: lag?.p99_ms ?? null,
            waiting: waiting.get(id)?.waiting ?? 0,
            oldest_waiting_at: waiting.get(id)?.oldest_waiting_at ?? null,
            dead: dead.get(id) ?? 0,
          },
        ];
      }),
    };
  }

  async #waiting() {
    const rows = await this.engine.query('targets/waiting_by_target', {});
    return new Map(rows.map((row) => [row.target, row]));
  }

  async #dead() {
    const rows = await this.engine.query('targets/dead_by_target', {});
    return new Map(rows.map((row) => [row.target, row.dead]));
  }

  async #lags(window: { from: Date; to: Date }) {
    const rows = await this.engine.query('targets/lag_by_target', window);
    return new Map(rows.map((row) => [row.target, row]));
  }
}

/** @param row absent when the target was not told yet */
export function receiptOf(target: Target, row: Omit<Row, 'target'> | undefined, receivedAt: string): Receipt {
  const acknowledgedAt = row?.acknowledged_at ?? null;
  return {
    target: target.id,
    target_name: target.name,
    kind: target.kind,
    state: row?.state ?? 'waiting',
    attempts: row?.attempts ?? 0,
    first_sent_at: row?.first_sent_at ?? null,
    acknowledged_at: acknowledgedAt,
    lag_ms: acknowledgedAt === null ? null : Math.max(0, Date.parse(acknowledgedAt) - Date.parse(receivedAt)),
    status: row?.status || null,
    detail: row?.detail ?? '',
  };
}
