import { Inject, Injectable } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import type { Dimension } from '../contract/analytics.js';
import { type Database, ENGINE } from '../database.module.js';
import { InvalidInputError } from '../errors.js';
import { StreamsService } from '../streams/streams.service.js';
import { type Bucket, CalendarService } from './calendar.service.js';
import { CoverService } from './cover.service.js';
import type { Asked, Cell, TrendCell } from './family.js';
import { type Flow, grownBy, reachAtEnds } from './growth.js';
import { weekShift } from './window.js';

type ReachCut = Queries['analytics/reach_by']['params']['first'];

const nobody = { spells: 0, subscribers: 0, streams: 0 };

/** Subscriptions of people to streams: how many there are, begin and end. */
@Injectable()
export class SubscriptionsService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly streams: StreamsService,
    private readonly calendar: CalendarService,
    private readonly cover: CoverService,
  ) {}

  async growth(asked: Asked): Promise<{ cells: Cell[]; previous: Cell[]; total: number }> {
    const flows = await this.#flows(asked, asked.window.previousFrom, 'none');
    const cells = this.#grown(asked, flows, 'none').map(({ keys, began, ended }) => ({
      keys,
      counts: { began, ended },
    }));
    const before = flows.map((flow) => ({
      ...flow,
      began: flow.previous_began,
      ended: flow.previous_ended,
    }));
    const previous = this.#grown(asked, before, 'none').map(({ keys, began, ended }) => ({
      keys,
      counts: { began, ended },
    }));
    return { cells, previous, total: cells.length };
  }

  async growthTrend(asked: Asked): Promise<TrendCell[]> {
    const flows = await this.#flows(asked, asked.window.from, asked.window.interval);
    return this.#grown(asked, flows, 'bucket').map(({ keys, at, began, ended }) => ({
      keys,
      at,
      counts: { began, ended },
    }));
  }

  /** Of the end of the window, and beside it of its beginning. */
  async reach(asked: Asked): Promise<{ cells: Cell[]; previous: Cell[]; total: number }> {
    const [now, before] = await Promise.all([
      this.#reachAt(asked, asked.window.to),
      this.#reachAt(asked, asked.window.from),
    ]);
    const uncut = asked.by.first === 'none' && asked.by.second === 'none';
    const cells = uncut && now.length === 0 ? [{ keys: ['', ''], counts: nobody } as const] : now;
    const known = new Map(before.map(({ keys, counts }) => [keys.join('\n'), counts]));
    const previous = cells.map(({ keys }) => ({ keys, counts: known.get(keys.join('\n')) ?? nobody }));
    return { cells, previous, total: now[0]?.values ?? cells.length };
  }

  /** What is there at the end of the window, minus what has come since the end of each bucket. @throws InvalidInputError */
  async reachTrend(asked: Asked, cells: readonly Cell[]): Promise<TrendCell[]> {
    if (asked.by.first === 'segment' || asked.by.second === 'segment')
      throw InvalidInputError.field('trend', 'reach of segments is told for the window as a whole only');
    const [buckets, flows] = await Promise.all([
      this.calendar.buckets(asked.window, asked.now),
      this.#flows(asked, asked.window.from, asked.window.interval),
    ]);
    const grown = this.#grown(asked, flows, 'bucket');
    const begun: readonly Bucket[] = buckets.filter(({ at }) => Date.parse(at) <= asked.now.getTime());
    return cells.flatMap(({ keys, counts }) =>
      reachAtEnds(
        counts.spells ?? 0,
        begun.map(({ at }) => at),
        grown.filter((flow) => flow.keys[0] === keys[0] && flow.keys[1] === keys[1]),
      ).map(({ at, spells }) => ({ keys, at, counts: { spells } })),
    );
  }

  async #flows({ window }: Asked, previousFrom: Date, bucket: Asked['window']['interval'] | 'none') {
    return this.engine.query('analytics/list_growth', {
      ...(await this.cover.of()),
      previous_from: previousFrom,
      from: window.from,
      to: window.to,
      bucket,
      zone: window.zone,
      week_shift: weekShift[window.weekStart],
    });
  }

  #grown({ by }: Asked, flows: readonly Flow[], per: 'none' | 'bucket') {
    const cut = (stream: string): readonly [string, string] => [
      this.#keyOf(by.first, stream),
      this.#keyOf(by.second, stream),
    ];
    return grownBy(flows, cut, per);
  }

  #keyOf(dimension: Dimension | 'none', key: string): string {
    if (dimension === 'none') return '';
    if (dimension === 'stream') return key;
    const stream = this.streams.catalogue.latest(key);
    if (dimension === 'channel' || dimension === 'category' || dimension === 'origin')
      return stream?.[dimension] ?? '';
    throw new Error(`A subscription has no ${dimension}`);
  }

  async #reachAt({ by, now }: Asked, at: Date): Promise<(Cell & { values: number })[]> {
    const rows = await this.engine.query('analytics/reach_by', {
      ...(await this.cover.of()),
      first: by.first as ReachCut,
      second: by.second as ReachCut,
      at,
      segments_at: now,
      limit: 1000,
    });
    return rows.map(({ first_key, second_key, values, ...counts }) => ({
      keys: [first_key, second_key],
      counts,
      values,
    }));
  }
}
