import { z } from 'zod';
import { bounced, weighBounce } from '../../intake/bounce-class.js';
import { plain } from '../../intake/normalised-event.js';
import {
  asideText,
  epochTime,
  hmacFits,
  invalid,
  looseText,
  type ProviderAdapter,
  shaped,
  UnreadablePayload,
  type WebhookCall,
} from '../adapter.js';
import {
  blockedBounce,
  type Circumstances,
  clicked,
  complaint,
  delayed,
  delivered,
  eachMeaning,
  hardBounce,
  type Meaning,
  type Meanings,
  opened,
  softBounce,
  suppressed,
} from '../meaning.js';

const Event = z.object({
  event: z.string(),
  email: looseText,
  event_id: looseText,
  message_id: asideText,
  sending_stream: looseText,
  timestamp: asideText,
  category: asideText,
  reason: asideText,
  response: asideText,
  response_code: asideText,
  bounce_category: asideText,
  user_agent: asideText,
});
type Event = z.infer<typeof Event>;

/** Mailtrap signs the bytes of every call, JSON or JSON Lines, with the secret of the webhook. */
export const mailtrap: ProviderAdapter = {
  provider: 'mailtrap',
  title: 'Mailtrap',
  authentication: ['signature'],
  verify({ headers, body }, { secrets }) {
    const signature = headers['mailtrap-signature'];
    if (signature === undefined) return invalid('the signature header is missing');
    return hmacFits('sha256', secrets, [body], signature, 'hex')
      ? { valid: true, signedAt: null }
      : invalid('the signature does not fit');
  },
  normalise: (call) => eachMeaning(elementsOf(call), 'event', meanings, Event, circumstances),
};

const Batch = z.union([
  z.object({ events: z.array(z.unknown()) }).transform(({ events }) => events),
  z.looseObject({ event: z.string() }).transform((event) => [event]),
]);

/** `{"events":[…]}`, or one event a line. A line that is no JSON stays text. @throws UnreadablePayload */
function elementsOf({ body }: WebhookCall): readonly unknown[] {
  const text = body.toString('utf8');
  const whole = parsed(text);
  if (whole !== undefined) return shaped(Batch, whole);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const values = lines.map((line) => parsed(line) ?? line);
  if (values.every((value) => typeof value === 'string')) throw new UnreadablePayload('body: is not JSON');
  return values;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const meanings: Meanings<Event> = {
  delivery: delivered,
  open: opened,
  click: clicked,
  unsubscribe: { trigger: 'link_unsubscribe', scopeHint: 'stream' },
  spam: complaint,
  'soft bounce': (event) => bounceOf(event, 'soft'),
  bounce: (event) => bounceOf(event, 'hard'),
  // The domain is not verified or a limit is reached; Mailtrap tries again.
  suspension: delayed,
  reject: rejected,
};

/** Mailtrap's own table: Bounce Categorization. What is not in it is settled by code and words. */
const categories: Readonly<Record<string, Meaning>> = {
  badrecipient: hardBounce,
  overquota: softBounce,
  timeout: softBounce,
  transientfail: softBounce,
  greylisting: softBounce,
  dnsfail: softBounce,
  serverfail: softBounce,
  badsender: blockedBounce,
  block: blockedBounce,
  content: blockedBounce,
  relayfail: blockedBounce,
  serverpolicy: blockedBounce,
  spam: blockedBounce,
  spam_gmail: blockedBounce,
};

function bounceOf(event: Event, kind: 'hard' | 'soft'): Meaning {
  const category = event.bounce_category?.toLowerCase() ?? '';
  const known = Object.hasOwn(categories, category) ? categories[category] : undefined;
  if (known !== undefined) return kind === 'soft' && known === hardBounce ? softBounce : known;
  // `bounce` says only that Mailtrap gave up: no verdict on the address.
  const report = { status: event.response_code, text: event.response };
  return bounced(weighBounce(report, kind === 'soft' ? 'soft' : null));
}

/** "Recipient in suppression list. Reason: unsubscription", or a domain that was not verified in time. */
function rejected({ reason }: Event): Meaning {
  const words = reason ?? '';
  if (!/suppress/i.test(words)) return suppressed('sender');
  return suppressed(/bounce/i.test(words) ? 'address' : 'consent');
}

function circumstances(event: Event): Circumstances {
  return {
    ...plain,
    subscriber: event.email,
    stream: event.sending_stream === null ? null : `mailtrap:${event.sending_stream}`,
    messageId: event.message_id,
    occurredAt: epochTime(event.timestamp, 'seconds'),
    reason: event.reason ?? event.response,
    providerEventId: event.event_id,
    tags: event.category === null ? [] : [event.category],
    identity: [event.event_id, event.event, event.message_id, event.email, event.timestamp],
    ...(event.user_agent === null ? {} : { userAgent: event.user_agent }),
  };
}
