import type { Item, NormalisedEvent } from '../../intake/normalised-event.js';
import type { ProviderAdapter, VerifyContext, WebhookCall } from '../adapter.js';

/** A call as a provider would make it. A body that is no text or bytes is sent as JSON. */
export function call(body: unknown, over: Partial<Omit<WebhookCall, 'body'>> = {}): WebhookCall {
  return {
    method: 'POST',
    url: 'https://in.shop.example/v1/webhooks/provider',
    headers: {},
    body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    receivedAt: Date.parse('2026-11-20T10:00:00Z'),
    ...over,
  };
}

export const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

export function context(over: Partial<VerifyContext> = {}): VerifyContext {
  return {
    secrets: [],
    topics: [],
    certificate: () => Promise.reject(new Error('no certificate was to be asked for')),
    ...over,
  };
}

/** The same bytes with one bit of one byte turned. */
export function flipped(body: Buffer, at = Math.floor(body.length / 2)): Buffer {
  const copy = Buffer.from(body);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

export function eventsOf(items: readonly Item[]): NormalisedEvent[] {
  return items.filter((item): item is NormalisedEvent => item.kind === 'event');
}

/** The one event of a body. */
export function only(adapter: ProviderAdapter, body: unknown): NormalisedEvent {
  const items = adapter.normalise(call(body));
  const [event] = eventsOf(items);
  if (event === undefined || items.length !== 1) throw new Error(`not one event: ${JSON.stringify(items)}`);
  return event;
}

/** Identities as the service hashes them. */
export const identities = (adapter: ProviderAdapter, body: unknown, over?: Partial<WebhookCall>): string[] =>
  eventsOf(adapter.normalise(call(body, over))).map((event) => JSON.stringify(event.identity));
