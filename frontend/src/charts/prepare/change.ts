import type { Rate } from '@secateur/backend/contract';

export interface Change {
  /** Now minus before, as a share: 0.001 is 0.1 percentage points. */
  difference: number;
  lower: number;
  upper: number;
  /** `unclear` when the interval of the difference holds 0: the figures do not tell a change from chance. */
  verdict: 'higher' | 'lower' | 'unclear';
}

/**
 * The change of a proportion with its 95 % interval, from the two Wilson intervals (Newcombe's hybrid score method).
 * A difference of 0 is no change; an interval that holds 0 is no proof of one.
 *
 * @see Newcombe (1998), Interval estimation for the difference between independent proportions, Stat. Med. 17, method 10
 * @returns null when either period has no denominator
 */
export function changeBetween(now: Rate, before: Rate): Change | null {
  if (now.value === null || now.lower === null || now.upper === null) return null;
  if (before.value === null || before.lower === null || before.upper === null) return null;
  const difference = now.value - before.value;
  const lower = difference - Math.hypot(now.value - now.lower, before.upper - before.value);
  const upper = difference + Math.hypot(now.upper - now.value, before.value - before.lower);
  return { difference, lower, upper, verdict: lower > 0 ? 'higher' : upper < 0 ? 'lower' : 'unclear' };
}

/**
 * True when a rate says little: its 95 % interval is wider than the rate itself.
 * That holds below about 15 opt-outs, however many messages were delivered, and for n = 0.
 */
export function isUncertain(rate: Rate): boolean {
  if (rate.value === null || rate.lower === null || rate.upper === null) return true;
  return rate.upper - rate.lower > rate.value;
}
