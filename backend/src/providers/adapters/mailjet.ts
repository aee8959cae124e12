import { z } from 'zod';
import { plain } from '../../intake/normalised-event.js';
import {
  asideText,
  epochTime,
  jsonBody,
  looseText,
  type ProviderAdapter,
  shaped,
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

/** Mailjet writes 0 for none. */
const looseId = looseText.transform((id) => (id === '0' ? null : id));

const Event = z.object({
  event: z.string(),
  email: looseText,
  time: asideText,
  MessageID: looseId.catch(null),
  mj_message_id: looseId.catch(null),
  mj_campaign_id: looseId.catch(null),
  mj_list_id: looseId,
  customcampaign: asideText,
  agent: asideText,
  url: asideText,
  hard_bounce: z.boolean().nullish().catch(null),
  error_related_to: asideText,
  error: asideText,
  source: asideText,
  smtp_reply: asideText,
});
type Event = z.infer<typeof Event>;

/** Mailjet signs nothing: the secret stands in the address, as password or as path. */
export const mailjet: ProviderAdapter = {
  provider: 'mailjet',
  title: 'Mailjet',
  authentication: ['secret'],
  normalise: (call) =>
    eachMeaning([shaped(Batch, exactJson(call))].flat(), 'event', meanings, Event, circumstances),
};

/** One event, or several where events are grouped. */
const Batch = z.union([z.array(z.unknown()), z.looseObject({ event: z.unknown() })]);

/** Message ids lie above 2^53, where a number loses digits: whole numbers as long as that become text. */
function exactJson(call: WebhookCall): unknown {
  const value = jsonBody(call);
  const text = call.body.toString('utf8');
  if (!/\d{16}/.test(text)) return value;
  let isInText = false;
  // In valid JSON an escape stands in text alone, and any other quote begins or ends one. Nothing here backtracks.
  const exact = text.replace(/\\.|"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => {
    if (token === '"') isInText = !isInText;
    return !isInText && /^-?\d{16,}$/.test(token) ? `"${token}"` : token;
  });
  return jsonBody({ body: Buffer.from(exact) });
}

const meanings: Meanings<Event> = {
  unsub: left,
  spam: complaint,
  bounce: bounceOf,
  blocked: refused,
  // The receiving server took it.
  sent: delivered,
  open: opened,
  click: clicked,
};

function left({ agent, mj_list_id }: Event): Meaning {
  return {
    trigger: agent === 'List-Unsubscribe' ? 'one_click_unsubscribe' : 'link_unsubscribe',
    scopeHint: mj_list_id === null ? 'unknown' : 'list',
  };
}

const sendersFault = /^(?:sender blocked|content blocked|policy issue|relay\/access denied)$/i;

/** Mailjet's own table: possible values for errors. The kinds `spam` and `mailjet` are about the sender. */
function bounceOf({ hard_bounce, error, error_related_to }: Event): Meaning {
  const kind = error_related_to?.toLowerCase();
  if (kind === 'spam' || kind === 'mailjet' || sendersFault.test(error ?? '')) return blockedBounce;
  if (/^greylisted$/i.test(error ?? '') && hard_bounce !== true) return delayed;
  if (kind === 'system' || /^quota exceeded$/i.test(error ?? '')) return softBounce;
  return hard_bounce === true ? hardBounce : softBounce;
}

/** Not sent at all. */
function refused({ error, error_related_to }: Event): Meaning {
  const words = error ?? '';
  // An address on the exclusion list, or of somebody who unsubscribed or reported a message.
  if (/blacklist|blocklist|spam reporter|unsub/i.test(words)) return suppressed('consent');
  const isDead = /preblocked|user unknown|mailbox inactive|invalid domain|no mail host|typofix/i.test(words);
  return suppressed(isDead || error_related_to?.toLowerCase() === 'recipient' ? 'address' : 'sender');
}

function circumstances(event: Event): Circumstances {
  const messageId = event.MessageID ?? event.mj_message_id;
  return {
    ...plain,
    subscriber: event.email,
    stream: event.mj_list_id === null ? null : `mailjet:list:${event.mj_list_id}`,
    campaign: event.mj_campaign_id === null ? null : `mailjet:${event.mj_campaign_id}`,
    messageId,
    occurredAt: epochTime(event.time, 'seconds'),
    reason: event.error ?? event.source ?? event.smtp_reply,
    tags: event.customcampaign === null ? [] : [event.customcampaign],
    // Mailjet gives events no id.
    identity: [event.event, messageId, event.email, event.time, event.mj_list_id, event.url],
    ...(event.agent === null ? {} : { userAgent: event.agent }),
  };
}
