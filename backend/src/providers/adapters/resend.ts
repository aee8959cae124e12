import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { bounced, weighBounce } from '../../intake/bounce-class.js';
import { plain } from '../../intake/normalised-event.js';
import {
  asideText,
  invalid,
  jsonBody,
  looseText,
  type ProviderAdapter,
  sameBytes,
  shaped,
  zonedTime,
} from '../adapter.js';
import {
  blockedBounce,
  type Circumstances,
  clicked,
  complaint,
  delayed,
  delivered,
  eachMeaning,
  type Meaning,
  type Meanings,
  opened,
  suppressed,
  unclassifiedBounce,
} from '../meaning.js';

const Details = z
  .object({
    type: asideText,
    subType: asideText,
    message: asideText,
    reason: asideText,
    userAgent: asideText,
    diagnosticCode: z.array(asideText).nullish().catch(null),
  })
  .partial()
  .nullish()
  .catch(null);

const Event = z.object({
  type: z.string(),
  created_at: asideText,
  data: z.object({
    id: looseText,
    email: looseText,
    email_id: looseText,
    to: z.union([z.array(z.string()), z.string().transform((to) => [to])]).nullish(),
    broadcast_id: asideText,
    audience_id: asideText,
    unsubscribed: z.boolean().nullish(),
    topics: z.array(z.object({ id: z.string(), subscription: z.string() })).nullish(),
    origin: asideText,
    source_id: asideText,
    tags: z.record(z.string(), z.string()).nullish().catch(null),
    bounce: Details,
    suppressed: Details,
    failed: Details,
    click: Details,
    open: Details,
  }),
});
type Event = z.infer<typeof Event>;

