import { afterEach, describe, expect, test } from 'vitest';
import { type PayloadRequest, requestFor } from './requests.js';
import { type Service, startService } from './service.js';

/*
 * What payloads do to permissions: one of each kind, each at a service of its own, for one person in the United States
 * who may receive everything before. `streams` are those that stop; everything else goes on.
 */
const directory = process.env.SECATEUR_PAYLOADS ?? '';

const streams = {
  promotions: { channel: 'email', category: 'promotions', origin: 'shop' },
  newsletter: { channel: 'email', category: 'newsletter', origin: 'shop' },
  receipts: { channel: 'email', category: 'receipts', origin: 'shop' },
  texts: { channel: 'sms', category: 'promotions', origin: 'shop' },
  alerts: { channel: 'sms', category: 'alerts', origin: 'shop' },
  whatsapp: { channel: 'whatsapp', category: 'promotions', origin: 'shop' },
  ads: { channel: 'web', category: 'ads', origin: 'shop' },
} as const;
type StreamName = keyof typeof streams;
const classes: Partial<Record<StreamName, string>> = {
  receipts: 'essential',
  alerts: 'informational',
  ads: 'profiling',
};

interface Effect {
  kind: string;
  path: string;
  email?: string;
  /** A group or list of the provider that stands for promotions. */
  group?: readonly [provider: string, ref: string];
  /** A token of ours in place of the sample's. */
  token?: 'address' | 'path' | 'page';
  /** Done before: somebody left already, or a message was delivered. */
  before?: (service: Service) => Promise<unknown>;
  stops: readonly StreamName[];
  reason?: string;
}

const email: readonly StreamName[] = ['promotions', 'newsletter'];
const delivered = (messageId: string) => (service: Service) =>
  service.api.events({
    id: 'before',
    type: 'delivered',
    subscriber: 'p',
    ...streams.promotions,
    message_id: messageId,
  });
const left = (service: Service) =>
  service.api.events({
    id: 'before',
    type: 'opted_out',
    subscriber: 'p',
    ...streams.promotions,
    asked: [streams.promotions],
    occurred_at: '2015-01-01T00:00:00.000Z',
  });

const effects: readonly Effect[] = [
  {
    kind: 'one-click',
    path: 'rfc8058/post_multipart_rfc_example.http.txt',
    token: 'path',
    stops: ['promotions'],
  },
  { kind: 'scanner', path: 'rfc8058/head_prefetch.http.txt', token: 'path', stops: [] },
  {
    kind: 'group',
    path: 'sendgrid/group_unsubscribe.json',
    group: ['sendgrid', 'sendgrid:asm:10'],
    stops: ['promotions'],
  },
  {
    kind: 'link',
    path: 'mailgun/unsubscribed_tagged.json',
    group: ['mailgun', 'weekly-digest'],
    stops: ['promotions'],
  },
  {
    kind: 'list',
    path: 'mailchimp/unsubscribe.http.txt',
    group: ['mailchimp', 'mailchimp:a6b5da1054'],
    stops: ['promotions'],
  },
  {
    kind: 'removal by an administrator',
    path: 'mailchimp/unsubscribe_admin_delete.http.txt',
    group: ['mailchimp', 'mailchimp:a6b5da1054'],
    stops: ['promotions'],
  },
  { kind: 'everything at the provider', path: 'resend/signed_contact_updated.http.txt', stops: email },
  { kind: 'complaint', path: 'ses/complaint.json', stops: email },
  { kind: 'complaint hidden in another type', path: 'mailchimp/unsubscribe_abuse.http.txt', stops: email },
  {
    kind: 'complaint by mail about a message of ours',
    path: 'arf/yahoo_abuse.eml',
    before: delivered('000000000000000000000000.smtp@example.com'),
    stops: email,
    reason: 'opt_out',
  },
  {
    kind: 'complaint by mail that anybody could have written',
    path: 'arf/yahoo_abuse.eml',
    stops: email,
    reason: 'pause',
  },
  { kind: 'report that takes one back', path: 'arf/not_spam.eml', email: 'user@example.com', stops: [] },
  {
    kind: 'report about authentication',
    path: 'arf/dmarc_auth_failure.eml',
    email: 'kijitora@example.com',
    stops: [],
  },
  {
    kind: 'dead address',
    path: 'postmark/bounce_hard.json',
    email: 'bounce@example.com',
    stops: [...email, 'receipts'],
    reason: 'hold',
  },
  {
    kind: 'refused message',
    path: 'mailgun/failed_temporary.json',
    email: 'undeliverable@nomx.example.com',
    stops: [],
  },
  {
    kind: 'bounce of a message of ours',
    path: 'dsn/postfix_hard_5.1.1.eml',
    email: 'userunknown@mail.example.org',
    before: delivered('20150429233445.BB8FFFFC16@p6.mail.example.org'),
    stops: [...email, 'receipts'],
    reason: 'hold',
  },
  {
    kind: 'bounce of a message that nobody sent (INV-DSN-4)',
    path: 'dsn/postfix_hard_5.1.1.eml',
    email: 'userunknown@mail.example.org',
    stops: [],
  },
  {
    kind: 'suppression that we did not know',
    path: 'whatsapp/status_failed_131050.json',
    stops: ['whatsapp'],
  },
  {
    kind: 'suppression of a dead address',
    path: 'sendgrid/dropped.json',
    stops: [...email, 'receipts'],
    reason: 'hold',
  },
  { kind: 'STOP', path: 'twilio/inbound_stop.http.txt', stops: ['texts', 'alerts'] },
  { kind: 'STOPALL', path: 'twilio/inbound_stopall.http.txt', stops: ['texts', 'alerts'] },
  {
    kind: 'a late resubscription',
    path: 'postmark/subscription_change_resubscribe.json',
    email: 'john@example.com',
    before: left,
    stops: ['promotions'],
  },
  {
    kind: 'Apple Mail, auto-submitted',
    path: 'mailto/apple_mail_unsubscribe.eml',
    token: 'address',
    stops: ['promotions'],
  },
  {
    kind: 'words that object and ask to be erased',
    path: 'mailto/natural_language_global.eml',
    token: 'address',
    stops: [...email, 'texts', 'whatsapp', 'ads'],
  },
  {
    kind: 'a From that anybody could have written',
    path: 'mailto/body_command.eml',
    stops: email,
    reason: 'pause',
  },
  {
    kind: 'an automatic answer',
    path: 'dsn/autoreply_out_of_office.eml',
    email: 'kijitora@example.net',
    stops: [],
  },
  { kind: 'Global Privacy Control', path: 'gpc/sec_gpc_request.http.txt', token: 'page', stops: ['ads'] },
  { kind: 'a click', path: 'sendgrid/click.json', stops: [] },
  { kind: 'a signature that does not fit', path: 'mailgun/bad_signature.json', stops: [] },
];

