import { z } from 'zod';
import { type NormalisedEvent, plain } from '../../intake/normalised-event.js';
import {
  asideText,
  epochTime,
  hmacFits,
  invalid,
  jsonBody,
  looseText,
  type ProviderAdapter,
  shaped,
  type Verification,
  type WebhookCall,
  zonedTime,
} from '../adapter.js';
import {
  type Circumstances,
  clicked,
  complaint,
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

const Properties = z.record(z.string(), z.unknown()).nullish().catch(null);

const Event = z.object({
  topic: z.string(),
  external_id: looseText,
  payload: z.object({
    data: z.object({
      id: looseText,
      attributes: z.object({
        timestamp: asideText,
        datetime: asideText,
        uuid: asideText,
        event_properties: Properties,
      }),
      relationships: z
        .object({ profile: z.object({ data: z.object({ id: asideText }) }) })
        .nullish()
        .catch(null),
    }),
    included: z
      .array(z.object({ type: z.string(), attributes: Properties }))
      .nullish()
      .catch(null),
  }),
});
type Event = z.infer<typeof Event>;

/** Up to 1,000 events in one call. */
export const klaviyo: ProviderAdapter = {
  provider: 'klaviyo',
  title: 'Klaviyo',
  authentication: ['signature'],
  verify(call, { secrets }) {
    const { 'klaviyo-signature': signature, 'klaviyo-timestamp': timestamp } = call.headers;
    if (signature === undefined || timestamp === undefined)
      return invalid('the signature headers are missing');
    // Two sources in code sign bytes and timestamp, one description of the API the bytes alone; either proves that
    // Klaviyo wrote the bytes. To be tried with a live account: FLOOR.md section 8, item 7.
    if (hmacFits('sha256', secrets, [call.body, timestamp], signature, 'hex'))
      return signedAt(Date.parse(timestamp));
    return hmacFits('sha256', secrets, [call.body], signature, 'hex')
      ? signedAt(sentAt(call))
      : invalid('the signature does not fit');
  },
  normalise: (call) =>
    eachMeaning(
      shaped(z.object({ data: z.array(z.unknown()) }), jsonBody(call)).data,
      'topic',
      meanings,
      Event,
      circumstances,
    ),
};

const signedAt = (at: number): Verification => ({ valid: true, signedAt: Number.isNaN(at) ? null : at });

/** Where the header is not signed, the time that stands in the bytes. */
function sentAt(call: WebhookCall): number {
  try {
    const { meta } = shaped(z.object({ meta: z.object({ timestamp: z.string() }) }), jsonBody(call));
    return Date.parse(meta.timestamp);
  } catch {
    return Number.NaN;
  }
}

const meanings: Meanings<Event> = {
  'event:klaviyo.unsubscribed_from_email_marketing': (event) => left(event, 'email'),
  'event:klaviyo.unsubscribed_from_sms_marketing': (event) => left(event, 'sms'),
  'event:klaviyo.unsubscribed_from_list': { trigger: 'stream_unsubscribe', scopeHint: 'list' },
  'event:klaviyo.subscribed_to_email_marketing': (event) => cameBack(event, 'email'),
  'event:klaviyo.subscribed_to_sms_marketing': (event) => cameBack(event, 'sms'),
  'event:klaviyo.subscribed_to_list': (event) => ({ ...cameBack(event, 'email'), scopeHint: 'list' }),
  'event:klaviyo.manually_suppressed_from_email_marketing': {
    ...suppressed('consent'),
    madeBy: 'admin',
    scopeHint: 'channel',
  },
  'event:klaviyo.manually_unsuppressed_from_email_marketing': {
    trigger: 'resubscribe',
    madeBy: 'admin',
    scopeHint: 'channel',
  },
  'event:klaviyo.marked_email_as_spam': complaint,
  'event:klaviyo.bounced_email': bounceOf,
  // Not sent, for a reason that is not told.
  'event:klaviyo.dropped_email': suppressed('sender'),
  'event:klaviyo.received_email': delivered,
  'event:klaviyo.opened_email': opened,
  'event:klaviyo.clicked_email': clicked,
  'event:klaviyo.received_sms': { ...delivered, channel: 'sms' },
  'event:klaviyo.received_automated_response_sms': { ...delivered, channel: 'sms' },
  'event:klaviyo.clicked_sms': { ...clicked, channel: 'sms' },
  'event:klaviyo.failed_to_deliver_sms': { ...unclassifiedBounce, channel: 'sms' },
  'event:klaviyo.failed_to_deliver_automated_response_sms': { ...unclassifiedBounce, channel: 'sms' },
};

/**
 * What ended is marketing on the channel, as the topic says. `method` tells how, and `method_detail` where: the list in
 * it is the place at which the person said so, not the reach of what they said.
 */
function left(event: Event, channel: 'email' | 'sms'): Meaning {
  const method = methodOf(event);
  if (method.includes('SPAM')) return { ...complaint, channel };
  const trigger = method.includes('INBOUND')
    ? ({ email: 'mailto_unsubscribe', sms: 'sms_stop' } as const)[channel]
    : /ONE_CLICK|MAILBOX_PROVIDER/.test(method)
      ? 'one_click_unsubscribe'
      : 'global_unsubscribe';
  return { trigger, channel, asked: 'all', scopeHint: 'channel', madeBy: makerOf(method) };
}

/** A form takes any address: only a page behind a personal link, or a message of their own, shows that it was they. */
function cameBack(event: Event, channel: 'email' | 'sms'): Meaning {
  const method = methodOf(event);
  const isOwn = /PREFERENCE_PAGE|PROFILE_PAGE|INBOUND/.test(method);
  return {
    trigger: 'resubscribe',
    channel,
    scopeHint: 'channel',
    ...(isOwn ? { evidence: `klaviyo ${method} ${idOf(event) ?? ''}`.trim() } : { madeBy: 'provider' }),
  };
}

const makerOf = (method: string): NormalisedEvent['madeBy'] =>
  /MANUAL|IMPORT|SFTP/.test(method) ? 'admin' : 'person';

const methodOf = (event: Event): string => textAt(propertiesOf(event), 'method')?.toUpperCase() ?? '';

/** "When an email soft or hard bounced": which, the documented sample does not say. */
function bounceOf(event: Event): Meaning {
  const kind = textAt(propertiesOf(event), 'Bounce Type', 'bounce_type')?.toLowerCase() ?? '';
  if (kind.includes('hard')) return hardBounce;
  return kind.includes('soft') ? softBounce : { ...unclassifiedBounce, scopeHint: 'unknown' };
}

function circumstances(event: Event): Circumstances {
  const { attributes, relationships } = event.payload.data;
  const properties = propertiesOf(event);
  const subscriber = subscriberOf(event);
  const detail = textAt(properties, 'method_detail');
  const list = /^list:(\S+)$/.exec(detail ?? '')?.[1] ?? textAt(properties, 'list_id', '$list_id');
  const profile = relationships?.profile.data.id ?? null;
  // Whoever resolves a profile needs its id.
  const unresolved = subscriber === null && profile !== null ? `profile ${profile}` : null;
  const reason = [textAt(properties, 'method'), unresolved].filter((part) => part !== null).join(', ');
  return {
    ...plain,
    subscriber,
    stream: list === null ? null : `klaviyo:list:${list}`,
    campaign: textAt(properties, '$message'),
    occurredAt: epochTime(attributes.timestamp, 'seconds') ?? zonedTime(attributes.datetime),
    reason: reason === '' ? null : reason,
    providerEventId: idOf(event),
    identity: [idOf(event) ?? attributes.uuid, event.topic, profile, subscriber, attributes.timestamp],
  };
}

const idOf = (event: Event): string | null => event.external_id ?? event.payload.data.id;

const propertiesOf = (event: Event) => event.payload.data.attributes.event_properties ?? {};

/** Often only the profile is named, and whose it is nobody here knows: the request waits for somebody who finds out. */
function subscriberOf(event: Event): string | null {
  const profile = event.payload.included?.find(({ type }) => type === 'profile')?.attributes ?? {};
  return /_sms(?:_|$)/.test(event.topic)
    ? (textAt(propertiesOf(event), 'phone_number', '$phone_number') ?? textAt(profile, 'phone_number'))
    : (textAt(propertiesOf(event), 'email_address', 'email', '$email') ?? textAt(profile, 'email'));
}

/** The first of these properties that is text. */
function textAt(properties: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = looseText.safeParse(properties[name]).data ?? null;
    if (value !== null) return value;
  }
  return null;
}
