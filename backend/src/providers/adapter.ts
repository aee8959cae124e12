import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Authentication, Provider } from '../contract/providers.js';
import type { Item } from '../intake/normalised-event.js';

/** One call of a webhook, as it came. */
export interface WebhookCall {
  method: string;
  /** As the provider was told it: the public address with path and query. Twilio signs it. */
  url: string;
  /** Names in lower case; of a repeated header the first. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The bytes that were signed. */
  body: Buffer;
  /** Now, in ms since the epoch: what the payload does not date happened then. */
  receivedAt: number;
}

/** What an adapter may know to verify a call. */
export interface VerifyContext {
  /** Of the provider's settings; any of them may fit. */
  secrets: readonly string[];
  /** Amazon SNS: topics that are ours. */
  topics: readonly string[];
  /** The PEM certificate behind an address that the adapter has checked, pinned in the settings or fetched. */
  certificate(url: string): Promise<string>;
}

/**
 * `valid`: with the instant that was signed (ms), null where the scheme signs none. A stale but valid signature is no
 * matter of the adapter's: the service applies opt-outs and refuses opt-ins (INV-WH-2).
 */
export type Verification = { valid: true; signedAt: number | null } | { valid: false; detail: string };

export const invalid = (detail: string): Verification => ({ valid: false, detail });

/** One provider behind the shape that all have: verify the bytes, then say what happened in our words. */
export interface ProviderAdapter {
  readonly provider: Provider;
  readonly title: string;
  readonly authentication: readonly Authentication[];
  /** Its key is public and found by itself (Amazon SNS): no secret has to be given. */
  readonly isKeyless?: true;
  /** What it takes at most, where bytes are parsed before they are verified. Absent: the limit of every body. */
  readonly bodyLimit?: number;
  /** HTTP status for a call that is not the provider's own, where it reads one as "do not try again". Absent: 401. */
  readonly refusal?: number;
  /** Absent where `authentication` has no `signature`. */
  verify?(call: WebhookCall, context: VerifyContext): Verification | Promise<Verification>;
  /** What the call asks for beside its events: an address to be fetched to confirm a subscription (Amazon SNS). */
  confirmation?(call: WebhookCall, context: Pick<VerifyContext, 'topics'>): string | null;
  /** The answer to a GET by which the provider checks an address (WhatsApp); null: it is not its own. Absent: nothing to say. */
  challenge?(query: Readonly<Record<string, string | undefined>>, secrets: readonly string[]): string | null;
  /** @throws UnreadablePayload when the body as a whole is none of this provider's */
  normalise(call: WebhookCall): Item[];
}

/** The body as a whole cannot be read. The message names the fault and quotes nothing. */
export class UnreadablePayload extends Error {
  override readonly name = 'UnreadablePayload';
}

/** @throws UnreadablePayload */
export function jsonBody({ body }: Pick<WebhookCall, 'body'>): unknown {
  try {
    return JSON.parse(body.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    throw new UnreadablePayload('body: is not JSON');
  }
}

/** Where a provider posts JSON or a form: told by the body, as the header is signed by nobody. */
export function isJson({ body }: Pick<WebhookCall, 'body'>): boolean {
  return /^\ufeff?\s*[[{]/.test(body.subarray(0, 64).toString('utf8'));
}

export const formBody = ({ body }: Pick<WebhookCall, 'body'>): URLSearchParams =>
  new URLSearchParams(body.toString('utf8'));

/** @throws UnreadablePayload naming the first field that is wrong */
export function shaped<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UnreadablePayload(faultOf(parsed.error));
}

/** Ten times what any provider sends at once: a million would hold everybody up for seconds. */
const mostElements = 10_000;

/**
 * Reads each element by itself: one that cannot be read is set aside for a person and the rest goes on.
 * @param read returns the items of the element, or the provider's word for a type that we do not know
 * @throws UnreadablePayload when there are too many
 */
export function eachItem<T>(
  values: readonly unknown[],
  schema: z.ZodType<T>,
  read: (value: T) => Item | readonly Item[] | string,
): Item[] {
  if (values.length > mostElements)
    throw new UnreadablePayload(`body: holds more than ${mostElements} events`);
  return values.flatMap((value): Item[] => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) return [{ kind: 'unreadable', detail: faultOf(parsed.error), value }];
    const found = read(parsed.data);
    if (typeof found === 'string') return [{ kind: 'skipped', type: found }];
    return Array.isArray(found) ? [...found] : [found as Item];
  });
}

function faultOf({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? 'body' : path}: ${issue?.message ?? 'cannot be read'}`;
}

/** Compares in a time that does not tell how much fits. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Does one of the secrets make this HMAC of these parts? `given` in hexadecimal or base64. */
export function hmacFits(
  algorithm: 'sha1' | 'sha256',
  secrets: readonly (string | Buffer)[],
  parts: readonly (string | Buffer)[],
  given: string,
  encoding: 'hex' | 'base64',
): boolean {
  const claimed = Buffer.from(given, encoding);
  return secrets.some((secret) => {
    const hmac = createHmac(algorithm, secret);
    for (const part of parts) hmac.update(part);
    return sameBytes(hmac.digest(), claimed);
  });
}

/** Seconds or milliseconds since the epoch, as a number or digits, as ISO 8601; null when it is neither. */
export function epochTime(
  value: string | number | null | undefined,
  unit: 'seconds' | 'milliseconds',
): string | null {
  if (value === null || value === undefined || value === '') return null;
  const at = Number(value) * (unit === 'seconds' ? 1000 : 1);
  return Number.isFinite(at) && Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : null;
}

/** Text that names a zone, as ISO 8601; null when it is no time or names none: it would be read as local time. */
export function zonedTime(value: string | null | undefined): string | null {
  const at = /(?:Z|UTC?|GMT|[+-]\d{2}(?::?\d{2})?)\s*$/i.test(value ?? '')
    ? Date.parse(value ?? '')
    : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** `<id@host>` without its brackets. */
export function bareMessageId(value: string | null | undefined): string | null {
  const text = value?.trim().replace(/^<|>$/g, '') ?? '';
  return text === '' ? null : text;
}

/** Text, or a number that stands for text, as many providers write ids; '' and null are absent. */
export const looseText = z
  .union([z.string(), z.number(), z.bigint()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? null : String(value)));

/** Text that only explains. No event is given up for it: unreadable counts as absent. */
export const asideText = looseText.catch(null);
