import { Inject, Injectable } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import {
  type PublishedAnswer,
  type PublishedQuery,
  type PublishedRetentionAnswer,
  type PublishedRetentionQuery,
  type PublishedRow,
  RetentionAnswer,
} from '../contract/analytics.js';
import { type Database, ENGINE } from '../database.module.js';
import { InvalidInputError, NotFoundError } from '../errors.js';
import { instantOf } from './clocks.js';
import { rateOf } from './rate.js';
import { RetentionService } from './retention.service.js';
import { rangeOf } from './window.js';

const hour = 3_600_000;
const day = 24 * hour;
/** A quarter of a year by the hour. */
const mostRows = 2_250;
const mostDays = 400;

/** What was published, beside what is known now. */
@Injectable()
export class PublishedService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly retentions: RetentionService,
  ) {}

  /** @throws InvalidInputError @throws EngineAwayError @throws QueryFailedError */
  async rates(asked: PublishedQuery, now: Date): Promise<PublishedAnswer> {
    const interval = asked.interval ?? 'day';
    const length = interval === 'hour' ? hour : day;
    const range = rangeOf(asked, now);
    const from = new Date(Math.floor(range.from.getTime() / length) * length);
    const to = new Date(Math.ceil(range.to.getTime() / length) * length);
    if ((to.getTime() - from.getTime()) / length > mostRows)
      throw InvalidInputError.field('interval', `must be longer for this window: at most ${mostRows} rows`);
    const stage = asked.stage ?? 'first';
    const { segment = null, stream = null } = asked;
    this.retentions.refuseUnknown({ segment, stream });
    const rows = await this.engine.query('analytics/published_rates', {
      ...{ stage, from, to, bucket: interval },
      ...{ segment: segment ?? '', stream: stream ?? '' },
    });
    return {
      segment,
      stream,
      title: this.retentions.titleOf({ segment, stream }),
      stage,
      from: from.toISOString(),
      to: to.toISOString(),
      interval,
      time_zone: 'UTC',
      as_of: now.toISOString(),
      known_at: now.toISOString(),
      query: 'analytics/published_rates',
      rows: rows.map((row) => publishedRow(row, length / hour)),
    };
  }

  /** @throws InvalidInputError @throws NotFoundError @throws EngineAwayError @throws QueryFailedError */
  async retention(asked: PublishedRetentionQuery, now: Date): Promise<PublishedRetentionAnswer> {
    const { segment = null, stream = null } = asked;
    this.retentions.refuseUnknown({ segment, stream });
    const place = { segment: segment ?? '', stream: stream ?? '' };
    const [row] = await this.engine.query('analytics/published_curve', {
      ...place,
      as_of: instantOf('as_of', asked.as_of, now),
    });
    if (row === undefined) throw new NotFoundError('No retention curve of this has been published by then');
    const published = RetentionAnswer.parse(JSON.parse(row.body));
    const [known, days] = await Promise.all([
      this.retentions.retention(
        { ...(segment === null ? {} : { segment }), ...(stream === null ? {} : { stream }), as_of: row.of },
        now,
      ),
      this.engine.query('analytics/published_curve_days', { ...place, limit: mostDays }),
    ]);
    const change = { n: known.n - published.n, events: eventsOf(known) - eventsOf(published) };
    const survival = farthest(published, known);
    const isSame = change.n === 0 && change.events === 0 && survival === null;
    return {
      published,
      now: known,
      difference: { ...change, survival, reason: isSame ? 'none' : 'arrived_late' },
      days: days.map(({ of }) => of),
    };
  }
}

type Row = Queries['analytics/published_rates']['row'];

/** @param wholeHours of the bucket */
function publishedRow(row: Row, wholeHours: number): PublishedRow {
  const published = { delivered: row.delivered, opt_outs: row.opt_outs, complaints: row.complaints };
  const now = { delivered: row.now_delivered, opt_outs: row.now_opt_outs, complaints: row.now_complaints };
  const difference = minus(now, published);
  const later = { delivered: 0, opt_outs: row.later_opt_outs, complaints: row.later_complaints };
  const late = {
    delivered: difference.delivered,
    opt_outs: row.late_opt_outs,
    complaints: row.late_complaints,
  };
  const reasons = [
    { reason: 'made_later' as const, ...later },
    { reason: 'arrived_late' as const, ...late },
    { reason: 'counted_anew' as const, ...minus(minus(difference, later), late) },
  ];
  return {
    at: row.at,
    hours: row.hours,
    whole: row.hours === wholeHours,
    as_of: { first: row.first_as_of, last: row.last_as_of },
    known_at: { first: row.first_known_at, last: row.last_known_at },
    published: withRates(published),
    now: withRates(now),
    difference,
    reasons: reasons.filter(
      ({ delivered, opt_outs, complaints }) => delivered !== 0 || opt_outs !== 0 || complaints !== 0,
    ),
  };
}

interface Counts {
  readonly delivered: number;
  readonly opt_outs: number;
  readonly complaints: number;
}

const minus = (one: Counts, other: Counts): Counts => ({
  delivered: one.delivered - other.delivered,
  opt_outs: one.opt_outs - other.opt_outs,
  complaints: one.complaints - other.complaints,
});

const withRates = (counts: Counts): PublishedRow['published'] => ({
  ...counts,
  opt_out_rate: rateOf(counts.opt_outs, counts.delivered),
  complaint_rate: rateOf(counts.complaints, counts.delivered),
});

const eventsOf = ({ curve }: RetentionAnswer): number => curve.reduce((sum, { events }) => sum + events, 0);

/** Where two curves are farthest apart, at the times that both show. */
function farthest(
  published: RetentionAnswer,
  now: RetentionAnswer,
): PublishedRetentionAnswer['difference']['survival'] {
  const before = new Map(published.curve.map(({ t, survival }) => [t, survival]));
  let most: PublishedRetentionAnswer['difference']['survival'] = null;
  for (const { t, survival } of now.curve) {
    const was = before.get(t);
    if (was === undefined || was === survival) continue;
    if (most === null || Math.abs(survival - was) > Math.abs(most.now - most.published))
      most = { t, published: was, now: survival };
  }
  return most;
}
