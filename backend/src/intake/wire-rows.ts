import { createHash } from 'node:crypto';
import type { EventType, Trigger } from '../contract/vocabulary.js';
import { zonelessTolerance } from '../events/normalise.js';
import type { Row } from '../events/parse-batch.js';
import { whoOf } from '../preferences/choices.js';
import type { NormalisedEvent } from './normalised-event.js';
import type { Place } from './stream-refs.js';

/** What a trigger is on the wire; null: it is counted and changes nothing (INV-ARF-1). */
const types: Readonly<Record<Trigger, EventType | null>> = {
  one_click_unsubscribe: 'opted_out',
  mailto_unsubscribe: 'opted_out',
  link_unsubscribe: 'opted_out',
  stream_unsubscribe: 'opted_out',
  group_unsubscribe: 'opted_out',
  preference_change: 'opted_out',
  global_unsubscribe: 'opted_out',
  list_removal: 'opted_out',
  complaint: 'complained',
  complaint_optout: 'complained',
  not_spam: null,
  auth_failure: null,
  hard_bounce: 'bounced',
  soft_bounce: 'bounced',
  bounce_unclassified: 'bounced',
  delivery_delayed: 'bounced',
  provider_suppressed: 'opted_out',
  sms_stop: 'opted_out',
  platform_marketing_stop: 'opted_out',
  resubscribe: 'opted_in',
  opt_out_preference_signal: 'opted_out',
  gdpr_objection_art21: 'opted_out',
  erasure_request_art17: 'erased',
  delivered: 'delivered',
  opened: 'opened',
  clicked: 'clicked',
  auto_reply: null,
};

/** What the event does here; null: nothing but being counted. */
export function typeOf({ trigger, suppressedFor }: NormalisedEvent): EventType | null {
  if (trigger !== 'provider_suppressed') return types[trigger];
  // Refused for the sender's sake: nobody's wish and nobody's address. For a dead address: a hold, no opt-out (INV-DSN-2).
  if (suppressedFor === 'sender') return null;
  return suppressedFor === 'address' ? 'bounced' : 'opted_out';
}

/**
 * The rows that an event is for the intake, one for each stream that it names: none where it changes nothing.
 * @param source the provider, or `mail`: goes into ids, so that two providers never share one
 * @param places where it belongs; empty when the payload does not say
 */
export function rowsOf(
  event: NormalisedEvent,
  source: string,
  places: readonly Place[],
  context: { tolerance: number; flags: readonly string[] },
): Row[] {
  const type = typeOf(event);
  if (type === null) return [];
  return (places.length === 0 ? [null] : places).map((place): Row => {
    const many = places.length > 1 && place !== null ? `:${place.category}:${place.origin}` : '';
    const zoneless = event.occurredAt !== null && !hasZone(event.occurredAt);
    const flags = [
      ...context.flags,
      ...(event.review === true ? ['review'] : []),
      ...(zoneless ? ['occurred_at_without_zone'] : []),
    ];
    return {
      value: wireEvent(event, type, idOf(event, source, many), place),
      tolerance: zoneless ? Math.max(zonelessTolerance, context.tolerance) : context.tolerance,
      flags,
      ...(event.link === undefined ? {} : { who: whoOf(event.link) }),
    };
  });
}

/** The same for the same event whenever and in whatever company it comes (INV-WH-3). */
export function idOf({ identity }: NormalisedEvent, source: string, suffix = ''): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(identity) + suffix)
    .digest('hex');
  return `${source}:${hash.slice(0, 40)}`;
}

function wireEvent(
  event: NormalisedEvent,
  type: EventType,
  id: string,
  place: Place | null,
): Record<string, unknown> {
  const { link, trigger, channel } = event;
  const address =
    event.subscriber === null ? {} : { [isPhone(channel) ? 'phone' : 'email']: event.subscriber };
  const metadata = {
    ...(event.stream === null ? {} : { stream_ref: event.stream.slice(0, 4096) }),
    ...(event.providerEventId === null ? {} : { provider_event_id: event.providerEventId.slice(0, 4096) }),
    ...(event.tags.length === 0 ? {} : { tags: event.tags.join(', ').slice(0, 4096) }),
    ...(event.userAgent === undefined ? {} : { user_agent: event.userAgent.slice(0, 4096) }),
    ...(event.incidents === undefined ? {} : { incidents: event.incidents }),
    scope_hint: event.scopeHint,
  };
  const isPermission = !['delivered', 'opened', 'clicked'].includes(type);
  return present({
    id,
    type,
    channel,
    ...address,
    trigger,
    category: text(place?.category, 128),
    origin: text(place?.origin, 128),
    audience: text(link?.audience, 128),
    campaign: text(event.campaign ?? link?.campaign, 128),
    message_id: text(link?.messageId ?? event.messageId, 200),
    occurred_at: event.occurredAt === null ? undefined : zoned(event.occurredAt),
    reason: isPermission ? text(event.reason, 500) : undefined,
    bounce: type === 'bounced' ? bounceOf(event) : undefined,
    asked: event.asked,
    made_by: event.madeBy,
    all_option_shown: link?.allOptionShown,
    legal_basis: link?.legalBasis ?? undefined,
    ...(type === 'opted_in' ? { basis: 'consent', evidence: text(event.evidence, 4096) } : {}),
    metadata,
  });
}

function bounceOf({ trigger, isBlock }: NormalisedEvent): 'hard' | 'soft' | 'block' {
  if (trigger === 'hard_bounce' || trigger === 'provider_suppressed') return 'hard';
  return isBlock === true ? 'block' : 'soft';
}

const isPhone = (channel: NormalisedEvent['channel']): boolean =>
  channel === 'sms' || channel === 'voice' || channel === 'whatsapp';

const hasZone = (text: string): boolean => /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);

/** A time without zone is read as UTC: its tolerance is that of every zone on earth. */
function zoned(time: string): string | undefined {
  const at = Date.parse(hasZone(time) ? time : `${time.replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is taken out
const control = /[\u0000-\u001f\u007f]+/g;

function text(value: string | null | undefined, most: number): string | undefined {
  const plain = (value ?? '').replace(control, ' ').trim().slice(0, most);
  return plain === '' ? undefined : plain.toWellFormed();
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
