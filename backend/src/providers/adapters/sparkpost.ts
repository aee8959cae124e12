import { z } from 'zod';
import { bounced, classifyBounce } from '../../intake/bounce-class.js';
import { plain } from '../../intake/normalised-event.js';
import {
  asideText,
  eachItem,
  epochTime,
  jsonBody,
  looseText,
  type ProviderAdapter,
  shaped,
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
  unclassifiedBounce,
} from '../meaning.js';

/** Under the name of its class (`message_event`, `track_event` …) stands the event; in a ping, nothing. */
const Envelope = z.object({ msys: z.record(z.string(), z.unknown()) });

const Event = z.object({
  type: z.string(),
  event_id: looseText,
  rcpt_to: looseText,
  timestamp: asideText,
  campaign_id: asideText,
  message_id: asideText,
  bounce_class: asideText,
  error_code: asideText,
  reason: asideText,
  raw_reason: asideText,
  fbtype: asideText,
  user_agent: asideText,
});
type Event = z.infer<typeof Event>;

/** SparkPost signs nothing: it shows the password or the token (OAuth 2) that its webhook was given. */
export const sparkpost: ProviderAdapter = {
  provider: 'sparkpost',
  title: 'SparkPost',
  authentication: ['secret'],
  normalise: (call) =>
    eachItem(shaped(z.array(z.unknown()), jsonBody(call)), Envelope, ({ msys }) =>
      eachMeaning(Object.values(msys), 'type', meanings, Event, circumstances),
    ),
};

const autoReply: Meaning = { trigger: 'auto_reply', scopeHint: 'none' };

/** SparkPost's own table: Bounce Classification Codes. */
const bounceClasses: Readonly<Record<string, Meaning | ((event: Event) => Meaning)>> = {
  1: unclassifiedBounce,
  10: hardBounce,
  20: softBounce,
  21: softBounce,
  22: softBounce,
  23: softBounce,
  24: softBounce,
  25: refused,
  30: hardBounce,
  40: softBounce,
  50: blockedBounce,
  51: blockedBounce,
  52: blockedBounce,
  53: blockedBounce,
  54: blockedBounce,
  60: autoReply,
  70: softBounce,
  // A mail that reads like a wish to subscribe: nobody knows whose, so nothing proves it.
  80: { trigger: 'resubscribe', scopeHint: 'unknown', madeBy: 'provider' },
  90: { trigger: 'mailto_unsubscribe', scopeHint: 'unknown' },
  100: autoReply,
};

const meanings: Meanings<Event> = {
  list_unsubscribe: { trigger: 'one_click_unsubscribe', scopeHint: 'unknown' },
  link_unsubscribe: { trigger: 'link_unsubscribe', scopeHint: 'unknown' },
  spam_complaint: reported,
  bounce: failed,
  out_of_band: failed,
  policy_rejection: refused,
  generation_rejection: refused,
  delay: delayed,
  delivery: delivered,
  open: opened,
  initial_open: opened,
  amp_open: opened,
  amp_initial_open: opened,
  click: clicked,
  amp_click: clicked,
};

function circumstances(event: Event): Circumstances {
  return {
    ...plain,
    subscriber: event.rcpt_to,
    campaign: event.campaign_id,
    messageId: event.message_id,
    occurredAt: epochTime(event.timestamp, 'seconds'),
    reason: reasonOf(event),
    providerEventId: event.event_id,
    // SparkPost's own sample repeats one event_id through a batch.
    identity: [event.event_id, event.type, event.rcpt_to, event.timestamp, event.message_id],
    ...(event.user_agent === null ? {} : { userAgent: event.user_agent }),
  };
}

// Class and words may contradict each other; the class counts, and both are kept.
function reasonOf({ bounce_class, fbtype, raw_reason, reason }: Event): string | null {
  const words = raw_reason ?? reason ?? fbtype;
  return bounce_class === null ? words : `class ${bounce_class}: ${words ?? ''}`.trimEnd();
}

function failed(event: Event): Meaning {
  const known = Object.hasOwn(bounceClasses, event.bounce_class ?? '')
    ? bounceClasses[event.bounce_class ?? '']
    : bounced(classifyBounce({ status: event.error_code, text: event.raw_reason ?? event.reason }));
  return (typeof known === 'function' ? known(event) : known) ?? unclassifiedBounce;
}

/** RFC 5965 and its later types: only some of them ask for an end (INV-ARF-1). */
function reported({ fbtype }: Event): Meaning | string {
  switch (fbtype?.toLowerCase()) {
    case 'not-spam':
      return { trigger: 'not_spam', scopeHint: 'none' };
    case 'auth-failure':
      return { trigger: 'auth_failure', scopeHint: 'none' };
    case 'virus':
      return 'spam_complaint:virus';
    case 'opt-out':
      return { trigger: 'complaint_optout', scopeHint: 'sender' };
    default:
      return complaint;
  }
}

/** "recipient address suppressed due to customer policy" is our own list; "system policy" holds what bounced at others. */
function refused({ raw_reason, reason }: Event): Meaning {
  const words = raw_reason ?? reason ?? '';
  if (!/suppress/i.test(words)) return suppressed('sender');
  return suppressed(/system policy/i.test(words) ? 'address' : 'consent');
}
