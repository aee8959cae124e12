import type { Cap } from '../contract/events.js';
import type { Effect } from '../contract/vocabulary.js';

/**
 * One line of the permission ledger. Never changed, never deleted: a `void` takes back one decision.
 * Instants are milliseconds since the epoch.
 */
export interface Statement {
  id: string;
  /** The person's internal id or one identifier's id; both are UUIDs. */
  subject: string;
  binds: 'person' | 'identifier';
  /** The person who spoke. An opt-in on an identifier counts for this person only. */
  person: string | null;
  /** Canonical selector. */
  selector: string;
  effect: Effect;
  /** min(occurred, received): the instant by which statements are ordered. */
  orderAt: number;
  /** Clock tolerance of the source in ms: statements closer than the larger tolerance are ties. */
  tolerance: number;
  /** strong: complaint, do-not-call, Art. 21, erasure, legal order. */
  strength: 'plain' | 'strong';
  /** opt_in: made by the person, with evidence. Any other opt_in lifts nothing. */
  counts: boolean;
  /** opt_in: fresh explicit consent, the only kind that lifts a strong opt-out. */
  explicit: boolean;
  expiresAt: number | null;
  basis: string;
  evidence: string;
  /** The decision that wrote this line. */
  decision: string;
  /** void: the decision that is taken back. */
  voids: string | null;
  cap: Cap | null;
}
