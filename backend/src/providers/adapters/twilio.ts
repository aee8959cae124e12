import { z } from 'zod';
import { bounced } from '../../intake/bounce-class.js';
import { type Item, type NormalisedEvent, plain } from '../../intake/normalised-event.js';
import {
  asideText,
  eachItem,
  formBody,
  isJson,
  jsonBody,
  looseText,
  type ProviderAdapter,
  zonedTime,
} from '../adapter.js';
import { delivered, type Meaning, opened } from '../meaning.js';
import { wishesIn } from '../wishes.js';
import { verifyTwilio } from './twilio-signature.js';

/** A message to us, or what became of one of ours: the form of a webhook and the JSON of Event Streams alike. */
const Message = z.object({
  /** Of a status callback the status, of an incoming message `received`, of anything else its own word. */
  type: z.string(),
  sid: asideText,
  from: looseText,
  to: looseText,
  body: asideText,
  optOut: asideText,
  service: asideText,
  errorCode: asideText,
  at: asideText,
  eventId: asideText,
});
type Message = z.infer<typeof Message>;

export const twilio: ProviderAdapter = {
  provider: 'twilio',
  title: 'Twilio',
  authentication: ['signature'],
  verify: verifyTwilio,
  normalise(call): Item[] {
    if (!isJson(call)) return eachItem([fromForm(formBody(call))], Message, read);
    return eachItem([jsonBody(call)].flat(), z.preprocess(fromStream, Message), read);
  },
};

function fromForm(fields: URLSearchParams): unknown {
  const status = fields.get('MessageStatus') ?? fields.get('SmsStatus');
  // Only a message to us has a wish, whatever status stands beside it.
  const isWish = fields.has('OptOutType') || (status === null && fields.has('Body'));
  return {
    type: isWish ? 'received' : (status ?? undefined),
    sid: fields.get('MessageSid') ?? fields.get('SmsMessageSid') ?? fields.get('SmsSid'),
    from: fields.get('From'),
    to: fields.get('To'),
    body: fields.get('Body'),
    optOut: fields.get('OptOutType'),
    service: fields.get('MessagingServiceSid'),
    errorCode: fields.get('ErrorCode'),
  };
}

const CloudEvent = z.object({ type: z.string(), id: asideText, time: asideText, data: z.looseObject({}) });
const Streamed = z.looseObject({ eventName: asideText });

/** Event Streams wrap what happened as a CloudEvent, or send it bare. */
function fromStream(value: unknown): unknown {
  const wrapped = CloudEvent.safeParse(value).data;
  const data = Streamed.safeParse(wrapped?.data ?? value).data;
  if (data === undefined) return value;
  return {
    type: streamedType(wrapped?.type ?? data.eventName ?? undefined),
    sid: data.messageSid,
    from: data.from,
    to: data.to,
    body: data.body,
    optOut: data.optOutType,
    service: data.messagingServiceSid,
    errorCode: data.errorCode,
    at: data.timestamp ?? wrapped?.time,
    eventId: wrapped?.id,
  };
}

function streamedType(name: string | undefined): string | undefined {
  if (name === 'com.twilio.messaging.inbound-message.received') return 'received';
  return name?.replace(/^com\.twilio\.messaging\.message\./, '');
}

function read(message: Message): NormalisedEvent[] | string {
  const party = partyOf(message.type === 'received' ? message.from : message.to);
  const meanings = party === null ? [] : meaningsOf(message);
  if (party === null || meanings.length === 0) return message.type;
  return meanings.map((meaning, index) => ({
    ...plain,
    stream: message.service === null ? null : `twilio:${message.service}`,
    ...party,
    messageId: message.sid,
    occurredAt: zonedTime(message.at),
    providerEventId: message.eventId,
    // A webhook and a stream may tell of one message.
    identity: [
      message.type,
      message.sid,
      message.from,
      message.to,
      message.errorCode,
      message.sid === null ? message.body : null,
      ...(index === 0 ? [] : [index]),
    ],
    ...meaning,
  }));
}

