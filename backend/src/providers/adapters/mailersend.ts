import { z } from 'zod';
import { bounced, weighBounce } from '../../intake/bounce-class.js';
import { plain } from '../../intake/normalised-event.js';
import type { Reason } from '../../preferences/form.js';
import {
  asideText,
  hmacFits,
  invalid,
  jsonBody,
  looseText,
  type ProviderAdapter,
  shaped,
  type WebhookCall,
  zonedTime,
} from '../adapter.js';
import {
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
} from '../meaning.js';

/** `{"email":"…"}` in the first version of the payload, the address itself in the second. */
const Address = z
  .union([z.object({ email: looseText }).transform(({ email }) => email), looseText])
  .nullish()
  .transform((address) => address ?? null);

/** The second version puts everything into `data` itself, and an empty list where there is no `meta`. */
const FirstVersion = z.object({
  message: z.object({ id: asideText }).nullish().catch(null),
  recipient: Address,
  tags: z.array(z.string()).nullish().catch(null),
});

const Details = z
  .object({
    reason: asideText,
    readable_reason: asideText,
    bounce_reason: asideText,
    bounce_code: asideText,
    suppression_reason: asideText,
    unsubscribe_reason: asideText,
    user_agent: asideText,
  })
  .partial()
  .nullish()
  .catch(null);

const Event = z.object({
  type: z.string(),
  created_at: asideText,
  data: z.object({
    id: looseText,
    created_at: asideText,
    email: z.union([FirstVersion, looseText]).nullish(),
    recipient: Address,
    to: asideText,
    message_id: asideText,
    tags: z.array(z.string()).nullish().catch(null),
    morph: Details,
    meta: Details,
  }),
});
type Event = z.infer<typeof Event>;

/** MailerSend signs the bytes with the secret of the webhook. */
export const mailersend: ProviderAdapter = {
  provider: 'mailersend',
  title: 'MailerSend',
  authentication: ['signature'],
  verify(call, { secrets }) {
    const signature = call.headers.signature;
    if (signature === undefined) return invalid('the signature header is missing');
    const fits = (keys: readonly string[]) => hmacFits('sha256', keys, [call.body], signature, 'hex');
    return fits(secrets) || (fits([pingSecret]) && isPing(call))
      ? { valid: true, signedAt: null }
      : invalid('the signature does not fit');
  },
  normalise: (call) =>
    eachMeaning(
      [shaped(z.looseObject({ type: z.string() }), jsonBody(call))],
      'type',
      meanings,
      Event,
      circumstances,
    ),
};

/**
 * MailerSend saves a webhook only after a `webhook.test` got through, which it signs with this secret from its
 * documentation. Everybody knows it, so it is good for nothing else.
 */
const pingSecret = 'test_Am3L1GuOIc4blLUuHqAPxxwkZaJyEk8G';

function isPing(call: WebhookCall): boolean {
  if (call.body.length > 4096) return false;
  try {
    return z.object({ type: z.literal('webhook.test') }).safeParse(jsonBody(call)).success;
  } catch {
    return false;
  }
}

const meanings: Meanings<Event> = {
  'activity.delivered': delivered,
  'activity.soft_bounced': (event) => bounceOf(event, 'soft'),
  'activity.hard_bounced': (event) => bounceOf(event, 'hard'),
  'activity.deferred': delayed,
  'activity.opened': opened,
  'activity.opened_unique': opened,
  'activity.clicked': clicked,
  'activity.clicked_unique': clicked,
  'activity.unsubscribed': (event) => ({
    trigger: 'link_unsubscribe',
    scopeHint: 'unknown',
    reason: reasonCode(reasonOf(event)),
  }),
  'activity.spam_complaint': complaint,
  'activity.spam_complaints': complaint,
  'activity.suppressed': refused,
  // Put aside after bounces.
  'recipient.on_hold_added': suppressed('address'),
  'sms.delivered': { ...delivered, channel: 'sms' },
  'sms.failed': (event) => ({ ...bounceOf(event, null), channel: 'sms' }),
};

function reasonOf({ data: { morph, meta } }: Event): string | null {
  return (
    morph?.readable_reason ??
    morph?.reason ??
    meta?.unsubscribe_reason ??
    meta?.bounce_reason ??
    meta?.suppression_reason ??
    meta?.reason ??
    null
  );
}

/** Answers on MailerSend's unsubscribe page, in the words of our own page; one of the sender's own stays as it is. */
function reasonCode(words: string | null): string | null {
  const own: [RegExp, Reason][] = [
    [/too (?:many|much|often|frequent)/i, 'too_many'],
    [/never (?:signed|subscribed|asked)|did(?: not|n't) (?:sign|subscribe)/i, 'never_signed_up'],
    [/no longer|not (?:relevant|interest)|irrelevant|inappropriate/i, 'not_relevant'],
  ];
  return own.find(([answer]) => answer.test(words ?? ''))?.[1] ?? words;
}

function bounceOf(event: Event, verdict: 'hard' | 'soft' | null): Meaning {
  return bounced(
    weighBounce({ status: event.data.meta?.bounce_code ?? null, text: reasonOf(event) }, verdict),
  );
}

/** On one of the domain's lists: unsubscribed, complained, bounced, on hold, or put there by hand. */
function refused(event: Event): Meaning {
  return suppressed(/bounce|hold/i.test(reasonOf(event) ?? '') ? 'address' : 'consent');
}

function circumstances(event: Event): Circumstances {
  const { data } = event;
  const first = typeof data.email === 'object' ? data.email : null;
  const address = typeof data.email === 'string' ? data.email : null;
  const subscriber = first?.recipient ?? data.recipient ?? address ?? data.to;
  const userAgent = data.meta?.user_agent ?? null;
  return {
    ...plain,
    subscriber,
    messageId: first?.message?.id ?? data.message_id,
    occurredAt: timeOf(data.created_at ?? event.created_at),
    reason: reasonOf(event),
    providerEventId: data.id,
    tags: first?.tags ?? data.tags ?? [],
    identity: [data.id, event.type, subscriber, data.created_at ?? event.created_at],
    ...(userAgent === null ? {} : { userAgent }),
  };
}

/** Microseconds and `Z`; for some types `2025-08-05 22:27:14`, which names no zone and stays as it is. */
function timeOf(time: string | null): string | null {
  return time !== null && /^\d{4}-\d\d-\d\d[ T][\d:.]+$/.test(time) ? time : zonedTime(time);
}
