import { bounced, weighBounce } from '../../intake/bounce-class.js';
import { type Item, type NormalisedEvent, plain } from '../../intake/normalised-event.js';
import {
  eachItem,
  invalid,
  jsonBody,
  type ProviderAdapter,
  type Verification,
  type VerifyContext,
  type WebhookCall,
  zonedTime,
} from '../adapter.js';
import { confirmationAddress, snsEnvelope, verifySns } from '../sns.js';
import {
  type Bounce,
  type Complaint,
  type Delivery,
  type DeliveryDelay,
  type Engagement,
  type Recipient,
  SesEvent,
} from './ses-event.js';
import { type PreferenceChange, preferenceChanges, type Subscription } from './ses-subscription.js';

/**
 * Amazon SES through SNS, which signs; or the bare event, as SNS posts it with raw message delivery: nobody signs that,
 * and it is taken with a secret only.
 */
export const ses: ProviderAdapter = {
  provider: 'ses',
  title: 'Amazon SES',
  authentication: ['signature', 'secret'],
  isKeyless: true,
  bodyLimit: 512 * 1024,
  async verify(call: WebhookCall, context: VerifyContext): Promise<Verification> {
    const envelope = snsEnvelope(call);
    if (envelope === null) return invalid('this is no message of Amazon SNS; a raw one needs a secret');
    return verifySns(envelope, context);
  },
  confirmation(call, { topics }) {
    const envelope = snsEnvelope(call);
    return envelope === null ? null : confirmationAddress(envelope, topics);
  },
  normalise(call): Item[] {
    const envelope = snsEnvelope(call);
    if (envelope === null) return eachItem([jsonBody(call)], SesEvent, (event) => read(event, null));
    if (envelope.Type !== 'Notification') return [{ kind: 'skipped', type: envelope.Type }];
    // SES greets a new topic in plain words.
    if (!envelope.Message.trimStart().startsWith('{')) return [{ kind: 'skipped', type: 'text' }];
    const message = jsonBody({ body: Buffer.from(envelope.Message) });
    return eachItem([message], SesEvent, (event) => read(event, envelope.Timestamp));
  },
};

type Meaning = Pick<NormalisedEvent, 'trigger' | 'scopeHint'> &
  Partial<
    Pick<NormalisedEvent, 'madeBy' | 'isBlock' | 'suppressedFor' | 'stream' | 'evidence' | 'userAgent'>
  >;

/** What an event says of one recipient. */
interface Told {
  about: string | null;
  meaning: Meaning;
  at: string | null;
  id?: string | null;
  reason?: string | null;
  /** What tells it from others of the same message and instant. */
  detail?: string | null;
}

/** @param wrappedAt when SNS sent it, for what is not dated itself */
function read(event: SesEvent, wrappedAt: string | null): NormalisedEvent[] | string {
  const told = toldBy(event);
  if (typeof told === 'string') return told;
  const messageId = event.mail?.messageId ?? null;
  return told.map(({ about, meaning, at, id = null, reason = null, detail = null }) => ({
    ...plain,
    ...meaning,
    subscriber: about === null ? null : addressOf(about),
    messageId,
    occurredAt: zonedTime(at ?? wrappedAt),
    reason,
    providerEventId: id,
    tags: tagsOf(event),
    // Without the id of the SNS message: two topics may tell of one bounce.
    identity: [event.type, messageId, about, at, id, detail],
  }));
}

function toldBy({ type, ...event }: SesEvent): Told[] | string {
  if (event.delivery && type === 'Delivery')
    return deliveriesOf(event.delivery, event.mail?.destination ?? []);
  if (event.deliveryDelay && type === 'DeliveryDelay') return delaysOf(event.deliveryDelay);
  // Of several recipients SES does not always say which one it was.
  const [first = null, ...others] = event.mail?.destination ?? [];
  const about = others.length === 0 ? first : null;
  if (event.bounce && type === 'Bounce') return bouncesOf(event.bounce, about);
  if (event.complaint && type === 'Complaint') return complaintsOf(event.complaint, about);
  if (event.open && type === 'Open') return [engaged('opened', event.open, about)];
  if (event.click && type === 'Click') return [engaged('clicked', event.click, about)];
  const changes = event.subscription && type === 'Subscription' ? changesOf(event.subscription, about) : [];
  return changes.length > 0 ? changes : type;
}

/** A report that names nobody is no report of nothing. */
const named = (recipients: readonly Recipient[], otherwise: string | null): readonly Named[] =>
  recipients.length > 0
    ? recipients
    : [{ emailAddress: otherwise, action: null, status: null, diagnosticCode: null }];

type Named = Omit<Recipient, 'emailAddress'> & { emailAddress: string | null };

function bouncesOf(bounce: Bounce, otherwise: string | null): Told[] {
  return named(bounce.bouncedRecipients, otherwise).map((one) => ({
    about: one.emailAddress,
    meaning: bounceMeaning(bounce, one),
    at: bounce.timestamp,
    id: bounce.feedbackId,
    reason:
      one.diagnosticCode ?? one.status ?? `${bounce.bounceType ?? ''} ${bounce.bounceSubType ?? ''}`.trim(),
  }));
}

