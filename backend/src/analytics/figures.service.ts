import { Inject, Injectable } from '@nestjs/common';
import type { Dimension, MetricAnswer, MetricQuery, MetricRow } from '../contract/analytics.js';
import { type Database, ENGINE } from '../database.module.js';
import { InvalidInputError } from '../errors.js';
import { StreamsService } from '../streams/streams.service.js';
import { type Bucket, CalendarService } from './calendar.service.js';
import type { Asked, Cell, Cut, Family, TrendCell } from './family.js';
import { figureOf } from './figure.js';
import { type MetricId, metricOf, type metrics } from './metrics.js';
import { RequestsService } from './requests.service.js';
import { shrinksBy, shrunkRows, whatShrunkMeans } from './shrunk-rows.js';
import { SubscriptionsService } from './subscriptions.service.js';
import { titleOf } from './titles.js';
import { weekShift } from './window.js';

/** What queries of deliveries are cut by. */
type DeliveryCut = Exclude<Cut, 'trigger' | 'reason'>;
type FamilyName = 'rates' | 'decisions' | 'pressure' | 'honour' | 'reach' | 'growth';

const week = 7 * 86_400_000;
const mostRows = 1000;
/** Series of a chart: more nobody tells apart. */
const mostTrends = 100;

/** Any metric of the catalogue, cut by up to two dimensions, in any time zone. */
@Injectable()
export class FiguresService {
  readonly #families: Readonly<Record<FamilyName, Family>>;

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly streams: StreamsService,
    private readonly calendar: CalendarService,
    requests: RequestsService,
    subscriptions: SubscriptionsService,
  ) {
    this.#families = {
      rates: { now: (asked) => this.#rates(asked), trend: (asked, shown) => this.#ratesTrend(asked, shown) },
      decisions: {
        now: (asked) => requests.measures(asked),
        trend: (asked) => requests.measuresTrend(asked),
      },
      pressure: { now: (asked) => this.#pressure(asked), trend: null },
      honour: { now: (asked) => requests.honour(asked), trend: (asked) => requests.honourTrend(asked) },
      reach: {
        now: (asked) => subscriptions.reach(asked),
        trend: (asked, shown) => subscriptions.reachTrend(asked, shown),
      },
      growth: {
        now: (asked) => subscriptions.growth(asked),
        trend: (asked) => subscriptions.growthTrend(asked),
      },
    };
  }

  /** @throws InvalidInputError @throws EngineAwayError @throws QueryFailedError */
  async figures(id: MetricId, asked: MetricQuery, now: Date): Promise<MetricAnswer> {
    const metric = metricOf(id);
    const dimensions = asked.by === undefined ? [] : [asked.by].flat();
    for (const one of dimensions) {
      if (!metric.dimensions.includes(one)) {
        const which = metric.dimensions.length === 0 ? 'nothing' : metric.dimensions.join(', ');
        throw InvalidInputError.field('by', `${one}: ${id} can be cut by ${which}`);
      }
    }
    if (dimensions[0] !== undefined && dimensions[0] === dimensions[1])
      throw InvalidInputError.field('by', 'names the same dimension twice');
    const limit = Number(asked.limit ?? 100);
    if (limit < 1 || limit > mostRows)
      throw InvalidInputError.field('limit', `must be a whole number from 1 to ${mostRows}`);
    const family = this.#families[familyOf[metric.query]];
    const withTrend = asked.trend === 'true';
    if (withTrend && family.trend === null)
      throw InvalidInputError.field('trend', `${id} is told for the window as a whole only`);

    const window = await this.calendar.window(asked, now);
    const by = { first: dimensions[0] ?? 'none', second: dimensions[1] ?? 'none' } as const;
    const question: Asked = { by, window, now };
    const { cells, previous, total } = await family.now(question);
    const shown = dimensions.length === 0 && cells.length === 0 ? [nothing] : cells.slice(0, limit);
    const traced = withTrend ? shown.slice(0, mostTrends) : [];
    const [buckets, trend] =
      withTrend && family.trend !== null
        ? await Promise.all([this.calendar.buckets(window, now), family.trend(question, traced)])
        : [[], []];
    const weeks = (window.to.getTime() - window.from.getTime()) / week;
    const before = new Map(previous.map((cell) => [keyOf(cell.keys), cell.counts]));
    const trends = grouped(trend);
    const shrunk = shrinksBy(metric, dimensions)
      ? shrunkRows(
          dimensions,
          cells.map(({ keys, counts }) => ({ keys, figure: figureOf(id, counts, weeks) })),
          shown.length,
        )
      : [];
    return {
      metric: metric.id,
      title: metric.title,
      unit: metric.unit,
      definition: metric.definition,
      numerator: metric.numerator,
      denominator: metric.denominator,
      additive: metric.additive,
      attribution_window: metric.attributionWindow,
      shrinkage: shrinksBy(metric, dimensions) ? whatShrunkMeans : null,
      by: dimensions,
      from: window.from.toISOString(),
      to: window.to.toISOString(),
      previous_from: window.previousFrom.toISOString(),
      interval: window.interval,
      time_zone: window.zone,
      week_start: window.weekStart,
      as_of: now.toISOString(),
      known_at: now.toISOString(),
      query: metric.query,
      cells: total,
      rows: shown.map(({ keys, counts }, index) => ({
        keys: dimensions.map((_, place) => keys[place] ?? ''),
        titles: dimensions.map((dimension, place) => this.#title(dimension, keys[place] ?? '')),
        figure: figureOf(id, counts, weeks),
        shrunk: shrunk[index] ?? null,
        previous: figureOf(id, before.get(keyOf(keys)), weeks),
        trend: withTrend && index < mostTrends ? trendOf(id, buckets, trends.get(keyOf(keys)) ?? []) : null,
      })),
    };
  }

  #title(dimension: Dimension, key: string): string {
    return titleOf(dimension, key, (stream) => this.streams.catalogue.latest(stream));
  }

  async #rates({ by, window }: Asked) {
    const rows = await this.engine.query('analytics/rates', {
      ...by,
      from: window.from,
      to: window.to,
      previous_from: window.previousFrom,
      // All, whatever is shown: siblings say how far a rate is drawn.
      limit: mostRows,
    });
    return {
      cells: rows.map(
        ({ first_key, second_key, delivered, opt_outs, complaints }): Cell => ({
          keys: [first_key, second_key],
          counts: { delivered, opt_outs, complaints },
        }),
      ),
      previous: rows.map(
        (row): Cell => ({
          keys: [row.first_key, row.second_key],
          counts: {
            delivered: row.previous_delivered,
            opt_outs: row.previous_opt_outs,
            complaints: row.previous_complaints,
          },
        }),
      ),
      total: rows[0]?.values ?? 0,
    };
  }

  async #ratesTrend({ by, window }: Asked, shown: readonly Cell[]) {
    if (shown.length === 0) return [];
    const rows = await this.engine.query('analytics/rates_trend', {
      ...by,
      from: window.from,
      to: window.to,
      bucket: window.interval,
      zone: window.zone,
      week_shift: weekShift[window.weekStart],
      first_keys: shown.map(({ keys }) => keys[0]),
      second_keys: shown.map(({ keys }) => keys[1]),
    });
    return rows.map(({ first_key, second_key, at, ...counts }) => ({
      keys: [first_key, second_key] as const,
      at,
      counts,
    }));
  }

  async #pressure({ by, window }: Asked) {
    const first = by.first as DeliveryCut;
    const second = by.second as DeliveryCut;
    const counted = async (from: Date, to: Date): Promise<Cell[]> => {
      const rows = await this.engine.query('analytics/send_pressure', { first, second, from, to });
      return rows.map(({ first_key, second_key, ...counts }) => ({ keys: [first_key, second_key], counts }));
    };
    const [cells, previous] = await Promise.all([
      counted(window.from, window.to),
      counted(window.previousFrom, window.from),
    ]);
    return { cells, previous, total: cells.length };
  }
}

const nothing: Cell = { keys: ['', ''], counts: {} };

const familyOf: Readonly<Record<(typeof metrics)[number]['query'], FamilyName>> = {
  'analytics/rates': 'rates',
  'analytics/decision_measures': 'decisions',
  'analytics/send_pressure': 'pressure',
  'analytics/honour': 'honour',
  'analytics/reach_by': 'reach',
  'analytics/list_growth': 'growth',
};

const keyOf = (keys: Cell['keys']): string => JSON.stringify(keys);

function grouped<Item extends Cell>(cells: readonly Item[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const cell of cells) {
    const key = keyOf(cell.keys);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return groups;
}

function trendOf(id: MetricId, buckets: readonly Bucket[], cells: readonly TrendCell[]): MetricRow['trend'] {
  const byStart = new Map(cells.map((cell) => [Date.parse(cell.at), cell.counts]));
  return buckets.map(({ at, finished }) => ({
    at,
    finished,
    figure: figureOf(id, byStart.get(Date.parse(at)), 1),
  }));
}
