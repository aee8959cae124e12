import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { bounced, weighBounce } from '../../intake/bounce-class.js';
import { type NormalisedEvent, plain } from '../../intake/normalised-event.js';
import {
  asideText,
  bareMessageId,
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
  timestamp: asideText,
  sg_event_id: asideText,
  sg_message_id: asideText,
  'smtp-id': asideText,
  asm_group_id: looseText,
  category: z
    .union([z.string(), z.array(z.string())])
    .nullish()
    .catch(null),
  singlesend_id: asideText,
  marketing_campaign_id: asideText,
  reason: asideText,
  response: asideText,
  status: asideText,
  type: asideText,
  useragent: asideText,
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
    const claimed = Buffer.from(signature, 'base64');
    const fits = secrets.some((secret) => {
      const key = publicKey(secret);
      return key?.asymmetricKeyType === 'ec' && verify('sha256', signed, key, claimed);
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
    // The message was sent for this group, whatever happened to it.
    stream: event.asm_group_id === null ? null : `sendgrid:asm:${event.asm_group_id}`,
    campaign: campaignOf(event),
    // A bounce that comes later than the session has only the other.
    messageId: event.sg_message_id ?? bareMessageId(event['smtp-id']),
    occurredAt: epochTime(event.timestamp, 'seconds'),
    reason: event.reason ?? event.response,
    providerEventId: event.sg_event_id,
    tags: [event.category ?? []].flat(),
    // SendGrid's own sample repeats one sg_event_id through a batch.
    identity: [event.sg_event_id, event.event, event.email, event.timestamp, event.asm_group_id],
    ...(event.useragent === null ? {} : { userAgent: event.useragent }),
  };
  switch (event.event) {
    case 'group_unsubscribe':
      return { ...common, trigger: 'group_unsubscribe', scopeHint: 'stream' };
    case 'group_resubscribe': {
      const evidence = `sendgrid group_resubscribe ${event.sg_event_id ?? ''}`.trim();
      return { ...common, trigger: 'resubscribe', scopeHint: 'stream', evidence };
    }
    case 'unsubscribe':
      return { ...common, stream: null, trigger: 'global_unsubscribe', scopeHint: 'global' };
    case 'spamreport':
      return { ...common, trigger: 'complaint', scopeHint: 'sender' };
    case 'bounce':
      return { ...common, ...bounceOf(event) };
    case 'dropped':
      return {
        ...common,
        trigger: 'provider_suppressed',
        suppressedFor: suppressedFor(event.reason ?? ''),
        scopeHint: 'none',
        madeBy: 'provider',
      };
    case 'deferred':
      return { ...common, trigger: 'delivery_delayed', scopeHint: 'none' };
    case 'delivered':
      return { ...common, trigger: 'delivered', scopeHint: 'none' };
    case 'open':
      return { ...common, trigger: 'opened', scopeHint: 'none' };
    case 'click':
      return { ...common, trigger: 'clicked', scopeHint: 'none' };
    default:
      return event.event;
  }
}

function campaignOf(event: Event): string | null {
  if (event.singlesend_id !== null) return `sendgrid:singlesend:${event.singlesend_id}`;
  return event.marketing_campaign_id === null ? null : `sendgrid:campaign:${event.marketing_campaign_id}`;
}

/** `blocked` is a refusal of the sender, whatever status stands beside it. */
function bounceOf({ type, status, reason }: Event): ReturnType<typeof bounced> {
  if (type === 'blocked') return bounced({ trigger: 'soft_bounce', isBlock: true });
  return bounced(weighBounce({ status, text: reason }, 'hard'));
}

/** The reasons that SendGrid documents for `dropped`. */
function suppressedFor(reason: string): NonNullable<NormalisedEvent['suppressedFor']> {
  if (/bounced|^invalid$/i.test(reason)) return 'address';
  if (/unsubscribed|spam report/i.test(reason)) return 'consent';
  return 'sender';
}
