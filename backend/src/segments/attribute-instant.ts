import { Instant } from '../contract/vocabulary.js';

const day = /^\d{4}-\d{2}-\d{2}$/;

/** An attribute read as an instant: a day (its midnight in UTC) or an instant with its zone; null for anything else. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const parsed = Instant.safeParse(day.test(value) ? `${value}T00:00:00Z` : value);
  return parsed.success ? Date.parse(parsed.data) : null;
}
