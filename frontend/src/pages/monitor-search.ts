import { type Dimension, dimensions } from '@secateur/backend/contract';

/** What the Monitor shows, as its address says it. */
export const ranges = ['24h', '7d', '30d'] as const;
export type Range = (typeof ranges)[number];

export const intervals = ['hour', 'day', 'week'] as const;
export type Interval = (typeof intervals)[number];

/** Between about 5 and 170 points: fewer is no line, more is noise. */
export const intervalsOf: Record<Range, readonly Interval[]> = {
  '24h': ['hour'],
  '7d': ['day', 'hour'],
  '30d': ['day', 'week'],
};

export const sortKeys = ['title', 'size', 'delivered', 'rate', 'interval', 'change'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface MonitorState {
  range: Range;
  interval: Interval;
  dimension: Dimension;
  sort: SortKey;
  order: 'asc' | 'desc';
  filter: string;
  view: 'chart' | 'table';
  /** The decision whose reasons are open. */
  decision: string | null;
}

/** Only what differs from the defaults stands in the address. */
export interface MonitorSearch {
  range?: Range;
  interval?: Interval;
  dimension?: Dimension;
  sort?: SortKey;
  order?: 'asc' | 'desc';
  filter?: string;
  view?: 'table';
  decision?: string;
}

/** Reads an address. What it does not know it drops: an old link still opens. */
export function readMonitorSearch(raw: Record<string, unknown>): MonitorSearch {
  const range = oneOf(ranges, raw.range);
  const interval = oneOf(intervalsOf[range ?? '7d'], raw.interval);
  const search: MonitorSearch = {
    range,
    interval,
    dimension: oneOf(dimensions, raw.dimension),
    sort: oneOf(sortKeys, raw.sort),
    order: oneOf(['asc', 'desc'] as const, raw.order),
    filter: typeof raw.filter === 'string' && raw.filter !== '' ? raw.filter.slice(0, 200) : undefined,
    view: raw.view === 'table' ? 'table' : undefined,
    decision: typeof raw.decision === 'string' && raw.decision !== '' ? raw.decision : undefined,
  };
  return withoutDefaults(search);
}

export function monitorState(search: MonitorSearch): MonitorState {
  const range = search.range ?? '7d';
  const sort = search.sort ?? 'interval';
  return {
    range,
    interval: search.interval ?? firstInterval(range),
    dimension: search.dimension ?? 'segment',
    sort,
    order: search.order ?? firstOrder(sort),
    filter: search.filter ?? '',
    view: search.view ?? 'chart',
    decision: search.decision ?? null,
  };
}

/** The address after a change. Another range forgets an interval that it does not have. */
export function changed(search: MonitorSearch, change: Partial<MonitorState>): MonitorSearch {
  return readMonitorSearch({ ...search, ...change });
}

/** Names read best from A, numbers from the greatest. */
export function firstOrder(sort: SortKey): 'asc' | 'desc' {
  return sort === 'title' ? 'asc' : 'desc';
}

function firstInterval(range: Range): Interval {
  return intervalsOf[range][0] ?? 'day';
}

function withoutDefaults(search: MonitorSearch): MonitorSearch {
  const kept: MonitorSearch = { ...search };
  const range = kept.range ?? '7d';
  if (range === '7d') delete kept.range;
  if (kept.interval === firstInterval(range)) delete kept.interval;
  if (kept.dimension === 'segment') delete kept.dimension;
  if (kept.order === firstOrder(kept.sort ?? 'interval')) delete kept.order;
  if (kept.sort === 'interval') delete kept.sort;
  for (const key of Object.keys(kept) as (keyof MonitorSearch)[]) {
    if (kept[key] === undefined) delete kept[key];
  }
  return kept;
}

function oneOf<Choice extends string>(choices: readonly Choice[], value: unknown): Choice | undefined {
  return choices.find((choice) => choice === value);
}

const hour = 3_600_000;
const day = 24 * hour;

/**
 * The window of a range: whole hours or whole UTC days, the present one included. It does not depend on the
 * interval, so the tiles stay the same when the chart is drawn finer.
 */
export function windowOf(range: Range, now: number): { from: string; to: string } {
  const from =
    range === '24h'
      ? Math.floor(now / hour) * hour - 23 * hour
      : Math.floor(now / day) * day - (range === '7d' ? 6 : 29) * day;
  return { from: new Date(from).toISOString(), to: new Date(now).toISOString() };
}

/** Addresses are plain text: an id that looks like a number stays an id. */
export function parseAddress(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeAddress(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== null);
  const text = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