/** Resend sends through Svix, which signs id, time and bytes. */
export const resend: ProviderAdapter = {
  provider: 'resend',
  title: 'Resend',
  authentication: ['signature'],
  // The signature is computed in JavaScript, once for each secret, for whoever calls.
  bodyLimit: 1024 * 1024,
  verify({ headers, body }, { secrets }) {
    const { 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': signatures } = headers;
    if (id === undefined || timestamp === undefined || signatures === undefined)
      return invalid('the signature headers are missing');
    if (!/^\d{1,11}$/.test(timestamp)) return invalid('the signed time cannot be read');
    const signedAt = Number(timestamp) * 1000;
    // While a secret is rotated Svix sends the signatures of both.
    const given = signatures.split(' ').map((signature) => Buffer.from(signature));
    const fits = secrets.some((secret) => {
      const own = signature(secret, id, signedAt, body);
      return own !== null && given.some((one) => sameBytes(one, own));
    });
    return fits ? { valid: true, signedAt } : invalid('the signature does not fit');
  },
  normalise: (call) => {
    const body = shaped(z.looseObject({ type: z.string() }), jsonBody(call));
    // The same however often Svix tries.
    const deliveryId = call.headers['svix-id'] ?? null;
    return eachMeaning([body], 'type', meanings, Event, (event) => circumstances(event, deliveryId));
  },
};

/** `v1,<base64>`; null where the secret is none. The library's own `verify` refuses what is older than five minutes. */
function signature(secret: string, id: string, signedAt: number, body: Buffer): Buffer | null {
  try {
    return Buffer.from(new Webhook(secret).sign(id, new Date(signedAt), body));
  } catch {
    return null;
  }
}

const meanings: Meanings<Event> = {
  'email.delivered': delivered,
  'email.delivery_delayed': delayed,
  'email.opened': opened,
  'email.clicked': clicked,
  'email.complained': complaint,
  'email.bounced': bounceOf,
  'email.failed': suppressed('sender'),
  'email.suppressed': ({ data }) => suppressed(listedFor(data.suppressed?.message, data.suppressed?.type)),
  // Resend has no event for an unsubscription: the contact changes.
  'contact.created': contactOf,
  'contact.updated': contactOf,
  'contact.deleted': (event) =>
    event.data.unsubscribed === true
      ? contactOf(event)
      : { trigger: 'list_removal', madeBy: 'admin', ...audienceOf(event) },
  'contact.topics.updated': topicsOf,
  'suppression.added': ({ data }) => ({
    ...suppressed(data.origin === 'bounce' ? 'address' : 'consent'),
    messageId: data.source_id,
  }),
  'suppression.removed': { trigger: 'resubscribe', madeBy: 'admin', scopeHint: 'address' },
};

/** Bounce types and subtypes are those of Amazon SES. The oldest payloads have only words of Resend's own. */
function bounceOf({ data: { bounce } }: Event): Meaning {
  const { type, subType, message } = bounce ?? {};
  const words = `${subType ?? ''} ${message ?? ''}`;
  if (/suppress/i.test(words)) return suppressed(listedFor(message, subType));
  if (/(?:Content|Attachment)Rejected/.test(subType ?? '')) return blockedBounce;
  const verdict = verdictOf(type ?? null, message ?? '');
  const said = bounce?.diagnosticCode?.filter((code) => code !== null).join(' ') ?? '';
  if (verdict === null && said === '') return unclassifiedBounce;
  return bounced(weighBounce({ status: null, text: said }, verdict));
}

function verdictOf(type: string | null, message: string): 'hard' | 'soft' | null {
  if (type === 'Permanent' || (type === null && /hard bounce/i.test(message))) return 'hard';
  const isPassing = /general bounce|inbox was full|too large|attachment|doesn't allow/i.test(message);
  return type === 'Transient' || (type === null && isPassing) ? 'soft' : null;
}

/** Resend lists an address after a hard bounce or a complaint, and sometimes says after which. */
function listedFor(...words: (string | null | undefined)[]): 'address' | 'consent' {
  return /complain|spam|manual/i.test(words.join(' ')) ? 'consent' : 'address';
}

/** The flag covers every broadcast. Who set it is not told, so that it came back proves nothing. */
function contactOf(event: Event): Meaning | string {
  switch (event.data.unsubscribed) {
    case true:
      return { trigger: 'global_unsubscribe', ...audienceOf(event) };
    case false:
      return { trigger: 'resubscribe', madeBy: 'provider', ...audienceOf(event) };
    default:
      return event.type;
  }
}

function audienceOf({ data: { audience_id } }: Event): Pick<Meaning, 'stream' | 'scopeHint'> {
  if (audience_id === null) return { stream: null, scopeHint: 'global' };
  return { stream: `resend:audience:${audience_id}`, scopeHint: 'list' };
}

function topicsOf({ data }: Event): Meaning[] {
  return (data.topics ?? []).map(({ id, subscription }): Meaning => {
    const place = { stream: `resend:topic:${id}`, scopeHint: 'stream' } as const;
    return subscription === 'opt_out'
      ? { trigger: 'stream_unsubscribe', ...place }
      : { trigger: 'resubscribe', madeBy: 'provider', ...place };
  });
}

function circumstances(event: Event, deliveryId: string | null): Circumstances {
  const { data } = event;
  const subscriber = data.email ?? recipientOf(data.to ?? []);
  const userAgent = data.click?.userAgent ?? data.open?.userAgent ?? null;
  const cause = data.bounce ?? data.suppressed ?? data.failed;
  return {
    ...plain,
    subscriber,
    campaign: data.broadcast_id === null ? null : `resend:broadcast:${data.broadcast_id}`,
    messageId: data.email_id,
    occurredAt: zonedTime(event.created_at),
    reason: cause?.message ?? cause?.reason ?? data.origin,
    providerEventId: deliveryId,
    tags: Object.entries(data.tags ?? {}).map(([name, value]) => `${name}:${value}`),
    identity: [deliveryId, event.type, data.email_id ?? data.id, subscriber, event.created_at],
    ...(userAgent === null ? {} : { userAgent }),
  };
}

/** Of a message to several people Resend does not say which of them an event is about. */
function recipientOf(to: readonly string[]): string | null {
  const [only] = to;
  return only === undefined || to.length > 1 ? null : (/<([^<>]+)>\s*$/.exec(only)?.[1] ?? only);
}