/** @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html#event-publishing-retrieving-sns-contents-bounce-types */
function bounceMeaning(bounce: Bounce, one: Named): Meaning {
  const { bounceType, bounceSubType } = bounce;
  // Never tried: the address is on a list of SES or of ours.
  if (bounceSubType === 'Suppressed' || isListed(bounceSubType)) return suppressed('address');
  if (/unsubscribed/i.test(bounceSubType ?? '')) return suppressed('consent');
  if (bounceSubType === 'ContentRejected' || bounceSubType === 'AttachmentRejected')
    return bounced({ trigger: 'soft_bounce', isBlock: true });
  const verdict = bounceType === 'Permanent' ? 'hard' : bounceType === 'Transient' ? 'soft' : null;
  return bounced(weighBounce({ status: one.status, action: one.action, text: one.diagnosticCode }, verdict));
}

/** `OnAccountSuppressionList` */
const isListed = (subType: string | null): boolean => /^On\w+SuppressionList$/.test(subType ?? '');

const suppressed = (suppressedFor: 'address' | 'consent'): Meaning => ({
  trigger: 'provider_suppressed',
  suppressedFor,
  scopeHint: 'none',
  madeBy: 'provider',
});

/** Where the mailbox provider names nobody, SES lists everyone there who got the message. */
function complaintsOf(complaint: Complaint, otherwise: string | null): Told[] | string {
  const meaning = complaintMeaning(complaint);
  if (meaning === null) return `Complaint ${complaint.complaintFeedbackType}`;
  return named(complaint.complainedRecipients, otherwise).map((one) => ({
    about: one.emailAddress,
    meaning,
    at: complaint.timestamp ?? complaint.arrivalDate,
    id: complaint.feedbackId,
    reason: `complaintFeedbackType=${complaint.complaintFeedbackType ?? ''}`,
  }));
}

/** Types as RFC 5965 and its registry have them. @returns null where a virus is reported, which is nobody's wish */
function complaintMeaning(complaint: Complaint): Meaning | null {
  // No fresh complaint: SES did not even try.
  if (isListed(complaint.complaintSubType)) return suppressed('consent');
  switch (complaint.complaintFeedbackType?.toLowerCase()) {
    case 'not-spam':
      return { trigger: 'not_spam', scopeHint: 'none' };
    case 'auth-failure':
      return { trigger: 'auth_failure', scopeHint: 'none', madeBy: 'provider' };
    case 'virus':
      return null;
    case 'opt-out':
    case 'opt-out-list':
      return { trigger: 'complaint_optout', scopeHint: 'sender' };
    default:
      return { trigger: 'complaint', scopeHint: 'sender' };
  }
}

function deliveriesOf(delivery: Delivery, destination: readonly string[]): Told[] {
  return (delivery.recipients ?? destination).map((about) => ({
    about,
    meaning: { trigger: 'delivered', scopeHint: 'none' },
    at: delivery.timestamp,
    reason: delivery.smtpResponse,
  }));
}

function delaysOf(delay: DeliveryDelay): Told[] {
  return delay.delayedRecipients.map((one) => ({
    about: one.emailAddress,
    meaning: { trigger: 'delivery_delayed', scopeHint: 'none' },
    at: delay.timestamp,
    reason: `${one.status ?? ''} ${delay.delayType ?? ''}`.trim(),
  }));
}

function engaged(
  trigger: 'opened' | 'clicked',
  { timestamp, userAgent, link }: Engagement,
  about: string | null,
): Told {
  const agent = userAgent === null ? {} : { userAgent };
  return { about, meaning: { trigger, scopeHint: 'none', ...agent }, at: timestamp, detail: link };
}

function changesOf(change: Subscription, about: string | null): Told[] {
  return preferenceChanges(change).map(({ wish, topic }) => ({
    about,
    meaning: {
      stream: change.contactList === null ? null : `ses:${change.contactList}:${topic}`,
      scopeHint: topic === '*' ? 'list' : 'stream',
      ...wishMeaning(wish, change),
    },
    at: change.timestamp,
    reason: `source=${change.source ?? ''}`,
    detail: `${wish} ${topic}`,
  }));
}

/** SES writes this event only for what the recipient did: in the header, by mail, or on its own page. */
function wishMeaning(
  wish: PreferenceChange['wish'],
  { source, timestamp }: Subscription,
): Omit<Meaning, 'scopeHint'> {
  if (wish === 'resume')
    return { trigger: 'resubscribe', evidence: `ses Subscription ${source ?? ''} ${timestamp ?? ''}`.trim() };
  return { trigger: source === 'UnsubscribeHeader' ? 'one_click_unsubscribe' : 'preference_change' };
}

/** `Name <address>` as some mailbox providers report it. */
const addressOf = (text: string): string => /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text;

/** The sender's own tags; those of SES are about the sending. */
function tagsOf({ mail }: SesEvent): string[] {
  const own = Object.entries(mail?.tags ?? {}).filter(([name]) => !name.startsWith('ses:'));
  return own.flatMap(([name, values]) => values.map((value) => `${name}:${value}`));
}
