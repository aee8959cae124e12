import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { type NormalisedEvent, plain } from '../../intake/normalised-event.js';
import {
  eachItem,
  epochTime,
  invalid,
  jsonBody,
  looseText,
  type ProviderAdapter,
  shaped,
  type Verification,
  type VerifyContext,
  type WebhookCall,
} from '../adapter.js';

const Event = z.object({
  event: z.string(),
  email: looseText,
  timestamp: z.union([z.number(), z.string()]).nullish(),
  sg_event_id: looseText,
  sg_message_id: looseText,
  asm_group_id: looseText,
  category: z.union([z.string(), z.array(z.string())]).nullish(),
  reason: looseText,
  response: looseText,
  status: looseText,
  type: looseText,
  useragent: looseText,
});
type Event = z.infer<typeof Event>;

/** SendGrid signs timestamp + body by ECDSA P-256; the secret is the public key that its settings show. */
export const sendgrid: ProviderAdapter = {
  provider: 'sendgrid',
  title: 'SendGrid',
  authentication: ['signature'],
  verify(call: WebhookCall, { secrets }: VerifyContext): Verification {
    const timestamp = call.headers['x-twilio-email-event-webhook-timestamp'];
    const signature = call.headers['x-twilio-email-event-webhook-signature'];
    if (timestamp === undefined || signature === undefined)
      return invalid('the signature headers are missing');
    const signed = Buffer.concat([Buffer.from(timestamp), call.body]);
    const fits = secrets.some((secret) => {
      const key = publicKey(secret);
      return key !== null && verify('sha256', signed, key, Buffer.from(signature, 'base64'));
    });
    return fits ? { valid: true, signedAt: Number(timestamp) * 1000 } : invalid('the signature does not fit');
  },
  normalise: (call) => eachItem(shaped(z.array(z.unknown()), jsonBody(call)), Event, read),
};

function publicKey(secret: string): KeyObject | null {
  try {
    return secret.includes('-----BEGIN')
      ? createPublicKey(secret)
      : createPublicKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

function read(event: Event): NormalisedEvent | string {
  const common = {
    ...plain,
    subscriber: event.email,
    messageId: event.sg_message_id,
    occurredAt: epochTime(event.timestamp, 'seconds'),
    providerEventId: event.sg_event_id,
    tags: [event.category ?? []].flat(),
    // SendGrid's own sample repeats one sg_event_id through a batch.
    identity: [event.sg_event_id, event.event, event.email, event.timestamp ?? null, event.asm_group_id],
    ...(event.useragent === null ? {} : { userAgent: event.useragent }),
  };
  const group = event.asm_group_id === null ? null : `sendgrid:asm:${event.asm_group_id}`;
  switch (event.event) {
    case 'group_unsubscribe':
      return { ...common, trigger: 'group_unsubscribe', stream: group, scopeHint: 'stream' };
    case 'group_resubscribe': {
      const evidence = `sendgrid group_resubscribe ${event.sg_event_id ?? ''}`.trim();
      return { ...common, trigger: 'resubscribe', stream: group, scopeHint: 'stream', evidence };
    }
    case 'unsubscribe':
      return { ...common, trigger: 'global_unsubscribe', scopeHint: 'global' };
    case 'spamreport':
      return { ...common, trigger: 'complaint', scopeHint: 'sender' };
    case 'bounce':
      // `blocked` is a refusal of the sender, whatever status stands beside it.
      return event.type === 'blocked'
        ? { ...common, trigger: 'soft_bounce', isBlock: true, reason: event.reason, scopeHint: 'none' }
        : { ...common, trigger: 'hard_bounce', reason: event.reason, scopeHint: 'address' };
    case 'dropped':
      return {
        ...common,
        trigger: 'provider_suppressed',
        reason: event.reason,
        suppressedFor: suppressedFor(event.reason ?? ''),
        scopeHint: 'none',
      };
    case 'deferred':
      return { ...common, trigger: 'delivery_delayed', reason: event.response, scopeHint: 'none' };
    case 'delivered':
      return { ...common, trigger: 'delivered', reason: event.response, scopeHint: 'none' };
    case 'open':
      return { ...common, trigger: 'opened', scopeHint: 'none' };
    case 'click':
      return { ...common, trigger: 'clicked', scopeHint: 'none' };
    default:
      return event.event;
  }
}

/** The reasons that SendGrid documents for `dropped`. */
function suppressedFor(reason: string): NonNullable<NormalisedEvent['suppressedFor']> {
  if (/bounced|invalid(?! smtpapi)/i.test(reason)) return 'address';
  if (/unsubscribed|spam report/i.test(reason)) return 'consent';
  return 'sender';
}
