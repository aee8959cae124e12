import type { Interval, RatesQuery, WeekStart } from '../contract/analytics.js';
import { InvalidInputError } from '../errors.js';

/** What a figure is about: [from, to) in whole quarters of an hour, as the rollup keeps it, and the buckets of its trend. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
  /** As long, and just before. */
  readonly previousFrom: Date;
  readonly interval: Interval;
  readonly zone: string;
  readonly weekStart: WeekStart;
}

const quarter = 900_000;
const hour = 3_600_000;
const day = 24 * hour;
/** The shortest that one can be. */
const length: Record<Interval, number> = { hour, day: 23 * hour, week: 7 * day, month: 28 * day };

/** Days a week begins before Monday. */
export const weekShift: Readonly<Record<WeekStart, number>> = { monday: 0, sunday: 1, saturday: 2 };

/** A month by the hour; more points than this nobody can read, and 500 rows of them are too much for a page. */
const mostBuckets = 750;
/** The engine's instants of whole seconds go from 1970 to 2106; the window before must fit, too. */
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/**
 * The instants that a request means: by default the last seven days up to now. They are widened to whole quarters of an
 * hour, because deliveries are counted by them.
 *
 * @throws InvalidInputError that names the field
 */
export function rangeOf(
  asked: Pick<RatesQuery, 'from' | 'to'>,
  now: Date,
): { readonly from: Date; readonly to: Date } {
  const to = Math.ceil((asked.to === undefined ? now.getTime() : Date.parse(asked.to)) / quarter) * quarter;
  const from =
    Math.floor((asked.from === undefined ? to - 7 * day : Date.parse(asked.from)) / quarter) * quarter;
  if (!(from >= earliest)) throw InvalidInputError.field('from', 'must not be before 2000-01-01');
  if (!(to <= latest)) throw InvalidInputError.field('to', 'must not be after 2100-01-01');
  if (from >= to) throw InvalidInputError.field('from', 'must be before to');
  return { from: new Date(from), to: new Date(to) };
}

/**
 * The window that a request means, by the day where it says nothing, by the hour up to 48 hours.
 *
 * @param zones the time zones that the engine knows
 * @throws InvalidInputError that names the field
 */
export function windowOf(asked: RatesQuery, now: Date, zones: ReadonlySet<string>): Window {
  const { from, to } = rangeOf(asked, now);
  const long = to.getTime() - from.getTime();
  const interval = asked.interval ?? (long <= 48 * hour ? 'hour' : 'day');
  if (long / length[interval] > mostBuckets) {
    throw InvalidInputError.field(
      'interval',
      `must be longer for this window: at most ${mostBuckets} buckets`,
    );
  }
  const zone = asked.time_zone ?? 'UTC';
  if (!zones.has(zone)) {
    throw InvalidInputError.field('time_zone', 'must be an IANA name such as Europe/Berlin');
  }
  return {
    from,
    to,
    previousFrom: new Date(from.getTime() - long),
    interval,
    zone,
    weekStart: asked.week_start ?? 'monday',
  };
}
