import type { Cap } from '../contract/events.js';
import type { RuleOffers } from '../contract/rules.js';

/** What the page offers in place of an opt-out that is made (INV-GD-4). `id` is the value of its button. */
export type Offer = PauseOffer | CapOffer;
export type PauseOffer = { kind: 'pause'; id: string; days: number };
export type CapOffer = { kind: 'cap'; id: string; cap: Cap };

const usualPauses = [30, 90].map(pauseOf);
const usualCap: CapOffer = { kind: 'cap', id: 'fewer', cap: { n: 1, per: 'week' } };

/**
 * The offers of the rule that matched; the usual ones for what it leaves out, and where none matched (null).
 * @example offersOf({ pause: [14] }).map(({ id }) => id) // ['pause-14', 'fewer']
 */
export function offersOf(rule: RuleOffers | null): Offer[] {
  const pauses = rule?.pause === undefined ? usualPauses : [...new Set(rule.pause)].map(pauseOf);
  return [...pauses, rule?.cap === undefined ? usualCap : capOf(rule.cap)];
}

/** One of the rule's offers or of the usual ones; undefined for what nobody offered. */
export function offerNamed(id: string, rule: RuleOffers | null): Offer | undefined {
  return [...offersOf(rule), ...offersOf(null)].find((offer) => offer.id === id);
}

function pauseOf(days: number): PauseOffer {
  return { kind: 'pause', id: `pause-${days}`, days };
}

function capOf(cap: Cap): CapOffer {
  return { kind: 'cap', id: `fewer-${cap.n}-${cap.per}`, cap };
}
