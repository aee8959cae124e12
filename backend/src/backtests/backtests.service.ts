import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { EngineAwayError, QueryFailedError } from '@secateur/sql';
import type {
  Backtest,
  BacktestedDecision,
  BacktestReport,
  BacktestRequest,
  BacktestSample,
} from '../contract/backtests.js';
import type { Trigger } from '../contract/vocabulary.js';
import { type Database, ENGINE } from '../database.module.js';
import { BusyError, ConflictError, NotFoundError } from '../errors.js';
import { safeReason } from '../journal/errors.js';
import { RolloutsService } from '../rollouts/rollouts.service.js';
import type { ReadRule } from '../rules/compiled-rules.js';
import { RulesService } from '../rules/rules.service.js';
import { SegmentsService } from '../segments/segments.service.js';
import { StreamsService } from '../streams/streams.service.js';
import { contextsOf } from './contexts.js';
import { type ReplayedRule, replayed } from './draft.js';
import { Past } from './past.js';
import { type Redecider, redecider, type StoredDecision } from './redecide.js';
import { type ReplayRow, type ReplayStatement, type ReplayWindow, replaySql } from './replay-sql.js';
import { reportOf, type TriedOut, triedOut } from './report.js';

const day = 86_400_000;
/** Seconds after which the engine gives up: a million decisions take five. */
const longest = 600;
const mostWaiting = 20;
const mostRemembered = 200;

/** A backtest of this process, under way or ended. */
interface Run extends Omit<Backtest, 'report'> {
  report: BacktestReport | null;
  isCancelled: boolean;
  ended: Promise<void>;
}

/**
 * Replays the past through a version of the rules, in the engine. One at a time: two would only take twice as long each.
 * What it found stays with the version.
 */
