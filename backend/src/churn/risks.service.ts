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
import { daysNeeded } from './training-plan.js';

type Row = Queries['churn/risks']['row'];

const defaultLimit = 100;
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
    const rows = await this.engine.query('churn/risks', {
      t0: new Date(scoring.t0),
      model: model.id,
      least: Number(asked.min_people ?? defaultPeople),
      limit: Number(asked.limit ?? defaultLimit) + 1,
    });
    const everybody = rows.find(({ segment, stream }) => segment === '' && stream === '');
    return {
      ...empty,
      model: model.id,
      kind: model.kind,
      why: model.report.refusals,
      as_of: new Date(scoring.t0).toISOString(),
      subscriptions: scoring.subscriptions,
      rows: rows
        .filter((row) => row !== everybody)
        .slice(0, Number(asked.limit ?? defaultLimit))
        .map((row) => this.#rowOf(row, everybody ?? row)),
    };
  }

  #rowOf(row: Row, everybody: Row): RiskRow {
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
