import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  intervalsWithin,
  type Learned,
  type ScoreAnswer,
  type ScoreOrder,
  type SnapshotColumns,
  scoreSql,
} from '@secateur/models/churn';
import { CoverService } from '../analytics/cover.service.js';
import { type Database, ENGINE } from '../database.module.js';
import { DriftService } from './drift.service.js';
import { featureGroups, groupOf } from './groups.js';
import { RegistryService } from './registry.service.js';
import { SnapshotsService } from './snapshots.service.js';

/** Subscriptions that are read at once. */
const rowsAtOnce = 20_000;
const linesAtOnce = 10_000;
const longest = 600;
/** People who came since, looked at together and in one run. */
const newAtOnce = 1000;
const mostNew = 20_000;
/** A smaller group is a handful of people. */
const fewestPeople = 20;
const mostGroups = 5000;

const scoreColumns = [
  't0',
  'model',
  'person',
  'stream',
  'in_segments',
  'risk_7d',
  'risk_30d',
  'risk_90d',
  'groups',
] as const;
const historyColumns = [
  't0',
  'model',
  'segment',
  'stream',
  'people',
  'mean_risk_30d',
  'expected_7d',
  'expected_30d',
] as const;
const binColumns = ['t0', 'model', 'feature', 'place', 'subscriptions'] as const;
const scoringColumns = ['t0', 'model', 'scored_at', 'subscriptions'] as const;

/** Scores all open subscriptions with the model that holds: in the engine where it is an expression, else in batches. */
@Injectable()
export class ScoringService {
  readonly #log = new Logger('Churn');
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly snapshots: SnapshotsService,
    private readonly registry: RegistryService,
    private readonly cover: CoverService,
    private readonly drift: DriftService,
  ) {}

  /** One at a time. @throws EngineAwayError @throws QueryFailedError */
  score(now: Date): Promise<{ subscriptions: number }> {
    return this.#afterOthers(() => this.#score(now));
  }

  /**
   * Scores who came since the latest scoring, with its model and what is known of them now.
   * @throws EngineAwayError @throws QueryFailedError
   */
  scoreNew(now: Date): Promise<{ subscriptions: number }> {
    return this.#afterOthers(() => this.#scoreNew(now));
  }

  #afterOthers<Result>(work: () => Promise<Result>): Promise<Result> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #score(now: Date): Promise<{ subscriptions: number }> {
    const champion = await this.registry.champion();
    if (champion === null) return { subscriptions: 0 };
    const began = performance.now();
    const model = await this.registry.model(champion.id);
    const t0 = now;
    const [reach] = await this.engine.query('analytics/reach', { ...(await this.cover.of()) });
    const chunks = Math.max(1, Math.ceil((reach?.spells ?? 0) / rowsAtOnce));
    const subscriptions = await this.snapshots.store(t0, chunks);
    for (let chunk = 0; chunk < chunks; chunk += 1)
      await this.#scorePart(champion.id, model, { t0, chunks, chunk, people: [], run: '' });
    await this.#ended(t0, champion.id, subscriptions);
    await this.#remember(t0, champion.id);
    await this.#dropOld(t0);
    const ms = Math.round(performance.now() - began);
    this.#log.log('subscriptions scored', { model: champion.id, kind: champion.kind, subscriptions, ms });
    return { subscriptions };
  }

  async #scoreNew(now: Date): Promise<{ subscriptions: number }> {
    const [scoring] = await this.engine.query('churn/latest_scoring', {});
    if (scoring === undefined) return { subscriptions: 0 };
    const [t0, id] = [new Date(scoring.t0), scoring.its_model];
    const rows = await this.engine.query('churn/unscored', { t0, limit: mostNew });
    if (rows.length === 0) return { subscriptions: 0 };
    const model = await this.registry.model(id);
    let subscriptions = 0;
    for (let from = 0; from < rows.length; from += newAtOnce) {
      const people = rows.slice(from, from + newAtOnce).map(({ unscored }) => unscored);
      // Each part under an instant of its own: it names the insert.
      const at = new Date(now.getTime() + from / newAtOnce);
      await this.snapshots.addTo(t0, at, people);
      const part = { t0, chunks: 1, chunk: 0, people, run: at.toISOString() };
      subscriptions += await this.#scorePart(id, model, part);
    }
    await this.#ended(t0, id, scoring.subscriptions + subscriptions);
    return { subscriptions };
  }

  async #ended(t0: Date, id: string, subscriptions: number): Promise<void> {
    const at = new Date().toISOString();
    const line = JSON.stringify([t0.toISOString(), id, at, subscriptions]);
    await this.engine.insert(
      'churn_scorings',
      scoringColumns,
      line,
      `churn_scorings:${t0.toISOString()}:${at}`,
    );
  }

  /** What is kept of a scoring when people's scores are dropped. */
  async #remember(t0: Date, id: string): Promise<void> {
    const groups = await this.engine.query('churn/risks', {
      ...{ t0, model: id, least: fewestPeople, limit: mostGroups },
    });
    const lines = groups.map((group) =>
      JSON.stringify([
        ...[t0.toISOString(), id, group.segment, group.stream, group.people],
        ...[group.mean_risk_30d, group.expected_7d, group.expected_30d],
      ]),
    );
    const name = `${t0.toISOString()}:${id}`;
    await this.engine.insert(
      'churn_risk_history',
      historyColumns,
      lines.join('\n'),
      `churn_risk_history:${name}`,
    );
    const bins = (await this.drift.bins(id, t0)).map(({ feature, place, subscriptions }) =>
      JSON.stringify([t0.toISOString(), id, feature, place, subscriptions]),
    );
    await this.engine.insert('churn_bin_history', binColumns, bins.join('\n'), `churn_bin_history:${name}`);
  }

  /** @returns how many subscriptions */
  async #scorePart(id: string, model: Learned, part: Part): Promise<number> {
    const lines =
      model.networks.length === 0
        ? await this.#scoredBySql(id, model, part)
        : await this.#scoredByNetworks(id, model, part);
    const { t0, chunks, chunk, run } = part;
    for (let from = 0; from < lines.length; from += linesAtOnce) {
      const token = `churn_scores:${t0.toISOString()}:${id}:${chunks}:${chunk}:${run}:${from}`;
      const some = lines.slice(from, from + linesAtOnce).join('\n');
      await this.engine.insert('churn_scores', scoreColumns, some, token);
    }
    return lines.length;
  }

  async #scoredBySql(id: string, model: Learned, part: Part): Promise<string[]> {
    const sql = scoreSql(model);
    const risk = (days: number): string => sql.risk('score', intervalsWithin(days));
    const rows = await this.engine.rows<Record<string, unknown>>(
      'churn score',
      `SELECT person, stream, in_segments, ${risk(7)} AS risk_7d, ${risk(30)} AS risk_30d, ${risk(90)} AS risk_90d, groups
       FROM (SELECT *, ${sql.score} AS score, ${groupsSql(model)} AS groups
         FROM churn_rows FINAL
         WHERE ${partSql})`,
      partOf(part),
      { maxExecutionSeconds: longest },
    );
    return rows.map((row) =>
      JSON.stringify([part.t0.toISOString(), id, ...scoreColumns.slice(2).map((name) => row[name])]),
    );
  }

  async #scoredByNetworks(id: string, model: Learned, part: Part): Promise<string[]> {
    const rows = await this.engine.rows<Record<string, SnapshotColumns[string][number]>>(
      'churn rows',
      `SELECT *, ${groupsSql(model)} AS groups FROM churn_rows FINAL
       WHERE ${partSql}`,
      partOf(part),
      { maxExecutionSeconds: longest },
    );
    const columns = Object.fromEntries(
      Object.keys(rows[0] ?? {}).map((name) => [name, rows.map((row) => row[name] ?? null)]),
    );
    const risks = await scoredInThread({
      files: await this.registry.files(id),
      columns: JSON.stringify(columns),
      intervals: [7, 30, 90].map(intervalsWithin),
    });
    return rows.map((row, index) =>
      JSON.stringify([
        ...[part.t0.toISOString(), id, row.person, row.stream, row.in_segments],
        ...risks.map((risk) => risk[index]),
        row.groups,
      ]),
    );
  }

  /** The latest scoring is told, and the one before it while it is being replaced. */
  async #dropOld(t0: Date): Promise<void> {
    for (const table of ['churn_rows', 'churn_scores']) {
      const parts = await this.engine.rows<{ partition: string }>(
        'churn partitions',
        `SELECT DISTINCT partition FROM system.parts
         WHERE database = currentDatabase() AND table = {table:String} AND active
           AND parseDateTime64BestEffort(partition, 3, 'UTC') < {t0:DateTime64(3)}`,
        { table, t0 },
      );
      for (const { partition } of parts) {
        if (!/^[\d :.-]+$/.test(partition)) throw new Error('a partition that is no instant');
        await this.engine.command(`ALTER TABLE ${table} DROP PARTITION '${partition}'`);
      }
    }
  }
}