@Injectable()
export class BacktestsService implements BeforeApplicationShutdown {
  readonly #log = new Logger('Backtests');
  readonly #runs = new Map<string, Run>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly rules: RulesService,
    private readonly streams: StreamsService,
    private readonly segments: SegmentsService,
    private readonly rollouts: RolloutsService,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.allSettled([...this.#runs.keys()].map((id) => this.#cancel(id)));
    await this.#last;
  }

  /** @throws NotFoundError @throws InvalidInputError where the version cannot be read @throws BusyError */
  start({ ruleset, days }: BacktestRequest, by: string, now: Date): Backtest {
    const rules = this.#replayed(ruleset);
    const waiting = [...this.#runs.values()].filter(isOpen).length;
    if (waiting >= mostWaiting) throw new BusyError('Too many backtests wait already.', 30);
    const run: Run = {
      id: randomUUID(),
      ruleset,
      state: 'waiting',
      progress: 0,
      from: new Date(now.getTime() - days * day).toISOString(),
      to: now.toISOString(),
      started_at: now.toISOString(),
      started_by: by,
      ms: 0,
      error: '',
      report: null,
      isCancelled: false,
      ended: Promise.resolve(),
    };
    this.#remember(run);
    run.ended = this.#last.then(() => this.#run(run, rules));
    this.#last = run.ended;
    return viewOf(run);
  }

  /** Those of this process and those that are stored, the latest first, without their reports. @throws EngineAwayError */
  async list(ruleset: string | undefined): Promise<Backtest[]> {
    const stored = await this.engine.query('backtests/backtests_all', {});
    const own = [...this.#runs.values()].map((run) => ({ ...viewOf(run), report: null }));
    const older = stored.filter(({ id }) => !this.#runs.has(id)).map((row) => storedView(row, null));
    return [...own, ...older]
      .filter((one) => ruleset === undefined || one.ruleset === ruleset)
      .sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
  }

  /** @throws NotFoundError @throws EngineAwayError */
  async one(id: string): Promise<Backtest> {
    const run = this.#runs.get(id);
    if (run !== undefined) return viewOf(run);
    const [row] = await this.engine.query('backtests/backtest_by_id', { id });
    if (row === undefined) throw new NotFoundError(`There is no backtest ${id}`);
    return storedView(row, row.report === '' ? null : (JSON.parse(row.report) as BacktestReport));
  }

  /** Each state that it comes to, and its progress; ends with it. @throws NotFoundError @throws EngineAwayError */
  async *follow(id: string, everyMs = 250): AsyncGenerator<Backtest> {
    for (;;) {
      const one = await this.one(id);
      yield one;
      if (!isOpen(one)) return;
      const run = this.#runs.get(id);
      await Promise.race([run?.ended, new Promise((resolve) => setTimeout(resolve, everyMs).unref())]);
    }
  }

  /** @throws NotFoundError @throws ConflictError where it has ended */
  async cancel(id: string): Promise<Backtest> {
    const one = await this.one(id);
    if (!isOpen(one)) throw new ConflictError(`This backtest is ${one.state} already.`);
    await this.#cancel(id);
    return this.one(id);
  }

  /** One decision as it was and as the version that was tested would make it. @throws NotFoundError @throws EngineAwayError */
  async decision(id: string, decision: string): Promise<BacktestedDecision> {
    const { ruleset } = await this.one(id);
    const [found] = await this.engine.query('backtests/seq_of_decision', { id: decision });
    if (found === undefined) throw new NotFoundError(`There is no decision ${decision}`);
    const rules = redecider(ruleset, this.#replayed(ruleset));
    for await (const { row, past } of new Past(this.engine, this.streams.catalogue).read([found.seq]))
      return compared(row, rules.decide(row, past));
    throw new NotFoundError(`There is no decision ${decision}`);
  }

  /**
   * What these rules would have made of the decisions received in [from, to), in sums. It takes its turn with the backtests,
   * and nothing of it is kept. Who objects to profiling is left out.
   *
   * @throws EngineAwayError @throws QueryFailedError
   */
  tryOut(rules: readonly ReadRule[], from: Date, to: Date): Promise<TriedOut> {
    const tried = this.#last.then(async () => {
      const [last] = await this.engine.query('opt-outs/last_seq', {});
      const window = { from, to, known: last?.seq ?? 0, knownAt: to.getTime(), withoutObjectors: true };
      const { sql, params } = await this.#statement(this.#unchanged(rules), window);
      const rows = await this.engine.rows<ReplayRow>('backtests: try out', sql, params, {
        maxExecutionSeconds: longest,
      });
      return triedOut(rows);
    });
    this.#last = tried.catch(() => undefined);
    return tried;
  }

  /** Which of these rules would decide each of these decisions, '' for none; left out where it cannot be told. */
  async deciders(rules: readonly ReadRule[], seqs: readonly number[]): Promise<Map<number, string>> {
    const asked = redecider('', this.#unchanged(rules));
    const found = new Map<number, string>();
    for await (const { row, past } of new Past(this.engine, this.streams.catalogue).read(seqs)) {
      const decision = asked.decide(row, past);
      if (decision !== null) found.set(row.seq, decision.rule);
    }
    return found;
  }

  #replayed(ruleset: string): ReplayedRule[] {
    return this.#unchanged(this.rules.read(ruleset));
  }

  #unchanged(rules: readonly ReadRule[]): ReplayedRule[] {
    return replayed(rules, (segment) => this.segments.unchangedSince(segment));
  }

  /** @param onRead called when it is known what is to be decided anew */
  async #statement(
    rules: readonly ReplayedRule[],
    window: ReplayWindow,
    onRead: () => void = () => {},
  ): Promise<ReplayStatement> {
    const catalogue = this.streams.catalogue;
    const past = new Past(this.engine, catalogue);
    const { changes } = catalogue;
    const { from, to, known } = window;
    const places = await this.engine.query('backtests/contexts', { from, to, known, changes });
    const examples = new Map(places.map((place) => [place.example, place.catalogue]));
    const catalogues = new Map(
      (await past.rows([...examples.keys()])).map((row) => [
        examples.get(row.seq) ?? '',
        past.catalogueOf(row),
      ]),
    );
    onRead();
    return replaySql(rules, contextsOf(places, rules, catalogues), window, changes);
  }

  #remember(run: Run): void {
    this.#runs.set(run.id, run);
    if (this.#runs.size <= mostRemembered) return;
    const old = [...this.#runs.values()].find((one) => !isOpen(one));
    if (old !== undefined) this.#runs.delete(old.id);
  }

  async #cancel(id: string): Promise<void> {
    const run = this.#runs.get(id);
    if (run === undefined || !isOpen(run)) return;
    run.isCancelled = true;
    if (run.state === 'running') await this.engine.cancel(queryOf(run));
    await run.ended;
  }

  async #run(run: Run, rules: readonly ReplayedRule[]): Promise<void> {
    const began = performance.now();
    let known = 0;
    try {
      throwIfCancelled(run);
      run.state = 'running';
      const [last] = await this.engine.query('opt-outs/last_seq', {});
      known = last?.seq ?? 0;
      const window: ReplayWindow = {
        from: new Date(run.from),
        to: new Date(run.to),
        known,
        knownAt: Date.parse(run.to),
      };
      run.report = await this.#report(run, rules, window);
      run.state = 'done';
      run.progress = 1;
    } catch (error) {
      run.report = null;
      run.state = run.isCancelled ? 'cancelled' : 'failed';
      run.error = run.isCancelled ? '' : reasonOf(error);
      if (!run.isCancelled) this.#log.warn('backtest failed', { backtest: run.id, reason: run.error });
    }
    run.ms = Math.round(performance.now() - began);
    await this.#store(run, known);
  }