/** `whatsapp:+15550100`. @returns null for a channel that is none of ours, such as `messenger:` */
function partyOf(address: string | null): Pick<NormalisedEvent, 'channel' | 'subscriber'> | null {
  const [, prefix = 'sms', subscriber = null] = /^(?:([a-z]+):)?(.+)$/.exec(address ?? '') ?? [];
  if (prefix === 'whatsapp') return { channel: 'whatsapp', subscriber };
  return ['sms', 'mms', 'rcs'].includes(prefix) ? { channel: 'sms', subscriber } : null;
}

function meaningsOf(message: Message): readonly Meaning[] {
  switch (message.type) {
    case 'received':
      return wishesOf(message);
    case 'delivered':
      return [delivered];
    case 'read':
      return [opened];
    case 'failed':
    case 'undelivered':
      return [{ ...failureOf(message.errorCode ?? ''), reason: `ErrorCode=${message.errorCode ?? ''}` }];
    default:
      return [];
  }
}

/**
 * Twilio says by OptOutType what its lists of words make of a text, and blocks for one messaging service. Who writes
 * STOPALL or takes consent back speaks of more than that service.
 */
function wishesOf({ body, optOut, service, sid }: Message): readonly Meaning[] {
  const text = body ?? '';
  const word = keywordOf(text);
  const told = optOut?.trim().toUpperCase();
  if (word === 'stop_all') {
    const reason = 'keyword stop_all';
    return [{ trigger: 'sms_stop', scopeHint: 'sender', stream: null, asked: 'all', reason }];
  }
  if (word === 'revoke')
    return [{ trigger: 'sms_stop', scopeHint: 'channel', stream: null, reason: 'keyword revoke' }];
  // What Twilio blocks for has ended there; the words may ask for more.
  const wishes = wishesIn(text);
  if (told === 'STOP') {
    const stop: Meaning = { trigger: 'sms_stop', scopeHint: 'channel', reason: 'OptOutType=STOP' };
    return [stop, ...wishes.filter(({ trigger, asked }) => trigger !== 'sms_stop' || asked !== undefined)];
  }
  if (wishes.length > 0) return wishes;
  if (told === 'START' || (told === undefined && word === 'start')) {
    const reason = told === undefined ? 'keyword start' : 'OptOutType=START';
    const evidence = `twilio ${sid ?? ''}: ${text.slice(0, 160)}`;
    return [{ trigger: 'resubscribe', scopeHint: service === null ? 'sender' : 'stream', reason, evidence }];
  }
  return [];
}

type Keyword = 'stop_all' | 'revoke' | 'start';

/** Keywords that say more than stop, or the contrary, insensitive to case, spaces and punctuation. */
function keywordOf(body: string): Keyword | null {
  return (
    keywords.get(
      body
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[^\p{L}]/gu, ''),
    ) ?? null
  );
}

/** @see https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out */
const keywords = new Map<string, Keyword>([
  ['stopall', 'stop_all'],
  ['revoke', 'revoke'],
  ['optout', 'revoke'],
  ['start', 'start'],
  ['unstop', 'start'],
]);

/** @see https://www.twilio.com/docs/api/errors */
function failureOf(code: string): Meaning {
  switch (code) {
    case '21610': // the recipient opted out
    case '63014': // blocked by an action of the recipient
      return {
        trigger: 'provider_suppressed',
        suppressedFor: 'consent',
        scopeHint: 'none',
        madeBy: 'provider',
      };
    case '21211': // no valid number
    case '21614': // no mobile number
    case '30005': // unknown handset
    case '30006': // landline, or a carrier that takes none
    case '63003': // WhatsApp does not know the address
    case '63024': // no valid recipient
      return bounced({ trigger: 'hard_bounce', isBlock: false });
    case '30002': // the account is suspended
    case '30004': // blocked on the way
    case '30007': // filtered by the carrier
    case '30034': // the sender is not registered
      return bounced({ trigger: 'soft_bounce', isBlock: true });
    case '30001': // queue overflow
    case '30003': // the handset cannot be reached
      return bounced({ trigger: 'soft_bounce', isBlock: false });
    default:
      return bounced({ trigger: 'bounce_unclassified', isBlock: false });
  }
}
