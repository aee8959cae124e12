import type { Channel } from '../../contract/vocabulary.js';
import { bounced, weighBounce } from '../../intake/bounce-class.js';
import { type NormalisedEvent, plain } from '../../intake/normalised-event.js';
import {
  eachItem,
  epochTime,
  hmacFits,
  invalid,
  jsonBody,
  type ProviderAdapter,
  type Verification,
  type VerifyContext,
  type WebhookCall,
} from '../adapter.js';
import { CustomerioEvent, type Preferences } from './customerio-event.js';

/** Customer.io signs version, timestamp and body, `v0:<timestamp>:<body>`, by HMAC-SHA-256. */
export const customerio: ProviderAdapter = {
  provider: 'customerio',
  title: 'Customer.io',
  authentication: ['signature'],
  verify({ headers, body }: WebhookCall, { secrets }: VerifyContext): Verification {
    const timestamp = headers['x-cio-timestamp'];
    const signature = headers['x-cio-signature'];
    if (timestamp === undefined || signature === undefined)
      return invalid('the signature headers are missing');
    if (!/^\d{1,12}$/.test(timestamp)) return invalid('the timestamp is not a number');
    return hmacFits('sha256', secrets, [`v0:${timestamp}:`, body], signature, 'hex')
      ? { valid: true, signedAt: Number(timestamp) * 1000 }
      : invalid('the signature does not fit');
  },
  normalise: (call) => eachItem([jsonBody(call)].flat(), CustomerioEvent, read),
};

type Meaning = Pick<NormalisedEvent, 'trigger' | 'scopeHint'> &
  Partial<
    Pick<
      NormalisedEvent,
      'channel' | 'stream' | 'asked' | 'evidence' | 'madeBy' | 'isBlock' | 'suppressedFor'
    >
  >;

function read(event: CustomerioEvent): NormalisedEvent[] | string {
  const { data, metric, preferences } = event;
  const person = data.email_address ?? data.identifiers?.email ?? data.recipient;
  const wish = wishOf(event);
  if (wish !== null) return [told(event, addressOf(event) ?? person, wish)];
  if (preferences !== null) {
    const changes = changesOf(preferences, data.delivery_id);
    return changes.length === 0 ? metric : changes.map((change) => told(event, person, change));
  }
  const meaning = reportOf(event);
  if (meaning === null || channelOf(event) === null) return metric;
  // Each device has a token of its own, and only that is dead.
  const isOfDevice = event.object_type === 'push' && (metric === 'bounced' || metric === 'dropped');
  const devices = isOfDevice ? (data.recipients ?? []) : [];
  if (devices.length === 0) return [told(event, addressOf(event), meaning)];
  return devices.map((device) => ({
    ...told(event, device.device_id, meaning),
    reason: device.failure_message ?? data.failure_message,
  }));
}

function told(event: CustomerioEvent, subscriber: string | null, meaning: Meaning): NormalisedEvent {
  const { data } = event;
  return {
    ...plain,
    channel: channelOf(event) ?? 'email',
    subscriber,
    campaign: campaignOf(event),
    messageId: data.delivery_id,
    occurredAt: epochTime(event.timestamp, 'seconds'),
    reason: data.failure_message ?? event.metric,
    providerEventId: event.event_id,
    ...meaning,
    identity: [
      event.event_id,
      event.object_type,
      event.metric,
      data.delivery_id,
      subscriber,
      event.timestamp,
      meaning.channel ?? null,
      meaning.stream ?? null,
    ],
  };
}

const channels = new Map<string, Channel>([
  ['email', 'email'],
  ['customer', 'email'],
  ['sms', 'sms'],
  ['push', 'push'],
  ['in_app', 'in_app'],
  ['whatsapp', 'whatsapp'],
]);

/** @returns null for what reaches no person: slack, webhook */
const channelOf = ({ object_type }: CustomerioEvent): Channel | null =>
  channels.get(object_type ?? 'customer') ?? null;

function addressOf(event: CustomerioEvent): string | null {
  const { data } = event;
  switch (channelOf(event)) {
    case 'sms':
    case 'whatsapp':
      return data.recipient;
    case 'push':
      return data.recipients?.[0]?.device_id ?? null;
    default:
      return data.recipient ?? data.email_address ?? data.identifiers?.email ?? null;
  }
}

