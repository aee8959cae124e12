import { Inject, Injectable } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import type { Dimension, Overview, RateRow, RatesAnswer, RatesQuery } from '../contract/analytics.js';
import { type Database, ENGINE } from '../database.module.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { StreamsService } from '../streams/streams.service.js';
import { rateOf } from './rate.js';
import { spellCoverOf } from './spell-cover.js';
import { titleOf } from './titles.js';
import { type Bucket, bucketsOf, windowOf } from './window.js';

type RateCounts = Queries['analytics/rates_by_dimension']['row'];
type TrendCounts = Queries['analytics/rate_trend']['row'];

/** Rows of a table of rates; those with the most deliveries are kept. */
const mostRows = 500;

/** The figures of the Monitor. Nothing is caught here: a query that failed is an error and never an empty chart. */
@Injectable()
export class AnalyticsService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly streams: StreamsService,
    private readonly optOuts: OptOutsService,
  ) {}

  /** @throws InvalidInputError @throws EngineAwayError @throws QueryFailedError */
  async overview(asked: RatesQuery, now: Date): Promise<Overview> {
    const window = windowOf(asked, now);
    const { from, to, interval } = window;
    await this.optOuts.recounts.caughtUp();
    const [totals, trend, decisions, reach] = await Promise.all([
      this.engine.query('analytics/overview_totals', { from, to }).then(only),
      this.engine.query('analytics/overview_trend', { from, to, bucket: interval }),
      this.engine.query('analytics/decisions_totals', { from, to }).then(only),
      this.#reach(),
    ]);
    const byStart = new Map(trend.map((row) => [Date.parse(row.at), row]));
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      as_of: now.toISOString(),
      query: 'analytics/overview_totals',
      reach: { value: reach.spells, subscribers: reach.subscribers, streams: reach.streams },
      delivered: totals.delivered,
      opt_out_rate: rateOf(totals.opt_outs, totals.delivered),
      previous_opt_out_rate: rateOf(totals.previous_opt_outs, totals.previous_delivered),
      complaint_rate: rateOf(totals.complaints, totals.delivered),
      previous_complaint_rate: rateOf(totals.previous_complaints, totals.previous_delivered),
      unsolicited: rateOf(decisions.unsolicited, decisions.requests),
      unattributed_opt_outs: decisions.unattributed,
      permissions_kept: decisions.kept,
      previous_permissions_kept: decisions.previous_kept,
      time_to_honour_p99_ms: decisions.time_to_honour_p99_ms,
      trend: bucketsOf(window, now).map(({ at, finished }) => {
        const row = byStart.get(Date.parse(at));
        const optOuts = row?.opt_outs ?? 0;
        return { at, rate: rateOf(optOuts, row?.delivered ?? 0), opt_outs: optOuts, finished };
      }),
    };
  }

  async #reach(): Promise<Queries['analytics/reach']['row']> {
    const said = await this.engine.query('analytics/spell_selectors', {});
    const cover = spellCoverOf(
      said.map(({ selector }) => selector),
      this.streams.catalogue,
    );
    return only(await this.engine.query('analytics/reach', { ...cover }));
  }

  /** @throws InvalidInputError @throws EngineAwayError @throws QueryFailedError */
  async rates(dimension: Dimension, asked: RatesQuery, now: Date): Promise<RatesAnswer> {
    const window = windowOf(asked, now);
    const { from, to, interval } = window;
    await this.optOuts.recounts.caughtUp();
    const [counts, sizes] = await Promise.all([
      this.engine.query('analytics/rates_by_dimension', { dimension, from, to, limit: mostRows }),
      dimension === 'segment' ? this.engine.query('analytics/segment_sizes', { at: now }) : null,
    ]);
    const keys = counts.map((row) => row.key);
    const trend =
      keys.length === 0
        ? []
        : await this.engine.query('analytics/rate_trend', { dimension, from, to, bucket: interval, keys });
    const trends = new Map<string, TrendCounts[]>(keys.map((key) => [key, []]));
    for (const row of trend) trends.get(row.key)?.push(row);
    const members = sizes === null ? null : new Map(sizes.map((row) => [row.segment, row.size]));
    const buckets = bucketsOf(window, now);
    return {
      dimension,
      from: from.toISOString(),
      to: to.toISOString(),
      interval,
      as_of: now.toISOString(),
      query: 'analytics/rates_by_dimension',
      rows: counts.map((row) => ({
        ...ratesOf(row),
        title: titleOf(dimension, row.key, (key) => this.streams.catalogue.latest(key)),
        trend: trendOf(buckets, trends.get(row.key) ?? []),
        size: members === null ? null : (members.get(row.key) ?? 0),
      })),
    };
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
    key: row.key,
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
