import type { PublicationStage } from '../contract/analytics.js';
import { attributionWindow } from '../opt-outs/attribution.js';

/** What is known of what was published: hours as instants, null where there is none. */
export interface PublishedUntil {
  readonly lastFirst: Date | null;
  readonly lastComplete: Date | null;
  readonly firstDelivered: Date | null;
}

const hour = 3_600_000;

/**
 * The hours [from, to) that are to be published at a stage, null where none are. Publishing begins with the first hour in
 * which anything was delivered and leaves no hour out, but `first` never goes back farther than the attribution window:
 * what is older is published as `complete`, which says more.
 */
export function hoursDue(
  stage: PublicationStage,
  { lastFirst, lastComplete, firstDelivered }: PublishedUntil,
  now: Date,
): { readonly from: Date; readonly to: Date } | null {
  if (firstDelivered === null) return null;
  const over = floorHour(now.getTime() - (stage === 'complete' ? attributionWindow : 0));
  const last = stage === 'first' ? lastFirst : lastComplete;
  const next = last === null ? firstDelivered.getTime() : last.getTime() + hour;
  const from = stage === 'first' ? Math.max(next, floorHour(now.getTime() - attributionWindow)) : next;
  return from < over ? { from: new Date(from), to: new Date(over) } : null;
}

const floorHour = (at: number): number => Math.floor(at / hour) * hour;
