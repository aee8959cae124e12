import type { Digest } from '../contract/alerts.js';
import type { Rate } from '../contract/analytics.js';

export type Moved = Digest['movers'][number];

const mostMovers = 10;
/** Deliveries that either week needs. */
const leastDeliveries = 200;
/** Less than this may well be chance: 1.96 standard errors. */
const leastScore = 1.96;

/** Whose opt-out rate moved most against the week before, up or down. */
export function topMovers(all: readonly Moved[]): Moved[] {
  return all
    .map((moved) => ({ moved, score: Math.abs(scoreOf(moved.opt_out_rate, moved.previous_opt_out_rate)) }))
    .filter(({ score }) => score >= leastScore)
    .sort((one, other) => other.score - one.score || one.moved.key.localeCompare(other.moved.key))
    .slice(0, mostMovers)
    .map(({ moved }) => moved);
}

/**
 * Difference of two proportions in standard errors, pooled: (p₁ − p₂) / √(p(1 − p)(1/n₁ + 1/n₂)). 0 where either week is too
 * thin to compare.
 */
export function scoreOf(now: Rate, before: Rate): number {
  const [n, m] = [now.denominator, before.denominator];
  if (n < leastDeliveries || m < leastDeliveries) return 0;
  const pooled = (now.numerator + before.numerator) / (n + m);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return error === 0 ? 0 : ((now.value ?? 0) - (before.value ?? 0)) / error;
}
