import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { Event, type Rejection } from '../contract/events.js';
import type { Channel } from '../contract/vocabulary.js';
import { signsOfAgent } from '../opt-outs/machine-signs.js';
import type { Incoming, OptOutRequest, Who } from '../opt-outs/request.js';
import { type IdentifierKind, normaliseIdentifier } from '../subscribers/identifiers.js';
import { isMachine } from './machine.js';
import { hashOf, mend } from './mend.js';

const day = 86_400_000;
/** Times without a zone may be off by any zone on earth. */
export const zonelessTolerance = 14 * 3_600_000;
/** Before this no message was sent; a delivery that claims it is refused, an opt-out is clamped. */
const earliest = Date.UTC(2000, 0, 1);
/** The last instant that the engine stores: an end after it is no end. */
const latest = Date.UTC(2299, 11, 31, 23, 59, 59, 999);
/** Characters that an address has at least: `a@b`, and the digits of the shortest number that is no short code. */
const shortest = { email: 3, phone: 6 };

/** A delivery or engagement, ready to be stored. Instants in ms since the epoch. */
export interface Engagement {
  kind: 'engagement';
  id: string;
  type: 'delivered' | 'opened' | 'clicked' | 'bounced';
  who: Who;
  channel: Channel;
  category: string;
  origin: string;
  audience: string;
  campaign: string;
  messageType: string;
  messageId: string;
  trigger: string;
  occurredAt: number;
  receivedAt: number;
  flags: string[];
  metadata: string;
  contentHash: string;
}

export interface PermissionChange {
  kind: 'permission';
  incoming: Incoming;
  flags: string[];
}

export interface Refused {
  kind: 'refused';
  code: Rejection['code'];
  field: string | undefined;
  detail: string;
}

export type Normalised = Engagement | PermissionChange | Refused;

/** Where a batch came from: its clock, and who stands behind it. */
export interface Door {
  /** Clock tolerance in ms. */
  tolerance: number;
  /** Imports and administrators resubscribe nobody, whatever their rows claim. */
  madeBy: 'sender' | 'provider' | 'import' | 'admin';
  /** Whose the event is, by a token of ours: better than what it names. */
  who?: Who;
}

/**
 * One wire event as the intake sees it. Opt-outs, complaints, pauses and erasures are mended and flagged where other
 * events are refused: impossible times are clamped, unknown fields set aside, an unreadable scope is read as wide as
 * it may have been meant.
 *
 * @param raw one element of the batch, any JSON value
 * @param receivedAt ms since the epoch
 */
export function normaliseEvent(raw: unknown, receivedAt: number, door: Door): Normalised {
  const strict = Event.safeParse(raw);
  if (strict.success) return normalised(strict.data, receivedAt, door, []);
  const flags: string[] = [];
  const mended = mend(raw, flags);
  if (mended !== null) return normalised(mended, receivedAt, door, flags);
  return refusal(strict.error);
}

function refusal(error: z.ZodError): Refused {
  const issue = error.issues[0];
  if (issue === undefined)
    return { kind: 'refused', code: 'invalid', field: undefined, detail: 'not an event' };
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const field = [path, issue.keys[0]].filter((part) => part !== '').join('.');
    return { kind: 'refused', code: 'unknown_field', field, detail: `${field}: unknown field` };
  }
  const field = path === '' ? undefined : path;
  return { kind: 'refused', code: 'invalid', field, detail: `${field ?? 'event'}: ${issue.message}` };
}

function normalised(event: Event, receivedAt: number, door: Door, flags: string[]): Normalised {
  const who = door.who ?? whoOf(event, flags);
  const claimed = event.occurred_at === undefined ? receivedAt : Date.parse(event.occurred_at);
  const isEngagement =
    event.type === 'delivered' ||
    event.type === 'opened' ||
    event.type === 'clicked' ||
    (event.type === 'bounced' && event.bounce !== 'hard' && event.trigger !== 'hard_bounce');
  if (isEngagement) return engagement(event, who, claimed, receivedAt, flags);

  let occurredAt = claimed;
  if (claimed > receivedAt) {
    occurredAt = receivedAt;
    flags.push('occurred_at_clamped');
  } else if (claimed < earliest) {
    occurredAt = receivedAt;
    flags.push('occurred_at_clamped');
  }
  const tolerance = flags.includes('occurred_at_without_zone') ? zonelessTolerance : door.tolerance;
  return {
    kind: 'permission',
    flags,
    incoming: {
      who,
      // Before the clock of arrival touches it: redelivered later the same event must read the same.
      contentHash: hashOf(event),
      request: requestOf(event, occurredAt, receivedAt, tolerance, door, flags),
    },
  };
}

