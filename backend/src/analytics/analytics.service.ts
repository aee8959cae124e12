import { Inject, Injectable } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import type { Dimension, Overview, RateRow, RatesAnswer, RatesQuery } from '../contract/analytics.js';
import { type Database, ENGINE } from '../database.module.js';
import { StreamsService } from '../streams/streams.service.js';
import { type Bucket, CalendarService } from './calendar.service.js';
import { CoverService } from './cover.service.js';
import { rateOf } from './rate.js';
import { titleOf } from './titles.js';
import { type Window, weekShift } from './window.js';

type RateCounts = Queries['analytics/rates']['row'];
type TrendCounts = Queries['analytics/rates_trend']['row'];

/** Rows of a table of rates; those with the most deliveries are kept. */
const mostRows = 500;

const nothing: Omit<RateCounts, 'first_key' | 'second_key' | 'values'> = {
  delivered: 0,
  opt_outs: 0,
  complaints: 0,
  previous_delivered: 0,
  previous_opt_outs: 0,
  previous_complaints: 0,
};

/** The figures of the Monitor. Nothing is caught here: a query that failed is an error and never an empty chart. */
@Injectable()
export class AnalyticsService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly streams: StreamsService,
    private readonly calendar: CalendarService,
    private readonly cover: CoverService,
  ) {}

  /** @throws InvalidInputError @throws EngineAwayError @throws QueryFailedError */
  async overview(asked: RatesQuery, now: Date): Promise<Overview> {
    const window = await this.calendar.window(asked, now);
    const { from, to, previousFrom } = window;
    const everybody = { first: 'none', second: 'none' } as const;
    const decided = { ...everybody, bucket: 'none', zone: '', week_shift: 0 } as const;
    const [totals, trend, decisions, before, reach, buckets] = await Promise.all([
      this.engine
        .query('analytics/rates', { ...everybody, from, to, previous_from: previousFrom, limit: 1 })
        .then((rows) => rows[0] ?? nothing),
      this.#trend(window, everybody, [['', '']]),
      this.engine.query('analytics/decision_measures', { ...decided, from, to }).then((rows) => rows[0]),
      this.engine
        .query('analytics/decision_measures', { ...decided, from: previousFrom, to: from })
        .then((rows) => rows[0]),
      this.cover.of().then((cover) => this.engine.query('analytics/reach', { ...cover }).then(only)),
      this.calendar.buckets(window, now),
    ]);
    const byStart = new Map(trend.map((row) => [Date.parse(row.at), row]));
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      time_zone: window.zone,
      week_start: window.weekStart,
      as_of: now.toISOString(),
      query: 'analytics/rates',
      reach: { value: reach.spells, subscribers: reach.subscribers, streams: reach.streams },
      delivered: totals.delivered,
      opt_out_rate: rateOf(totals.opt_outs, totals.delivered),
      previous_opt_out_rate: rateOf(totals.previous_opt_outs, totals.previous_delivered),
      complaint_rate: rateOf(totals.complaints, totals.delivered),
      previous_complaint_rate: rateOf(totals.previous_complaints, totals.previous_delivered),
      unsolicited: rateOf(decisions?.unsolicited ?? 0, decisions?.requests ?? 0),
      unattributed_opt_outs: decisions?.unattributed ?? 0,
      permissions_kept: decisions?.kept ?? 0,
      previous_permissions_kept: before?.kept ?? 0,
      time_to_honour_p99_ms: decisions?.p99_ms ?? null,
      trend: buckets.map(({ at, finished }) => {
        const row = byStart.get(Date.parse(at));
        const optOuts = row?.opt_outs ?? 0;
        return { at, rate: rateOf(optOuts, row?.delivered ?? 0), opt_outs: optOuts, finished };
      }),
    };
  }

  /** @throws InvalidInputError @throws EngineAwayError @throws QueryFailedError */
  async rates(dimension: Dimension, asked: RatesQuery, now: Date): Promise<RatesAnswer> {
    const window = await this.calendar.window(asked, now);
    const { from, to, previousFrom } = window;
    const by = { first: dimension, second: 'none' } as const;
    const [counts, sizes, buckets] = await Promise.all([
      this.engine.query('analytics/rates', { ...by, from, to, previous_from: previousFrom, limit: mostRows }),
      dimension === 'segment' ? this.engine.query('analytics/segment_sizes', { at: now }) : null,
      this.calendar.buckets(window, now),
    ]);
    const trend = await this.#trend(
      window,
      by,
      counts.map((row) => [row.first_key, '']),
    );
    const trends = new Map<string, TrendCounts[]>(counts.map((row) => [row.first_key, []]));
    for (const row of trend) trends.get(row.first_key)?.push(row);
    const members = sizes === null ? null : new Map(sizes.map((row) => [row.segment, row.size]));
    return {
      dimension,
      from: from.toISOString(),
      to: to.toISOString(),
      interval: window.interval,
      time_zone: window.zone,
      week_start: window.weekStart,
      as_of: now.toISOString(),
      query: 'analytics/rates',
      rows: counts.map((row) => ({
        ...ratesOf(row),
        title: titleOf(dimension, row.first_key, (key) => this.streams.catalogue.latest(key)),
        trend: trendOf(buckets, trends.get(row.first_key) ?? []),
        size: members === null ? null : (members.get(row.first_key) ?? 0),
      })),
    };
  }

  async #trend(
    { from, to, interval, zone, weekStart }: Window,
    by: { readonly first: Dimension | 'none'; readonly second: Dimension | 'none' },
    pairs: readonly (readonly [string, string])[],
  ): Promise<TrendCounts[]> {
    if (pairs.length === 0) return [];
    return this.engine.query('analytics/rates_trend', {
      ...by,
      from,
      to,
      bucket: interval,
      zone,
      week_shift: weekShift[weekStart],
      first_keys: pairs.map(([key]) => key),
      second_keys: pairs.map(([, key]) => key),
    });
  }
}

/** The row of a query that always has one. */
function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('A query that always answers with one row answered with none');
  return row;
}

function ratesOf(row: RateCounts): Omit<RateRow, 'title' | 'trend' | 'size'> {
  return {
    key: row.first_key,
    delivered: row.delivered,
    opt_out_rate: rateOf(row.opt_outs, row.delivered),
    complaint_rate: rateOf(row.complaints, row.delivered),
    previous_opt_out_rate: rateOf(row.previous_opt_outs, row.previous_delivered),
  };
}

function trendOf(buckets: readonly Bucket[], rows: readonly TrendCounts[]): RateRow['trend'] {
  const byStart = new Map(rows.map((row) => [Date.parse(row.at), row]));
  return buckets.map(({ at, finished }) => {
    const row = byStart.get(Date.parse(at));
    return { at, rate: rateOf(row?.opt_outs ?? 0, row?.delivered ?? 0), finished };
  });
}