function campaignOf({ data }: CustomerioEvent): string | null {
  if (data.broadcast_id !== null) return `customerio:broadcast:${data.broadcast_id}`;
  if (data.newsletter_id !== null) return `customerio:newsletter:${data.newsletter_id}`;
  if (data.campaign_id !== null) return `customerio:campaign:${data.campaign_id}`;
  return data.transactional_message_id === null
    ? null
    : `customerio:transactional:${data.transactional_message_id}`;
}

/** `object_type` is then the message that led to it, `customer` where none did. */
function wishOf({ metric, object_type, data, event_id }: CustomerioEvent): Meaning | null {
  const isByMessage = object_type !== null && object_type !== 'customer';
  if (metric === 'unsubscribed') {
    return isByMessage
      ? { trigger: 'link_unsubscribe', scopeHint: 'unknown' }
      : { trigger: 'global_unsubscribe', scopeHint: 'global' };
  }
  if (metric !== 'subscribed') return null;
  return {
    trigger: 'resubscribe',
    scopeHint: 'global',
    ...origin(isByMessage ? data.delivery_id : null, `subscribed ${event_id ?? ''}`),
  };
}

/** An attribute that the sender may have set as well: proven only where a delivered message led to it. */
function origin(deliveryId: string | null, what: string): Pick<Meaning, 'evidence' | 'madeBy'> {
  if (deliveryId === null) return { madeBy: 'provider' };
  return { evidence: `customerio ${what} delivery ${deliveryId}` };
}

/** `{"topics":{"topic_7":false},"channels":{"sms":true}}`: only what was changed. */
function changesOf({ topics, channels: reached }: Preferences, deliveryId: string | null) {
  const changes: Meaning[] = [];
  for (const [topic, isWanted] of Object.entries(topics ?? {})) {
    const named = { channel: 'email', stream: `customerio:topic:${topic.replace(/^topic_/, '')}` } as const;
    changes.push(
      isWanted
        ? { ...named, trigger: 'resubscribe', scopeHint: 'stream', ...origin(deliveryId, topic) }
        : { ...named, trigger: 'preference_change', scopeHint: 'stream' },
    );
  }
  for (const [name, isWanted] of Object.entries(reached ?? {})) {
    const channel = channels.get(name);
    if (channel === undefined) continue;
    changes.push(
      isWanted
        ? { trigger: 'resubscribe', channel, scopeHint: 'channel', ...origin(deliveryId, name) }
        : { trigger: 'preference_change', channel, asked: 'all', scopeHint: 'channel' },
    );
  }
  return changes;
}

/** @see https://docs.customer.io/api/webhooks/ */
function reportOf({ metric, object_type, data }: CustomerioEvent): Meaning | null {
  const text = data.failure_message ?? '';
  switch (metric) {
    case 'spammed':
      return { trigger: 'complaint', scopeHint: 'sender' };
    case 'bounced':
      return bounced(weighBounce({ status: null, text }, object_type === 'push' ? 'hard' : null));
    case 'dropped':
    case 'suppressed':
      return suppressed(object_type === 'push' || /bounce|invalid/i.test(text) ? 'address' : 'consent');
    case 'failed':
      return /\b21610\b|unsubscribed|opted[- ]?out/i.test(text)
        ? suppressed('consent')
        : bounced(weighBounce({ status: null, text }, null));
    case 'attempted':
    case 'deferred':
      return { trigger: 'delivery_delayed', scopeHint: 'none' };
    case 'delivered':
      return { trigger: 'delivered', scopeHint: 'none' };
    case 'opened':
      return { trigger: 'opened', scopeHint: 'none' };
    case 'clicked':
      return { trigger: 'clicked', scopeHint: 'none' };
    default:
      return null;
  }
}

const suppressed = (suppressedFor: 'address' | 'consent'): Meaning => ({
  trigger: 'provider_suppressed',
  suppressedFor,
  scopeHint: 'none',
  madeBy: 'provider',
});
