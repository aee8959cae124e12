import { Instant } from '../contract/vocabulary.js';

/** The instants that the engine can hold: DateTime64(3). */
export const earliestInstant = Date.UTC(1900, 0, 1);
export const latestInstant = Date.UTC(2299, 11, 31, 23, 59, 59, 999);

const day = /^\d{4}-\d{2}-\d{2}$/;

/**
 * An instant with its zone, or a day, which begins at midnight UTC; in ms since the epoch, undefined if it is neither.
 * @example instantOf('2026-11-20') // 1795132800000
 */
export function instantOf(text: string): number | undefined {
  const parsed = Instant.safeParse(day.test(text) ? `${text}T00:00:00Z` : text);
  return parsed.success ? Date.parse(parsed.data) : undefined;
}

export function isWithinReach(instant: number): boolean {
  return instant >= earliestInstant && instant <= latestInstant;
}
