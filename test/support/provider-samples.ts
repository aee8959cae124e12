import type { Provider } from '@secateur/backend/contract';
import {
  byCustomerio,
  byKlaviyo,
  byMailersend,
  byMailgun,
  byMailtrap,
  byMeta,
  bySendgrid,
  bySns,
  bySvix,
  byTwilio,
  type ProviderCall,
  sendgridSecret,
  snsCertificate,
} from './provider-calls.js';

/*
 * One opt-out and, where the provider reports them, one resubscription of each provider, written from the shapes that its
 * documentation gives. Values are ours.
 */

/** Whom a sample is about, and when it happened and was signed (ms since the epoch). */
export interface Person {
  email: string;
  phone: string;
  at: number;
}

export interface Sample {
  provider: Provider;
  channel: 'email' | 'sms' | 'whatsapp';
  /** Body of `PUT /v1/providers/:provider`. */
  settings: object;
  /** Behind the address of the webhook: the secret of those who sign nothing. */
  path: string;
  /** Does the provider sign? */
  signed: boolean;
  optOut(person: Person): ProviderCall;
  resubscribe?(person: Person): ProviderCall;
  /** Whatever body, as the provider would send it. */
  send(body: string): ProviderCall;
}

const seconds = (at: number): number => Math.floor(at / 1000);
const iso = (at: number): string => new Date(at).toISOString();
const plainJson = (value: unknown): ProviderCall => ({
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});
const form = (fields: Readonly<Record<string, string>>): ProviderCall => ({
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

const secret = 'a-secret-of-the-samples';
const svixSecret = `whsec_${Buffer.from('a secret for the samples').toString('base64')}`;
const topic = 'arn:aws:sns:eu-west-1:210987654321:mail-events';
const phoneNumberId = '201234567890123';

/** @param publicUrl of the service: Twilio signs the address it calls */
export function samples(publicUrl: string): readonly Sample[] {
  const send = (body: string): ProviderCall => ({ body, headers: {} });
  const mail = { channel: 'email', path: '', signed: true, settings: { secrets: [secret] }, send } as const;
  const bySecret = { ...mail, path: `/${secret}`, signed: false } as const;
  return [
    {
      ...mail,
      provider: 'sendgrid',
      send: (body) => bySendgrid(body),
      settings: { secrets: [sendgridSecret] },
      optOut: ({ email, at }) => bySendgrid(sendgridEvent('group_unsubscribe', email, at), at),
      resubscribe: ({ email, at }) => bySendgrid(sendgridEvent('group_resubscribe', email, at), at),
    },
    {
      ...mail,
      provider: 'mailgun',
      optOut: ({ email, at }) =>
        byMailgun(
          {
            event: 'unsubscribed',
            id: `Ase7i2zsRYeDXztHGENqR${seconds(at)}`,
            timestamp: at / 1000,
            recipient: email,
            tags: [],
            'user-variables': { list_id: 'monthly' },
            message: { headers: { 'message-id': `${seconds(at)}.1@mail.shop.example` } },
          },
          secret,
          at,
        ),
    },
    {
      ...mail,
      provider: 'ses',
      settings: {
        secrets: [secret],
        topics: [topic],
        certificates: { [snsCertificate.url]: snsCertificate.pem },
      },
      optOut: ({ email, at }) => bySns(sesSubscription(email, at, 'OptIn', 'OptOut'), topic, at),
      resubscribe: ({ email, at }) => bySns(sesSubscription(email, at, 'OptOut', 'OptIn'), topic, at),
    },
    {
      ...mail,
      provider: 'twilio',
      send: (body) =>
        byTwilio(Object.fromEntries(new URLSearchParams(body)), secret, `${publicUrl}/v1/webhooks/twilio`),
      channel: 'sms',
      optOut: ({ phone, at }) =>
        byTwilio(twilioText(phone, at, 'STOP'), secret, `${publicUrl}/v1/webhooks/twilio`),
      resubscribe: ({ phone, at }) =>
        byTwilio(twilioText(phone, at, 'START'), secret, `${publicUrl}/v1/webhooks/twilio`),
    },
    {
      ...mail,
      provider: 'customerio',
      send: (body) => byCustomerio(body, secret),
      optOut: ({ email, at }) => byCustomerio(customerioEvent('unsubscribed', email, at), secret, at),
      resubscribe: ({ email, at }) => byCustomerio(customerioEvent('subscribed', email, at), secret, at),
    },
    {
      ...mail,
      provider: 'resend',
      send: (body) => bySvix(body, svixSecret, `msg_${body.length}`),
      settings: { secrets: [svixSecret] },
      optOut: ({ email, at }) => bySvix(resendContact(email, at, true), svixSecret, `msg_out_${at}`, at),
      resubscribe: ({ email, at }) => bySvix(resendContact(email, at, false), svixSecret, `msg_in_${at}`, at),
    },
    {
      ...mail,
      provider: 'klaviyo',
      send: (body) => byKlaviyo(body, secret),
      optOut: ({ email, at }) =>
        byKlaviyo(klaviyoEvent('unsubscribed_from_email_marketing', email, at), secret, at),
      resubscribe: ({ email, at }) =>
        byKlaviyo(klaviyoEvent('subscribed_to_email_marketing', email, at), secret, at),
    },
    {
      ...mail,
      provider: 'whatsapp',
      send: (body) => byMeta(body, secret),
      channel: 'whatsapp',
      optOut: ({ phone, at }) => byMeta(whatsappPreference(phone, at, 'stop'), secret),
      resubscribe: ({ phone, at }) => byMeta(whatsappPreference(phone, at, 'resume'), secret),
    },
    {
      ...mail,
      provider: 'mailersend',
      send: (body) => byMailersend(body, secret),
      optOut: ({ email, at }) =>
        byMailersend(
          JSON.stringify({
            type: 'activity.unsubscribed',
            domain_id: '7nxe3yjmeq28vp0k',
            created_at: iso(at),
            webhook_id: '2351ndgwr4zqx8ko',
            data: {
              object: 'activity',
              id: `62f114f8165fe0d8db0${seconds(at)}`,
              type: 'unsubscribed',
              created_at: iso(at),
              email: {
                object: 'email',
                message: { object: 'message', id: `62f114f7165fe0d8db0${seconds(at)}` },
                recipient: { object: 'recipient', email },
              },
              morph: {
                object: 'recipient_unsubscribe',
                reason: 'option_2',
                readable_reason: 'The content is not relevant',
              },
            },
          }),
          secret,
        ),
    },
    {
      ...mail,
      provider: 'mailtrap',
      send: (body) => byMailtrap(body, secret),
      optOut: ({ email, at }) =>
        byMailtrap(
          JSON.stringify({
            events: [
              {
                event: 'unsubscribe',
                timestamp: seconds(at),
                sending_stream: 'bulk',
                message_id: `a2c3d5e6-0000-4000-8000-${String(seconds(at)).padStart(12, '0')}`,
                email,
                event_id: `bede7236-0000-4000-8000-${String(seconds(at)).padStart(12, '0')}`,
              },
            ],
          }),
          secret,
        ),
    },
    {
      ...bySecret,
      provider: 'postmark',
      optOut: ({ email, at }) => plainJson(postmarkChange(email, at, true)),
      resubscribe: ({ email, at }) => plainJson(postmarkChange(email, at, false)),
    },
    {
      ...bySecret,
      provider: 'mailchimp',
      optOut: ({ email, at }) =>
        form({
          type: 'unsubscribe',
          fired_at: iso(at).slice(0, 19).replace('T', ' '),
          'data[action]': 'unsub',
          'data[reason]': 'manual',
          'data[id]': '7b35ee2c91',
          'data[list_id]': 'b1c2d3e4f5',
          'data[email]': email,
          'data[campaign_id]': 'c0ffee1234',
        }),
    },
    {
      ...bySecret,
      provider: 'brevo',
      optOut: ({ email, at }) =>
        plainJson({
          id: 31,
          camp_id: 7,
          email,
          'campaign name': 'Autumn',
          event: 'unsubscribe',
          ts_event: seconds(at),
          ts: seconds(at),
          list_id: [9],
        }),
    },
    {
      ...bySecret,
      provider: 'sparkpost',
      optOut: ({ email, at }) =>
        plainJson([
          {
            msys: {
              unsubscribe_event: {
                type: 'link_unsubscribe',
                campaign_id: 'Autumn',
                event_id: String(seconds(at)),
                message_id: `0005f${seconds(at)}`,
                rcpt_to: email,
                timestamp: String(seconds(at)),
              },
            },
          },
        ]),
    },
    {
      ...bySecret,
      provider: 'mailjet',
      optOut: ({ email, at }) =>
        plainJson([
          {
            event: 'unsub',
            time: seconds(at),
            MessageID: 20547673299990000 + (seconds(at) % 1000),
            Message_GUID: `1ab23cd4-0000-4000-8000-${String(seconds(at)).padStart(12, '0')}`,
            email,
            mj_campaign_id: 7274,
            mj_contact_id: 4,
            mj_list_id: 11,
            agent: 'Mozilla/5.0 (X11; Linux x86_64)',
          },
        ]),
    },
  ];
}

function sendgridEvent(event: string, email: string, at: number): string {
  const one = {
    event,
    email,
    timestamp: seconds(at),
    sg_event_id: `${event}-${email}-${at}`,
    sg_message_id: `m-${email}`,
    asm_group_id: 4711,
  };
  return JSON.stringify([one]);
}

function sesSubscription(email: string, at: number, before: string, after: string): object {
  const preferences = (status: string) => ({
    unsubscribeAll: false,
    topicSubscriptionStatus: [{ topicName: 'Offers', subscriptionStatus: status }],
  });
  return {
    eventType: 'Subscription',
    mail: {
      timestamp: iso(at - 60_000),
      source: 'news@shop.example',
      messageId: `0102018${at}-000000`,
      destination: [email],
    },
    subscription: {
      contactList: 'Customers',
      timestamp: iso(at),
      source: 'UnsubscribeHeader',
      newTopicPreferences: preferences(after),
      oldTopicPreferences: preferences(before),
    },
  };
}

function twilioText(phone: string, at: number, word: 'STOP' | 'START'): Record<string, string> {
  const sid = `SM${word}${at}`.padEnd(34, '0');
  return {
    ToCountry: 'US',
    SmsMessageSid: sid,
    MessageSid: sid,
    AccountSid: 'AC00000000000000000000000000000042',
    MessagingServiceSid: 'MG00000000000000000000000000000042',
    From: phone,
    To: '+15555550199',
    Body: word,
    OptOutType: word,
    NumMedia: '0',
    ApiVersion: '2010-04-01',
  };
}

function customerioEvent(metric: string, email: string, at: number): string {
  return JSON.stringify({
    metric,
    event_id: `01H${metric}${at}`,
    object_type: 'customer',
    timestamp: seconds(at),
    data: { customer_id: '77', email_address: email, identifiers: { id: '77', email, cio_id: 'a3000001' } },
  });
}

function resendContact(email: string, at: number, unsubscribed: boolean): string {
  return JSON.stringify({
    type: 'contact.updated',
    created_at: iso(at),
    data: {
      id: `0e1f-${email}`,
      audience_id: '5ae1a0b6-0000-4000-8000-0000000000aa',
      created_at: iso(at - 86_400_000),
      updated_at: iso(at),
      email,
      unsubscribed,
    },
  });
}

function klaviyoEvent(topicName: string, email: string, at: number): string {
  const id = `K${topicName}${at}`;
  return JSON.stringify({
    meta: {
      timestamp: iso(at),
      klaviyo_webhook_id: '01KSAMPLE',
      klaviyo_account_id: 'ACC001',
      version: '2024-06-28',
    },
    data: [
      {
        topic: `event:klaviyo.${topicName}`,
        external_id: id,
        payload: {
          data: {
            id,
            type: 'event',
            attributes: {
              uuid: `u-${id}`,
              datetime: iso(at),
              timestamp: seconds(at),
              event_properties: { email_address: email, method: 'MANUAL_UNSUBSCRIBE' },
            },
            relationships: { profile: { data: { id: `01HPROFILE${email}`, type: 'profile' } } },
          },
        },
      },
    ],
  });
}

function whatsappPreference(phone: string, at: number, value: 'stop' | 'resume'): string {
  const wa_id = phone.replace('+', '');
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '301234567890123',
        changes: [
          {
            field: 'user_preferences',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '15555550188', phone_number_id: phoneNumberId },
              contacts: [{ profile: { name: 'Ada' }, wa_id }],
              user_preferences: [
                {
                  wa_id,
                  detail: `User requested to ${value}`,
                  category: 'marketing_messages',
                  value,
                  timestamp: seconds(at),
                },
              ],
            },
          },
        ],
      },
    ],
  });
}

function postmarkChange(email: string, at: number, suppress: boolean): object {
  return {
    RecordType: 'SubscriptionChange',
    MessageID: `883953f4-0000-4000-8000-${String(seconds(at)).padStart(12, '0')}`,
    ServerID: 42,
    MessageStream: 'broadcast',
    ChangedAt: iso(at),
    Recipient: email,
    Origin: 'Recipient',
    SuppressSending: suppress,
    SuppressionReason: suppress ? 'ManualSuppression' : null,
    Tag: 'offers',
    Metadata: {},
  };
}