/** Whom the event names. Something that is no address would be one person for all who sent the like. */
function whoOf(event: Event, flags: string[]): Who {
  const address = (kind: IdentifierKind & ('email' | 'phone')): string | undefined => {
    const text = clean(event[kind]);
    if (text === '') return undefined;
    if (normaliseIdentifier(kind, text).length >= shortest[kind]) return text;
    flags.push(`unreadable:${kind}`);
    return undefined;
  };
  const [email, phone] = [address('email'), address('phone')];
  const [subscriber, messageId] = [clean(event.subscriber), clean(event.message_id)];
  return {
    ...(subscriber === '' ? {} : { subscriber }),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(messageId === '' ? {} : { messageId }),
  };
}

function engagement(
  event: Event,
  who: Who,
  claimed: number,
  receivedAt: number,
  flags: string[],
): Engagement | Refused {
  if (claimed < earliest || claimed > receivedAt + day) {
    const detail = `occurred_at: ${event.occurred_at} is ${claimed < earliest ? 'before 2000' : 'in the future'}`;
    return { kind: 'refused', code: 'invalid', field: 'occurred_at', detail };
  }
  if (
    who.person === undefined &&
    who.subscriber === undefined &&
    who.email === undefined &&
    who.phone === undefined &&
    who.messageId === undefined
  ) {
    return {
      kind: 'refused',
      code: 'unidentified',
      field: 'subscriber',
      detail: 'subscriber: one of subscriber, email, phone or message_id is needed',
    };
  }
  if (claimed > receivedAt) flags.push('occurred_at_clamped');
  const metadata = JSON.stringify(event.metadata ?? {}).toWellFormed();
  if (isMachine(event.type, event.metadata)) flags.push('machine');
  if (event.bounce === 'block') flags.push('block');
  const category = clean(event.category);
  const origin = clean(event.origin);
  return {
    kind: 'engagement',
    id: clean(event.id),
    type: event.type as Engagement['type'],
    who,
    channel: event.channel,
    category: category === '' ? 'unknown' : category,
    origin: origin === '' ? 'unknown' : origin,
    audience: clean(event.audience),
    campaign: clean(event.campaign),
    messageType: clean(event.message_type),
    messageId: clean(event.message_id),
    trigger: event.trigger ?? '',
    occurredAt: Math.min(claimed, receivedAt),
    receivedAt,
    flags,
    metadata,
    contentHash: hashOf(event),
  };
}

function requestOf(
  event: Event,
  occurredAt: number,
  receivedAt: number,
  tolerance: number,
  door: Door,
  flags: string[],
): OptOutRequest {
  const end = (name: 'expires_at' | 'until'): number | null => {
    const text = event[name];
    if (text === undefined) return null;
    const at = Date.parse(text);
    const kept = Math.min(Math.max(at, 0), latest);
    if (kept !== at) flags.push(`${name}_clamped`);
    return kept;
  };
  const agent = event.metadata?.user_agent;
  flags.push(...signsOfAgent(typeof agent === 'string' ? agent : undefined));
  const orNull = (text: string | undefined) => (text === undefined ? null : clean(text));
  return {
    decision: randomUUID(),
    eventId: clean(event.id),
    type: event.type as OptOutRequest['type'],
    trigger: event.trigger ?? null,
    asked: event.asked ?? 'this',
    channel: event.channel,
    category: orNull(event.category),
    origin: orNull(event.origin),
    audience: orNull(event.audience),
    campaign: orNull(event.campaign),
    messageType: orNull(event.message_type),
    messageId: orNull(event.message_id),
    reason: clean(event.reason),
    occurredAt,
    receivedAt,
    tolerance,
    // A sender reports what the person did; an import or an administrator speaks for itself, whatever the row claims.
    madeBy:
      door.madeBy === 'sender' || door.madeBy === 'provider' ? (event.made_by ?? 'person') : door.madeBy,
    basis: event.basis ?? null,
    evidence: clean(event.evidence),
    expiresAt: end('expires_at'),
    until: end('until'),
    cap: event.cap ?? null,
    bounce: event.bounce ?? null,
    allOptionShown: event.all_option_shown ?? null,
    legalBasis: event.legal_basis ?? null,
    voids: null,
    flags,
  };
}

/** Lone surrogates cannot be stored; NUL ends strings elsewhere. */
function clean(text: string | undefined): string {
  return text === undefined ? '' : text.toWellFormed().replaceAll('\0', '');
}
