import { createHash, randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { Event } from '../contract/events.js';
import { Asked } from '../contract/selectors.js';
import { channels, type EventType, eventTypes } from '../contract/vocabulary.js';

/** Words of people who want less: never refused for a fault in the message around them. */
const neverRefused: readonly EventType[] = ['opted_out', 'complained', 'erased', 'paused', 'capped'];

// A map, because `in` finds the methods that every object has.
const fields: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(Event.shape));

/** Fields by which somebody or something is found again: a blank in place of a control character would be another id. */
const ids: readonly string[] = ['id', 'subscriber', 'email', 'phone', 'message_id'];

/** Words of a closed list, and what stands in for one that cannot be read: the reading under which most stops. */
const widest = {
  trigger: undefined,
  legal_basis: 'legitimate_interest',
  all_option_shown: false,
  made_by: undefined,
} as const;

/** Enough to see what was wrong; a body of 8 MiB may hold a million names. */
const mostUnknown = 50;

/** The readable part of an opt-out that breaks the contract; null for everything that may be refused. */
export function mend(raw: unknown, flags: string[]): Event | null {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return null;
  const source = new Map(Object.entries(raw));
  const type = eventTypes.find((one) => one === source.get('type'));
  if (type === undefined || !neverRefused.includes(type)) return null;
  const event: Record<string, unknown> = { type };
  for (const [key, value] of source) {
    if (key === 'type') continue;
    const field = fields.get(key);
    if (field === undefined) {
      if (flags.length < mostUnknown) flags.push(`unknown_field:${key.slice(0, 64).toWellFormed()}`);
      continue;
    }
    const parsed = field.safeParse(value);
    if (parsed.success) event[key] = parsed.data;
    else if (key === 'occurred_at') mendTime(value, event, flags);
    else if (key === 'asked') event.asked = mendAsked(value, flags);
    else if (key === 'channel') mendChannel(value, event, flags);
    else if (Object.hasOwn(widest, key)) mendWord(key as keyof typeof widest, field, value, event, flags);
    else mendText(key, field, value, event, flags);
  }
  if (event.channel === undefined) {
    const channel = event.phone !== undefined && event.email === undefined ? 'sms' : 'email';
    flags.push(`channel_assumed:${channel}`);
    event.channel = channel;
  }
  if (event.id === undefined) {
    flags.push('id_made');
    // What names its own time is the same when it comes again. The rest is not: a later opt-out must not pass for this one.
    event.id = `made-${event.occurred_at === undefined ? randomUUID() : hashOf(event)}`;
  }
  const result = Event.safeParse(event);
  return result.success ? result.data : null;
}

function mendTime(value: unknown, event: Record<string, unknown>, flags: string[]): void {
  const zoneless =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(value);
  const at = zoneless ? Date.parse(`${value.replace(' ', 'T')}Z`) : Number.NaN;
  if (Number.isNaN(at)) flags.push('occurred_at_unreadable');
  else {
    flags.push('occurred_at_without_zone');
    event.occurred_at = new Date(at).toISOString();
  }
}

/** Selectors that can be read are kept when all can be read; else the widest reading. */
function mendAsked(value: unknown, flags: string[]): Asked {
  const parsed = Asked.safeParse(typeof value === 'string' ? value.trim().toLowerCase() : value);
  if (parsed.success) return parsed.data;
  flags.push('asked_unreadable:widest');
  return 'everything';
}

function mendChannel(value: unknown, event: Record<string, unknown>, flags: string[]): void {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  const channel = channels.find((one) => one === text);
  if (channel !== undefined) event.channel = channel;
  flags.push(channel === undefined ? 'unreadable:channel' : 'mended:channel');
}

/**
 * A word in other letters is the word. What cannot be read is not left out, which would say that nothing special was
 * meant: an unread trigger is flagged, and the floor takes the request for one of unknown kind.
 */
function mendWord(
  key: keyof typeof widest,
  field: z.ZodType,
  value: unknown,
  event: Record<string, unknown>,
  flags: string[],
): void {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value;
  // Some serialisers write null or nothing for a field that is not there.
  if (text === null || text === '') {
    flags.push(`mended:${key}`);
    return;
  }
  const parsed = field.safeParse(text);
  if (parsed.success && parsed.data !== undefined) {
    event[key] = parsed.data;
    flags.push(`mended:${key}`);
    return;
  }
  if (widest[key] !== undefined) event[key] = widest[key];
  flags.push(`unreadable:${key}`);
}

/** Text that is too long, holds control characters, or came as a number. */
function mendText(
  key: string,
  field: z.ZodType,
  value: unknown,
  event: Record<string, unknown>,
  flags: string[],
): void {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text === 'string') {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is taken out
    const control = /[\u0000-\u001f\u007f]/g;
    const plain = ids.includes(key) ? text.replace(control, '').trim() : text.replace(control, ' ');
    for (const length of [plain.length, 4096, 500, 320, 200, 128, 32]) {
      const parsed = field.safeParse(plain.slice(0, length));
      if (!parsed.success) continue;
      event[key] = parsed.data;
      flags.push(`mended:${key}`);
      return;
    }
  }
  flags.push(`unreadable:${key}`);
}

/**
 * A hash of what an event says, to tell a retry from another event under the same id. Parsed events have their keys
 * in the order of the contract, whatever order they came in.
 */
export function hashOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value).toWellFormed()).digest('hex').slice(0, 32);
}