  async #report(run: Run, rules: readonly ReplayedRule[], window: ReplayWindow): Promise<BacktestReport> {
    const { from, to } = window;
    const { sql, params } = await this.#statement(rules, window, () => {
      run.progress = 0.1;
      throwIfCancelled(run);
    });
    const rows = await this.#watched(run, () =>
      this.engine.rows<ReplayRow>('backtests: replay', sql, params, {
        maxExecutionSeconds: longest,
        queryId: queryOf(run),
      }),
    );
    throwIfCancelled(run);
    const { seqs, ...report } = reportOf(rows);
    const rollouts = (await this.rollouts.between(from, to)).map(({ guard: _, ...compared }) => compared);
    const past = new Past(this.engine, this.streams.catalogue);
    return { ...report, rollouts, ...(await this.#samples(redecider(run.ruleset, rules), past, seqs)) };
  }

  /** Some of the decisions that change, decided again one by one: they show what happens, and prove the statement right. */
  async #samples(
    rules: Redecider,
    past: Past,
    seqs: readonly number[],
  ): Promise<Pick<BacktestReport, 'samples' | 'checked'>> {
    const samples: BacktestSample[] = [];
    let differ = 0;
    for await (const { row, past: facts } of past.read(seqs)) {
      const { would, also, spared, did } = compared(row, rules.decide(row, facts));
      if (would === null || also.length + spared.length === 0) differ += 1;
      samples.push({
        decision: row.id,
        occurred_at: row.occurred_at,
        trigger: row.trigger === '' ? null : (row.trigger as Trigger),
        stream: row.stream,
        rule_then: did.rule,
        rule: would?.rule ?? '',
        also,
        spared,
      });
    }
    if (differ > 0) this.#log.error('statement and service do not agree about a version', { differ });
    return { samples, checked: { decisions: samples.length, differ } };
  }

  /** Asks the engine how far it is while it works. */
  async #watched<T>(run: Run, work: () => Promise<T>): Promise<T> {
    const [from, to] = [run.progress, 0.95];
    const timer = setInterval(() => {
      // It may have been cancelled before the engine knew of the query, or while it was away.
      if (run.isCancelled) {
        this.engine.cancel(queryOf(run)).catch(() => undefined);
        return;
      }
      this.engine
        .query('backtests/query_progress', { query: queryOf(run) })
        .then(([row]) => {
          if (row === undefined || row.expected_rows === null || row.expected_rows <= 0) return;
          const share = Math.min(1, (row.read_rows ?? 0) / row.expected_rows);
          run.progress = Math.max(run.progress, from + (to - from) * share);
        })
        // The work itself says what is wrong with the engine.
        .catch(() => undefined);
    }, 500).unref();
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  async #store(run: Run, known: number): Promise<void> {
    const { id, ruleset, state, from, to, started_at, started_by, ms, error, report } = run;
    const text = report === null ? '' : JSON.stringify(report);
    const values = [id, ruleset, state, from, to, known, started_at, started_by, ms, error, text];
    try {
      await this.engine.insert('backtests', columns, JSON.stringify(values), `backtest:${id}`);
      if (report !== null) await this.rules.backtested(ruleset, run.started_by, summaryOf(report));
    } catch (reason) {
      this.#log.warn('backtest not stored', { backtest: id, reason: safeReason(reason) });
    }
    this.#log.log('backtest ended', { backtest: id, state, decisions: report?.decisions.all ?? 0, ms });
  }
}

const columns = [
  'id',
  'ruleset',
  'state',
  'from_at',
  'to_at',
  'known_seq',
  'started_at',
  'started_by',
  'ms',
  'error',
  'report',
] as const;

const queryOf = ({ id }: Run): string => `backtest:${id}`;
const isOpen = ({ state }: Pick<Run, 'state'>): boolean => state === 'waiting' || state === 'running';

class CancelledError extends Error {}

function throwIfCancelled({ isCancelled }: Run): void {
  if (isCancelled) throw new CancelledError();
}

function reasonOf(error: unknown): string {
  if (error instanceof EngineAwayError) return 'The engine is away.';
  if (error instanceof QueryFailedError) return `The engine refused or gave up: ${error.reason}.`;
  return safeReason(error);
}

function summaryOf({ decisions, verdict }: BacktestReport): string {
  return `${decisions.changed} of ${decisions.replayed} decisions change: ${verdict.verdict.replaceAll('_', ' ')}`;
}

function viewOf({ isCancelled: _, ended: __, ...run }: Run): Backtest {
  return run;
}

interface StoredRow {
  id: string;
  ruleset: string;
  state: string;
  from_at: string;
  to_at: string;
  started_at: string;
  started_by: string;
  ms: number;
  error: string;
}

function storedView(row: StoredRow, report: BacktestReport | null): Backtest {
  return {
    id: row.id,
    ruleset: row.ruleset,
    state: row.state as Backtest['state'],
    progress: 1,
    from: row.from_at,
    to: row.to_at,
    started_at: row.started_at,
    started_by: row.started_by,
    ms: row.ms,
    error: row.error,
    report,
  };
}

function compared(row: StoredDecision, would: ReturnType<Redecider['decide']>): BacktestedDecision {
  const did = new Set(row.streams_stopped);
  const next = new Set(would?.streamsStopped ?? []);
  return {
    decision: row.id,
    would:
      would === null
        ? null
        : {
            rule: would.rule,
            trace: would.trace,
            effective: would.effective,
            streams_stopped: would.streamsStopped,
            streams_kept: would.streamsKept,
          },
    did: {
      ruleset: row.ruleset,
      rule: row.rule,
      streams_stopped: row.streams_stopped,
      streams_kept: row.streams_kept,
    },
    also: would === null ? [] : [...next].filter((stream) => !did.has(stream)),
    spared: would === null ? [] : [...did].filter((stream) => !next.has(stream)),
  };
}
