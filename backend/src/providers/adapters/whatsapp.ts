import { z } from 'zod';
import { type Item, plain } from '../../intake/normalised-event.js';
import {
  asideText,
  eachItem,
  epochTime,
  hmacFits,
  invalid,
  jsonBody,
  looseText,
  type ProviderAdapter,
  sameBytes,
  shaped,
} from '../adapter.js';
import {
  blockedBounce,
  delivered,
  eachMeaning,
  type Meaning,
  type Meanings,
  opened,
  suppressed,
  unclassifiedBounce,
} from '../meaning.js';
import { wishesIn } from '../wishes.js';

const Body = z.object({ object: z.literal('whatsapp_business_account'), entry: z.array(z.unknown()) });
const Entry = z.object({ changes: z.array(z.unknown()) });
const Change = z.object({ field: z.string(), value: z.unknown() });
const Value = z.object({
  metadata: z.object({ phone_number_id: looseText }).nullish().catch(null),
  contacts: z
    .array(z.object({ wa_id: looseText, user_id: looseText }))
    .nullish()
    .catch(null),
  user_preferences: z.array(z.unknown()).nullish(),
  statuses: z.array(z.unknown()).nullish(),
  messages: z.array(z.unknown()).nullish(),
});
type Value = z.infer<typeof Value>;

const Preference = z.object({
  value: z.string(),
  category: looseText,
  wa_id: looseText,
  user_id: looseText,
  timestamp: asideText,
  detail: asideText,
});
type Preference = z.infer<typeof Preference>;

const Fault = z.object({ code: looseText, title: asideText, message: asideText });

const Status = z.object({
  status: z.string(),
  id: looseText,
  recipient_type: asideText,
  recipient_id: looseText,
  recipient_participant_id: looseText,
  recipient_user_id: looseText,
  timestamp: asideText,
  errors: z.array(Fault).nullish(),
});
type Status = z.infer<typeof Status>;

const Message = z.object({
  type: z.string(),
  id: looseText,
  from: looseText,
  from_user_id: looseText,
  timestamp: asideText,
  context: z.object({ id: asideText }).nullish().catch(null),
  text: z.object({ body: z.string() }).nullish(),
  button: z.object({ text: looseText, payload: looseText }).nullish(),
  interactive: z.object({ button_reply: z.object({ title: looseText, id: looseText }).nullish() }).nullish(),
  system: z.object({ type: looseText, marketing: looseText }).nullish(),
});
type Message = z.infer<typeof Message>;

/** Meta signs the bytes with the secret of the app. Its GET shows a token that we chose: it stands among the secrets. */
export const whatsapp: ProviderAdapter = {
  provider: 'whatsapp',
  title: 'WhatsApp',
  authentication: ['signature'],
  verify({ headers, body }, { secrets }) {
    const [, signature] = /^sha256=([0-9a-f]{64})$/i.exec(headers['x-hub-signature-256'] ?? '') ?? [];
    if (signature === undefined) return invalid('the signature header is missing or no signature');
    return hmacFits('sha256', secrets, [body], signature, 'hex')
      ? { valid: true, signedAt: null }
      : invalid('the signature does not fit');
  },
  challenge(query, secrets) {
    const { 'hub.mode': mode, 'hub.verify_token': token = '', 'hub.challenge': challenge = '' } = query;
    const isOurs = secrets.some((secret) => sameBytes(Buffer.from(token), Buffer.from(secret)));
    // Meta's is a number; nothing else is worth sending back.
    return mode === 'subscribe' && isOurs && /^\w{1,128}$/.test(challenge) ? challenge : null;
  },
  normalise: (call) =>
    eachItem(shaped(Body, jsonBody(call)).entry, Entry, ({ changes }) =>
      eachItem(changes, Change, ({ field, value }) =>
        field === 'messages' || field === 'user_preferences' ? eachItem([value], Value, itemsOf) : field,
      ),
    ),
};

function itemsOf(value: Value): Item[] {
  const number = value.metadata?.phone_number_id ?? null;
  const stream = number === null ? null : `whatsapp:${number}:marketing`;
  return [
    ...eachMeaning(value.user_preferences ?? [], 'value', preferences, Preference, (preference) => {
      const { category, timestamp, detail } = preference;
      const subscriber = phoneOf(waIdOf(preference, value));
      return {
        ...plain,
        channel: 'whatsapp',
        subscriber,
        stream,
        occurredAt: epochTime(timestamp, 'seconds'),
        reason: detail,
        identity: [number, preference.value, category, subscriber ?? preference.user_id, timestamp],
      };
    }),
    ...eachMeaning(value.statuses ?? [], 'status', statuses, Status, (status) => {
      const subscriber = phoneOf(recipientOf(status));
      return {
        ...plain,
        channel: 'whatsapp',
        subscriber,
        messageId: status.id,
        occurredAt: epochTime(status.timestamp, 'seconds'),
        reason: status.errors?.map(wordsOfError).join('; ') ?? null,
        identity: [status.id, status.status, subscriber ?? status.recipient_user_id, status.timestamp],
      };
    }),
    ...eachMeaning(value.messages ?? [], 'type', messages, Message, (message) => {
      const subscriber = phoneOf(message.from);
      return {
        ...plain,
        channel: 'whatsapp',
        subscriber,
        stream,
        messageId: message.context?.id ?? null,
        occurredAt: epochTime(message.timestamp, 'seconds'),
        reason: wordsOf(message),
        providerEventId: message.id,
        identity: [message.id, message.type, subscriber ?? message.from_user_id, message.timestamp],
      };
    }),
  ];
}

