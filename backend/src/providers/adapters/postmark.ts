import { z } from 'zod';
import { bounced, weighBounce } from '../../intake/bounce-class.js';
import { type NormalisedEvent, plain } from '../../intake/normalised-event.js';
import { asideText, eachItem, jsonBody, looseText, type ProviderAdapter, zonedTime } from '../adapter.js';

const Event = z.object({
  RecordType: z.string(),
  ID: asideText,
  Type: asideText,
  TypeCode: z.number().nullish().catch(null),
  MessageID: asideText,
  MessageStream: asideText,
  Email: looseText,
  Recipient: looseText,
  Tag: asideText,
  BouncedAt: asideText,
  ChangedAt: asideText,
  DeliveredAt: asideText,
  ReceivedAt: asideText,
  Description: asideText,
  Details: asideText,
  Origin: asideText,
  SuppressSending: z.boolean().nullish(),
  SuppressionReason: asideText,
  OriginalLink: asideText,
  UserAgent: asideText,
});
type Event = z.infer<typeof Event>;

type Meaning = Pick<
  NormalisedEvent,
  'trigger' | 'scopeHint' | 'madeBy' | 'isBlock' | 'suppressedFor' | 'evidence'
>;

/** Postmark signs nothing: the secret stands in the address, or is the password of basic authentication. */
export const postmark: ProviderAdapter = {
  provider: 'postmark',
  title: 'Postmark',
  authentication: ['secret'],
  normalise: (call) => eachItem([jsonBody(call)].flat(), Event, read),
};

function read(event: Event): NormalisedEvent | string {
  const meaning = meaningOf(event);
  if (typeof meaning === 'string') return meaning;
  const subscriber = event.Recipient ?? event.Email;
  const at = event.BouncedAt ?? event.ChangedAt ?? event.DeliveredAt ?? event.ReceivedAt;
  return {
    ...plain,
    ...meaning,
    subscriber,
    stream: event.MessageStream === null ? null : `postmark:${event.MessageStream}`,
    campaign: event.Tag,
    messageId: event.MessageID,
    occurredAt: zonedTime(at),
    reason: reasonOf(event),
    providerEventId: event.ID,
    identity: [
      event.RecordType,
      event.ID,
      event.MessageID,
      subscriber,
      at,
      String(event.SuppressSending ?? ''),
      event.OriginalLink,
    ],
    ...(event.UserAgent === null ? {} : { userAgent: event.UserAgent }),
  };
}

function reasonOf(event: Event): string | null {
  if (event.RecordType !== 'SubscriptionChange') return event.Details ?? event.Description;
  return `Origin=${event.Origin ?? ''}, SuppressionReason=${event.SuppressionReason ?? ''}`;
}

/** @returns the word that is skipped, where the record says nothing about a recipient */
function meaningOf(event: Event): Meaning | string {
  switch (event.RecordType) {
    case 'Bounce':
      return bounceMeaning(event);
    case 'SpamComplaint':
      return complaint;
    case 'SubscriptionChange':
      return changeMeaning(event);
    case 'Delivery':
      return { trigger: 'delivered', scopeHint: 'none' };
    case 'Open':
      return { trigger: 'opened', scopeHint: 'none' };
    case 'Click':
      return { trigger: 'clicked', scopeHint: 'none' };
    default:
      return event.RecordType;
  }
}

const complaint: Meaning = { trigger: 'complaint', scopeHint: 'sender' };
const refusal = bounced({ trigger: 'soft_bounce', isBlock: true });
const removal: Meaning = { trigger: 'list_removal', scopeHint: 'stream', madeBy: 'admin' };

function suppressed(suppressedFor: 'consent' | 'sender'): Meaning {
  return { trigger: 'provider_suppressed', suppressedFor, scopeHint: 'none', madeBy: 'provider' };
}

/** Suppressions by Postmark's staff or the sender's own calls are no wish of the person. */
function changeMeaning({ SuppressSending, SuppressionReason, Origin, MessageID }: Event): Meaning {
  const isOwn = Origin === 'Recipient';
  if (SuppressSending === false) {
    // Postmark's word for it is all the proof there is; without it nothing is lifted.
    return {
      trigger: 'resubscribe',
      scopeHint: 'stream',
      ...(isOwn
        ? { evidence: `postmark SubscriptionChange Origin=Recipient ${MessageID ?? ''}`.trim() }
        : { madeBy: 'admin' }),
    };
  }
  if (SuppressionReason === 'HardBounce') return bounced({ trigger: 'hard_bounce', isBlock: false });
  if (SuppressionReason === 'SpamComplaint') return complaint;
  return isOwn ? { trigger: 'stream_unsubscribe', scopeHint: 'stream' } : removal;
}

/**
 * What Postmark reports as a bounce is also a complaint, a request by mail, an answer of a machine.
 * @see https://postmarkapp.com/developer/api/bounce-api#bounce-types
 */
function bounceMeaning(event: Event): Meaning | string {
  const report = { status: null, text: event.Details ?? event.Description };
  const type = event.Type ?? typeNames.get(event.TypeCode ?? -1) ?? '';
  switch (type) {
    case 'HardBounce':
    case 'BadEmailAddress':
      return bounced(weighBounce(report, 'hard'));
    case 'SoftBounce':
    case 'DnsError':
      return bounced(weighBounce(report, 'soft'));
    case 'Transient':
      return bounced({ trigger: 'delivery_delayed', isBlock: false });
    case 'Blocked':
    case 'SpamNotification':
    case 'VirusNotification':
    case 'DMARCPolicy':
      return refusal;
    case 'SpamComplaint':
      return complaint;
    case 'Unsubscribe':
      return { trigger: 'mailto_unsubscribe', scopeHint: 'unknown' };
    case 'Subscribe':
      // A mail with a sender that anybody can write: no evidence.
      return { trigger: 'resubscribe', scopeHint: 'unknown' };
    case 'AutoResponder':
    case 'ChallengeVerification':
      return { trigger: 'auto_reply', scopeHint: 'none' };
    case 'ManuallyDeactivated':
      return suppressed('consent');
    case 'SMTPApiError':
      // Inactive after a bounce, a complaint or by hand: it does not say which.
      return suppressed(/inactive/i.test(report.text ?? '') ? 'consent' : 'sender');
    case 'AddressChange':
    case 'OpenRelayTest':
    case 'InboundError':
    case 'TemplateRenderingFailed':
      return type;
    default:
      return bounced(weighBounce(report, null));
  }
}

/** Where a record gives only the number. */
const typeNames = new Map([
  [1, 'HardBounce'],
  [2, 'Transient'],
  [16, 'Unsubscribe'],
  [32, 'Subscribe'],
  [64, 'AutoResponder'],
  [128, 'AddressChange'],
  [256, 'DnsError'],
  [512, 'SpamNotification'],
  [1024, 'OpenRelayTest'],
  [2048, 'Unknown'],
  [4096, 'SoftBounce'],
  [8192, 'VirusNotification'],
  [16384, 'ChallengeVerification'],
  [100000, 'BadEmailAddress'],
  [100001, 'SpamComplaint'],
  [100002, 'ManuallyDeactivated'],
  [100003, 'Unconfirmed'],
  [100006, 'Blocked'],
  [100007, 'SMTPApiError'],
  [100008, 'InboundError'],
  [100009, 'DMARCPolicy'],
  [100010, 'TemplateRenderingFailed'],
]);
