import { Inject, Injectable } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import { titleOf } from '../analytics/titles.js';
import { wilson } from '../analytics/wilson.js';
import type { RiskRow, RisksAnswer, RisksQuery } from '../contract/churn.js';
import { type Database, ENGINE } from '../database.module.js';
import { SegmentsService } from '../segments/segments.service.js';
import { StreamsService } from '../streams/streams.service.js';
import { featureGroups } from './groups.js';
import { RegistryService } from './registry.service.js';
import { type Group, shrunkMeans } from './shrink.js';
import { daysNeeded } from './training-plan.js';

type Row = Queries['churn/risks']['row'];

const defaultLimit = 100;
const mostGroups = 5000;
/** Days of a trend. */
const trendDays = 90;
/** A smaller group is a handful of people, and says more of them than of a segment. */
const defaultPeople = 20;
/** Of a normal distribution, 95 %. */
const z = 1.959963984540054;
/** Reasons farther than that from 1 are told. */
const leastOdds = 1.05;

/** Which segments and streams are about to lose subscribers, by the latest scoring. */
@Injectable()
export class RisksService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly registry: RegistryService,
    private readonly segments: SegmentsService,
    private readonly streams: StreamsService,
  ) {}

  /** @throws EngineAwayError @throws QueryFailedError */
  async risks(asked: RisksQuery): Promise<RisksAnswer> {
    const [scoring] = await this.engine.query('churn/latest_scoring', {});
    const empty = { claim: 'association' as const, query: 'churn/risks', rows: [] };
    if (scoring === undefined) {
      const why = [`no model yet: ${daysNeeded} days of sending are needed, and a training`];
      return { ...empty, model: null, kind: 'none', why, as_of: null, subscriptions: 0 };
    }
    const model = await this.registry.one(scoring.its_model);
    const t0 = new Date(scoring.t0);
    const groups = await this.engine.query('churn/risks', {
      ...{ t0, model: model.id, least: Number(asked.min_people ?? defaultPeople), limit: mostGroups },
    });
    const everybody = groups.find(({ segment, stream }) => segment === '' && stream === '');
    const shrunk = shrunkMeans(withParents(groups));
    const told = groups
      .map((group, index) => ({ group, shrunk: shrunk[index] ?? group.mean_risk_30d }))
      .filter(({ group }) => group !== everybody)
      .slice(0, Number(asked.limit ?? defaultLimit));
    const trends = await this.#trends(
      told.map(({ group }) => group),
      t0,
    );
    return {
      ...empty,
      model: model.id,
      kind: model.kind,
      why: model.report.refusals,
      as_of: t0.toISOString(),
      subscriptions: scoring.subscriptions,
      rows: told.map((one) => ({
        ...this.#rowOf(one.group, everybody ?? one.group),
        shrunk_30d: one.shrunk,
        trend: trends.get(keyOf(one.group)) ?? [],
      })),
    };
  }

  /** What was told day by day, the oldest first. */
  async #trends(groups: readonly Row[], t0: Date): Promise<Map<string, RiskRow['trend']>> {
    const rows = await this.engine.query('churn/risk_history', {
      since: new Date(t0.getTime() - trendDays * 86_400_000),
      segments: groups.map(({ segment }) => segment),
      streams: groups.map(({ stream }) => stream),
    });
    const trends = new Map<string, RiskRow['trend']>();
    for (const row of rows) {
      const trend = trends.get(keyOf(row)) ?? [];
      trend.push({ day: row.day, mean: row.mean_risk });
      trends.set(keyOf(row), trend);
    }
    return trends;
  }

  #rowOf(row: Row, everybody: Row): Omit<RiskRow, 'shrunk_30d' | 'trend'> {
    const stream = row.stream === '' ? null : row.stream;
    return {
      segment: row.segment,
      segment_title:
        row.segment === ''
          ? 'Everybody'
          : (this.segments.latest(row.segment)?.name ?? titleOf('segment', row.segment, () => undefined)),
      stream,
      stream_title:
        stream === null
          ? 'All streams'
          : titleOf('stream', stream, (key) => this.streams.catalogue.latest(key)),
      subscriptions: row.people,
      risk_30d: boundsOf(row),
      expected: { days_7: row.expected_7d, days_30: row.expected_30d, days_90: row.expected_90d },
      reasons: reasonsOf(row.mean_groups, everybody.mean_groups),
    };
  }
}

const keyOf = ({ segment, stream }: { segment: string; stream: string }): string => `${segment}\n${stream}`;

/** Of a segment, everybody on its stream; of a stream, everybody. */
function withParents(rows: readonly Row[]): Group[] {
  const means = new Map(
    rows.flatMap((row) => (row.segment === '' ? [[row.stream, row.mean_risk_30d] as const] : [])),
  );
  return rows.map(({ segment, stream, people, mean_risk_30d, spread_30d }) => {
    const isEverybody = segment === '' && stream === '';
    const parent = isEverybody ? undefined : means.get(segment === '' ? '' : stream);
    return { people, mean: mean_risk_30d, variance: spread_30d, parent: parent ?? null };
  });
}

/** How far the share that leaves may lie from the mean risk by chance; by Wilson's where it is near an end. */
function boundsOf({ people, mean_risk_30d, variance_30d }: Row): RiskRow['risk_30d'] {
  const error = (z * Math.sqrt(variance_30d)) / people;
  const plain = { mean: mean_risk_30d, lower: mean_risk_30d - error, upper: mean_risk_30d + error };
  if (plain.lower > 0 && plain.upper < 1) return plain;
  const { lower, upper } = wilson(mean_risk_30d * people, people);
  return { mean: mean_risk_30d, lower: lower ?? 0, upper: upper ?? 1 };
}

function reasonsOf(own: readonly number[], everybody: readonly number[]): RiskRow['reasons'] {
  return featureGroups
    .map((group, index) => ({ group, odds: Math.exp((own[index] ?? 0) - (everybody[index] ?? 0)) }))
    .filter(({ odds }) => odds >= leastOdds || odds <= 1 / leastOdds)
    .sort((one, other) => Math.abs(Math.log(other.odds)) - Math.abs(Math.log(one.odds)));
}