/**
 * Which subscriptions of the snapshot at t0: a chunk by person, or those of these people that have no score yet. What else
 * somebody new is subscribed to was scored before.
 */
interface Part {
  readonly t0: Date;
  readonly chunks: number;
  readonly chunk: number;
  readonly people: readonly string[];
  /** Names the insert, where the same part may be scored twice; '' for the nightly one. */
  readonly run: string;
}

const partSql = `t0 = {t0:DateTime64(3)} AND cityHash64(person) % {chunks:UInt32} = {chunk:UInt32}
  AND (empty({people:Array(UUID)}) OR has({people:Array(UUID)}, person)
    AND (person, stream) NOT IN (SELECT person, stream FROM churn_scores WHERE t0 = {t0:DateTime64(3)}))`;

const partOf = ({ t0, chunks, chunk, people }: Part) => ({ t0, chunks, chunk, people });

function scoredInThread(order: ScoreOrder): Promise<readonly Float64Array[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerPath, { workerData: order });
    worker.on('message', (answer: ScoreAnswer) => {
      if (answer.kind === 'done') resolve(answer.risks);
      else reject(new Error(answer.why));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('the scoring thread ended early')));
  });
}

/** Compiled beside the sources: a thread loads no TypeScript. */
const workerPath = createRequire(import.meta.url).resolve('@secateur/models/score-worker');

/** What each group of features adds to the logit by stage A, in the order of the groups. */
function groupsSql(model: Learned): string {
  const { contributions } = scoreSql({ ...model, networks: [] });
  const sums = featureGroups.map((group) => {
    const own = [...contributions].filter(([name]) => groupOf(name) === group).map(([, sql]) => sql);
    return own.length === 0 ? '0.' : own.join(' + ');
  });
  return `[${sums.map((sum) => `toFloat32(${sum})`).join(', ')}]`;
}
