import type { RatesQuery } from '../contract/analytics.js';
import { InvalidInputError } from '../errors.js';

export type Interval = NonNullable<RatesQuery['interval']>;

/** What a figure is about: [from, to) in whole hours, as the rollup keeps it, and the buckets of its trend. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
  readonly interval: Interval;
}

const hour = 3_600_000;
const day = 24 * hour;
const length: Record<Interval, number> = { hour, day, week: 7 * day };
/** 1970-01-05, a Monday: weeks start as the engine's do. */
const firstMonday = 4 * day;

/** A month by the hour; more points than this nobody can read, and 500 rows of them are too much for a page. */
const mostBuckets = 750;
/** The engine's instants of whole seconds go from 1970 to 2106; the window before must fit, too. */
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/**
 * The window that a request means: by default the last seven days up to now, by the day, by the hour up to 48 hours.
 * `from` and `to` are widened to whole hours, because deliveries are counted by the hour.
 *
 * @throws InvalidInputError that names the field
 */
export function windowOf(asked: RatesQuery, now: Date): Window {
  const to = Math.ceil((asked.to === undefined ? now.getTime() : Date.parse(asked.to)) / hour) * hour;
  const from = Math.floor((asked.from === undefined ? to - 7 * day : Date.parse(asked.from)) / hour) * hour;
  if (!(from >= earliest)) throw InvalidInputError.field('from', 'must not be before 2000-01-01');
  if (!(to <= latest)) throw InvalidInputError.field('to', 'must not be after 2100-01-01');
  if (from >= to) throw InvalidInputError.field('from', 'must be before to');
  const interval = asked.interval ?? (to - from <= 48 * hour ? 'hour' : 'day');
  if ((to - from) / length[interval] > mostBuckets) {
    throw InvalidInputError.field(
      'interval',
      `must be longer for this window: at most ${mostBuckets} buckets`,
    );
  }
  return { from: new Date(from), to: new Date(to), interval };
}

export interface Bucket {
  /** Its start, in UTC. */
  readonly at: string;
  /** False while now lies in it or before it: deliveries and opt-outs still arrive. */
  readonly finished: boolean;
}

/** Every bucket that the window touches, oldest first. Those at its ends may hold only a part of their hours. */
export function bucketsOf({ from, to, interval }: Window, now: Date): Bucket[] {
  const step = length[interval];
  const anchor = interval === 'week' ? firstMonday : 0;
  const buckets: Bucket[] = [];
  let at = Math.floor((from.getTime() - anchor) / step) * step + anchor;
  for (; at < to.getTime(); at += step) {
    buckets.push({ at: new Date(at).toISOString(), finished: at + step <= now.getTime() });
  }
  return buckets;
}
