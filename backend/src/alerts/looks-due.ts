import { dayMs, hourMs } from './cell.js';
import { lookHours } from './look.js';

/** One look at one day of deliveries. */
export interface DueLook {
  readonly on: number;
  /** Hours after the day's midnight: one of `lookHours`. */
  readonly hour: number;
  /** The instant that it is for. */
  readonly bucket: number;
  /** No later one follows: the day is told in full. */
  readonly isLast: boolean;
  /** Too old to tell anybody of. */
  readonly isHistory: boolean;
}

/** Days that are gone through before the first look. */
export const lookBackDays = 28;
/** Days about which somebody is told. */
const newsDays = 3;

export const bucketOf = (on: number, hour: number): number => on * dayMs + hour * hourMs;

/**
 * The looks that are due and were not made, oldest day first: of each day the latest alone, for it sees all that the ones
 * before would have.
 *
 * @param done buckets of looks that were made
 */
export function looksDue(now: number, done: ReadonlySet<number>): DueLook[] {
  const today = Math.floor(now / dayMs);
  const due: DueLook[] = [];
  for (let on = today - lookBackDays; on <= today; on++) {
    const hour = [...lookHours].reverse().find((one) => bucketOf(on, one) <= now);
    if (hour === undefined || isMade(done, on, hour)) continue;
    const isLast = hour === lookHours.at(-1);
    due.push({ on, hour, bucket: bucketOf(on, hour), isLast, isHistory: on < today - newsDays });
  }
  return due;
}

/** Buckets of two days may meet (24 hours of one are 48 of the day before), so a look is stored a millisecond per hour late. */
const isMade = (done: ReadonlySet<number>, on: number, hour: number): boolean =>
  done.has(storedBucket(on, hour));

export const storedBucket = (on: number, hour: number): number => bucketOf(on, hour) + hour;
