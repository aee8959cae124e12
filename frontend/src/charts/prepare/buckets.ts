import type { Rate } from '@secateur/backend/contract';
import { instant } from '../../format.js';
import type { Interval } from '../../pages/monitor-search.js';

export const bucketLength: Record<Interval, number> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
};

export interface TrendPoint {
  at: string;
  rate: Rate;
  finished: boolean;
}

/** A place on the time axis: with a point, or empty because nothing was delivered or nothing came back. */
export interface Bucket<Point extends TrendPoint> {
  at: number;
  point: Point | null;
}

/**
 * Every bucket between `from` and `to`, in order. Buckets that the answer leaves out come back empty, so that the
 * line breaks there and does not run on as if nothing were missing.
 */
export function allBuckets<Point extends TrendPoint>(
  trend: readonly Point[],
  from: string,
  to: string,
  interval: Interval,
): Bucket<Point>[] {
  const length = bucketLength[interval];
  const byTime = new Map(trend.map((point) => [instant(point.at), point]));
  // The server decides where a bucket starts (a week may start on any day); its first point fixes the grid.
  const first = Math.min(...byTime.keys());
  const anchor = Number.isFinite(first) ? first : Math.floor(instant(from) / length) * length;
  const start = anchor - Math.max(0, Math.ceil((anchor - instant(from)) / length)) * length;
  const last = Math.max(instant(to) - 1, ...byTime.keys());
  const buckets: Bucket<Point>[] = [];
  for (let at = start; at <= last; at += length) buckets.push({ at, point: byTime.get(at) ?? null });
  return buckets;
}

/** Days and weeks are UTC and are named so whatever the reader's zone; hours are shown on the reader's clock. */
export function bucketTitle(at: number, interval: Interval, locale?: string, timeZone?: string): string {
  if (interval === 'hour') {
    const whole = {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
    } as const;
    return new Intl.DateTimeFormat(locale, { ...whole, timeZone }).format(at);
  }
  const whole = { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  const name = new Intl.DateTimeFormat(locale, whole).format(at);
  return interval === 'week' ? `Week of ${name}` : name;
}