let service: Service | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});

describe('what a payload stops, and what goes on', () => {
  test.each(effects.map((effect) => [effect.kind, effect.path, effect] as const))(
    '%s: %s',
    async (_, __, effect) => {
      service = await startService(directory);
      const { api } = service;
      for (const [key, place] of Object.entries(streams) as [StreamName, (typeof streams)[StreamName]][])
        await api.stream(key, place, { class: classes[key] ?? 'commercial' });
      await api.profiles({
        id: 'p',
        email: effect.email ?? 'recipient@example.com',
        phone: '+15555550123',
        jurisdiction: 'US',
      });
      if (effect.group !== undefined) {
        const [provider, ref] = effect.group;
        const mapped = await api.send('PUT', `/v1/providers/${provider}/streams`, {
          ref,
          streams: ['promotions'],
        });
        expect(mapped).toMatchObject({ status: 200 });
      }
      const before = await standing(service);
      expect(before).toEqual(Object.fromEntries(Object.keys(streams).map((key) => [key, true])));
      await effect.before?.(service);

      await service.send(await requestOf(service, effect));

      const expected = Object.keys(streams).map((key) => [key, !effect.stops.includes(key as StreamName)]);
      expect(await standing(service)).toEqual(Object.fromEntries(expected));
      if (effect.reason !== undefined)
        expect((await api.check(streams.promotions, 'p')).reason).toBe(effect.reason);
    },
  );
});

async function standing({ api }: Service): Promise<Record<string, boolean>> {
  const found: Record<string, boolean> = {};
  for (const [key, place] of Object.entries(streams)) found[key] = (await api.check(place, 'p')).allowed;
  return found;
}

async function requestOf(running: Service, { path, token }: Effect): Promise<PayloadRequest> {
  const request = requestFor(directory, path);
  if (token === undefined) return request;
  const minted = await running.mint('p', streams.promotions);
  if (token === 'path') return { ...request, path: `/u/${minted}` };
  if (token === 'page') return { ...request, method: 'GET', path: `/u/${minted}`, body: null };
  const mail = request.body?.toString('latin1') ?? '';
  const local = /^To: <?([^@]*)@/m.exec(mail)?.[1] ?? '';
  return { ...request, body: Buffer.from(mail.replace(local, `unsubscribe+${minted}`), 'latin1') };
}