const stopped: Meaning = { trigger: 'platform_marketing_stop', scopeHint: 'channel' };
const resumed = (evidence: string): Meaning => ({ trigger: 'resubscribe', scopeHint: 'channel', evidence });

const ofMarketing =
  (meaning: (preference: Preference) => Meaning) =>
  (preference: Preference): Meaning | string =>
    preference.category === null || preference.category === 'marketing_messages'
      ? meaning(preference)
      : `user_preferences:${preference.category}`;

/** What the person chose in WhatsApp itself: good for all marketing templates, and for nothing else (INV-WA-1). */
const preferences: Meanings<Preference> = {
  stop: ofMarketing(() => stopped),
  resume: ofMarketing(({ timestamp }) =>
    resumed(`whatsapp user_preferences resume ${timestamp ?? ''}`.trim()),
  ),
  signup: ofMarketing(({ timestamp }) =>
    resumed(`whatsapp user_preferences signup ${timestamp ?? ''}`.trim()),
  ),
};

const statuses: Meanings<Status> = { delivered, read: opened, failed };

/** Meta or its rules refuse the sender; the person said nothing. */
const sendersFault: ReadonlySet<string | null> = new Set([
  '130472', // the number is part of an experiment
  '131021', // sent to oneself
  '131047', // more than 24 hours since the person wrote
  '131048', // too much was reported or blocked
  '131049', // the person gets enough marketing from everybody
  '131056', // too many to the same person
]);

function failed({ errors }: Status): Meaning {
  const codes = errors?.map(({ code }) => code) ?? [];
  // The person stopped marketing, and what told us so got lost: at least that much ends here too.
  if (codes.includes('131050')) return { ...suppressed('consent'), scopeHint: 'channel' };
  return codes.some((code) => sendersFault.has(code)) ? blockedBounce : unclassifiedBounce;
}

const messages: Meanings<Message> = { text: said, button: said, interactive: said, system: said };

function said(message: Message): Meaning | readonly Meaning[] | string {
  const { system } = message;
  if (system?.type === 'user_preference_changed' && system.marketing === 'stop') return stopped;
  if (system?.type === 'user_preference_changed' && system.marketing === 'resume')
    return resumed(`whatsapp user_preference_changed ${message.id ?? ''}`.trim());
  const pressed = message.button ?? message.interactive?.button_reply ?? null;
  if (pressed !== null && Object.values(pressed).some(isStopButton)) return stopped;
  switch (keywordOf(message.text?.body ?? '')) {
    case 'stop':
      return { trigger: 'sms_stop', scopeHint: 'channel' };
    case 'start':
      return resumed(`whatsapp message ${message.id ?? ''}`.trim());
  }
  const wishes = wishesIn(message.text?.body ?? '', false);
  return wishes.length > 0 ? wishes : `messages:${message.type}`;
}

/** The label of Meta's own opt-out button comes in the language of the template, and so does what it sends back. */
const stopButtons: ReadonlySet<string> = new Set(['stop promotions', 'parar promocoes']);

const isStopButton = (label: string | null): boolean =>
  stopButtons.has(bare(label ?? '')) || keywordOf(label ?? '') === 'stop';

const keywords: ReadonlyMap<string, 'stop' | 'start'> = new Map([
  ...['stop', 'stopall', 'stop all', 'unsubscribe', 'optout', 'opt out', 'revoke'].map(
    (word) => [word, 'stop'] as const,
  ),
  ...['start', 'unstop', 'subscribe'].map((word) => [word, 'start'] as const),
]);

/** A message that is a keyword and nothing else. In a conversation "cancel" and "yes" are about something else. */
const keywordOf = (text: string): 'stop' | 'start' | null => keywords.get(bare(text)) ?? null;

/** In lower case, without accents and punctuation. */
const bare = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

function wordsOf({ text, button, interactive, system }: Message): string | null {
  return text?.body ?? button?.text ?? interactive?.button_reply?.title ?? system?.marketing ?? null;
}

const wordsOfError = ({ code, title, message }: z.infer<typeof Fault>): string =>
  [code, title ?? message].filter((part) => part !== null).join(' ');

/** Whoever has a user name may hide the number: then there is only a `user_id`, which names nobody here. */
function waIdOf({ wa_id, user_id }: Preference, { contacts }: Value): string | null {
  return wa_id ?? contacts?.find((contact) => contact.user_id === user_id)?.wa_id ?? null;
}

/** In a group the recipient is the group. */
const recipientOf = (status: Status): string | null =>
  status.recipient_type === 'group' ? status.recipient_participant_id : status.recipient_id;

/** Numbers come without their plus. */
const phoneOf = (id: string | null): string | null => (/^\d{6,15}$/.test(id ?? '') ? `+${id}` : null);
