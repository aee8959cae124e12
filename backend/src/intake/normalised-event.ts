import type { scopeHints } from '../contract/providers.js';
import type { Asked } from '../contract/selectors.js';
import type { Channel, Maker, Trigger } from '../contract/vocabulary.js';
import type { OpenLink } from '../preferences/token.js';

export type ScopeHint = (typeof scopeHints)[number];

/** One thing that a provider or a mailbox told us, in our words: what the payload says, before rules and floor. */
export interface NormalisedEvent {
  kind: 'event';
  channel: Channel;
  trigger: Trigger;
  /** E-mail address or international phone number; null when the payload names nobody. */
  subscriber: string | null;
  /** The provider's group, list, topic or stream, `sendgrid:asm:10`; null when it names none. */
  stream: string | null;
  campaign: string | null;
  messageId: string | null;
  /** ISO 8601; without a zone as the provider wrote it; null when the payload has none: the time of receipt counts. */
  occurredAt: string | null;
  reason: string | null;
  scopeHint: ScopeHint;
  /** The provider's id of the event; null when it gives none. */
  providerEventId: string | null;
  tags: readonly string[];
  /**
   * What tells this event from every other of the source, and is the same when it is sent again: event id, type,
   * recipient, time. Hashed into our event id.
   */
  identity: readonly (string | number | null)[];
  /** Absent: `this`. */
  asked?: Asked;
  /** Absent: `person`. Only what the recipient did themselves is theirs. */
  madeBy?: Maker;
  /** resubscribe: what proves that the person did it. Without it the opt-in lifts nothing. */
  evidence?: string;
  /** provider_suppressed: why the provider refuses. `consent` opts out, `address` holds the address, `sender` concerns nobody's wish. */
  suppressedFor?: 'consent' | 'address' | 'sender';
  /** soft_bounce: refused for the sender's reputation or policy, which says nothing about the address (INV-DSN-1). */
  isBlock?: boolean;
  /** A person should look: the widest reading was taken (INV-SMS-1). */
  review?: boolean;
  userAgent?: string;
  /** How many incidents the report stands for (INV-ARF-2): scales rates, never the suppression. */
  incidents?: number;
  /** Our own link, found in the payload: says whose it is better than any address does. */
  link?: OpenLink;
  /**
   * A link of ours beside words that only its person may say, and that somebody else seems to have written: whoever holds it
   * may end its stream, and no more.
   */
  beside?: OpenLink;
  /**
   * Mail: what vouches for whose it is. `none`: a From that anybody could have written: the request waits for a person, and
   * the address is paused meanwhile (INV-2369-2).
   */
  trust?: 'token' | 'dmarc' | 'report' | 'none';
  /** Counts only about a message that we sent to that very address: bounces of forged mail are nobody's (INV-DSN-4). */
  onlyIfSent?: true;
  /** Trust `none`, unless we sent that message to that very address. */
  sentVouches?: true;
  /** Nobody could ask yet whether it is genuine: unless what we sent vouches for it, it has to come again. */
  isUndecided?: true;
}

/** An event of a type that we do not know, or that concerns nobody: counted, and never a fault (INV-WH-4). */
export interface Skipped {
  kind: 'skipped';
  /** The provider's word for it. */
  type: string;
}

/** Something that should have been an event and cannot be read: kept in quarantine. */
export interface Unreadable {
  kind: 'unreadable';
  /** Names the field and the reason, never a value. */
  detail: string;
  value: unknown;
}

export type Item = NormalisedEvent | Skipped | Unreadable;

/** The optional fields of an event, at their usual values. */
export const plain = {
  kind: 'event',
  channel: 'email',
  stream: null,
  campaign: null,
  messageId: null,
  occurredAt: null,
  reason: null,
  providerEventId: null,
  tags: [],
} as const satisfies Partial<NormalisedEvent>;

/** As `X-Secateur-Explain` tells it, and as the fixtures' index spells it. */
export function eventView(event: NormalisedEvent): Record<string, unknown> {
  return {
    channel: event.channel,
    trigger: event.trigger,
    subscriber: event.subscriber,
    campaign: event.campaign,
    stream: event.stream,
    occurred_at: event.occurredAt,
    reason: event.reason,
    message_id: event.messageId,
    scope_hint: event.scopeHint,
    provider_event_id: event.providerEventId,
    tags: event.tags,
  };
}
