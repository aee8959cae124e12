import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { describeSignature } from '../testing/signatures.js';
import { call, eventsOf, identities, only } from './test-support.js';
import { whatsapp } from './whatsapp.js';

const metadata = { display_phone_number: '15005550100', phone_number_id: '200300400' };
const change = (field: string, value: object) => ({
  field,
  value: { messaging_product: 'whatsapp', metadata, ...value },
});
const body = (...changes: unknown[]) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '900', changes }],
});

const preference = (over: object = {}) => ({
  wa_id: '15005550006',
  detail: 'User requested to stop marketing messages',
  category: 'marketing_messages',
  value: 'stop',
  timestamp: 1763600000,
  ...over,
});
const preferences = (...list: object[]) => body(change('user_preferences', { user_preferences: list }));

const status = (over: object = {}) => ({
  id: 'wamid.A1',
  status: 'delivered',
  timestamp: '1763600000',
  recipient_id: '15005550006',
  ...over,
});
const statuses = (...list: unknown[]) => body(change('messages', { statuses: list }));
const failed = (...codes: number[]) =>
  only(
    whatsapp,
    statuses(status({ status: 'failed', errors: codes.map((code) => ({ code, title: 'why' })) })),
  );

const message = (over: object) => ({
  id: 'wamid.IN1',
  from: '15005550006',
  timestamp: '1763600000',
  ...over,
});
const messages = (...list: unknown[]) => body(change('messages', { contacts: [], messages: list }));
const text = (words: string) => messages(message({ type: 'text', text: { body: words } }));

describeSignature({
  adapter: whatsapp,
  body: Buffer.from(JSON.stringify(preferences(preference()))),
  secrets: ['app-secret-0123456789abcdef', 'app-secret-fedcba9876543210'],
  sign: (bytes, secret) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`,
  }),
  signedAt: null,
});

describe('the challenge of a GET', () => {
  const query = { 'hub.mode': 'subscribe', 'hub.verify_token': 'our-token', 'hub.challenge': '1158201444' };
  const answer = (over: Record<string, string | undefined> = {}, secrets = ['app-secret', 'our-token']) =>
    whatsapp.challenge?.({ ...query, ...over }, secrets);

  it('is answered to whoever shows one of the secrets', () => {
    expect(answer()).toBe('1158201444');
  });

  it('is answered to nobody else', () => {
    expect(answer({ 'hub.verify_token': 'our-tokem' })).toBeNull();
    expect(answer({ 'hub.verify_token': undefined })).toBeNull();
    expect(answer({}, [])).toBeNull();
    expect(answer({ 'hub.mode': 'unsubscribe' })).toBeNull();
  });

  it('sends nothing back that could be read as a page', () => {
    for (const wrong of ['<script>', '', undefined, '1'.repeat(129)]) {
      expect(answer({ 'hub.challenge': wrong })).toBeNull();
    }
  });
});

describe('user preferences', () => {
  it('INV-WA-1: stop is about marketing of the number, and about nothing else', () => {
    expect(only(whatsapp, preferences(preference()))).toMatchObject({
      channel: 'whatsapp',
      trigger: 'platform_marketing_stop',
      subscriber: '+15005550006',
      stream: 'whatsapp:200300400:marketing',
      scopeHint: 'channel',
      occurredAt: '2025-11-20T00:53:20.000Z',
      messageId: null,
      campaign: null,
    });
    const items = whatsapp.normalise(call(preferences(preference({ category: 'utility_messages' }))));
    expect(items).toEqual([{ kind: 'skipped', type: 'user_preferences:utility_messages' }]);
  });

  it.each(['resume', 'signup'])('%s is the word of the person, with its evidence', (value) => {
    expect(only(whatsapp, preferences(preference({ value })))).toMatchObject({
      trigger: 'resubscribe',
      scopeHint: 'channel',
      stream: 'whatsapp:200300400:marketing',
      evidence: `whatsapp user_preferences ${value} 1763600000`,
    });
  });

  it('a user id without a number names nobody, unless the contact beside it has one', () => {
    const hidden = preference({ wa_id: undefined, user_id: 'US.77' });
    expect(only(whatsapp, preferences(hidden)).subscriber).toBeNull();
    const contacts = [
      { user_id: 'US.76', wa_id: '15005550001' },
      { user_id: 'US.77', wa_id: '15005550006' },
    ];
    const value = { contacts, user_preferences: [hidden] };
    expect(only(whatsapp, body(change('user_preferences', value))).subscriber).toBe('+15005550006');
    expect(only(whatsapp, preferences(preference({ wa_id: 'US.77' }))).subscriber).toBeNull();
  });

  it('without the number of the business no stream is named', () => {
    const value = { metadata: undefined, user_preferences: [preference()] };
    expect(only(whatsapp, body(change('user_preferences', value)))).toMatchObject({
      trigger: 'platform_marketing_stop',
      stream: null,
    });
  });
});

describe('statuses', () => {
  it.each([
    ['delivered', 'delivered'],
    ['read', 'opened'],
  ])('%s is %s', (word, trigger) => {
    expect(only(whatsapp, statuses(status({ status: word })))).toMatchObject({
      channel: 'whatsapp',
      trigger,
      scopeHint: 'none',
      subscriber: '+15005550006',
      messageId: 'wamid.A1',
      stream: null,
      occurredAt: '2025-11-20T00:53:20.000Z',
    });
  });

  it('131050: the person stopped marketing, which we missed', () => {
    expect(failed(131050)).toMatchObject({
      trigger: 'provider_suppressed',
      suppressedFor: 'consent',
      scopeHint: 'channel',
      messageId: 'wamid.A1',
      reason: '131050 why',
    });
    expect(failed(131026, 131050).suppressedFor).toBe('consent');
  });

  it.each([131021, 131047, 131048, 131049, 131056, 130472])(
    '%i is a refusal of the sender and no opt-out',
    (code) => {
      expect(failed(code)).toMatchObject({ trigger: 'soft_bounce', isBlock: true, scopeHint: 'none' });
    },
  );

  it('131026 and what is not known say nothing about a wish', () => {
    expect(failed(131026).trigger).toBe('bounce_unclassified');
    expect(failed(999999).trigger).toBe('bounce_unclassified');
    expect(failed().trigger).toBe('bounce_unclassified');
  });

  it('in a group the recipient is the member, and a user id names nobody', () => {
    const group = {
      recipient_type: 'group',
      recipient_id: '120363000000',
      recipient_participant_id: '15005550006',
    };
    expect(only(whatsapp, statuses(status(group))).subscriber).toBe('+15005550006');
    const hidden = { recipient_id: undefined, recipient_user_id: 'US.77' };
    expect(only(whatsapp, statuses(status(hidden))).subscriber).toBeNull();
  });
});

describe('messages', () => {
  it.each(['STOP', 'stop', ' Stop! ', 'Stop all', 'UNSUBSCRIBE', 'opt-out', 'REVOKE.'])(
    '"%s" alone is a stop',
    (words) => {
      expect(only(whatsapp, text(words))).toMatchObject({
        channel: 'whatsapp',
        trigger: 'sms_stop',
        subscriber: '+15005550006',
        stream: 'whatsapp:200300400:marketing',
        scopeHint: 'channel',
        providerEventId: 'wamid.IN1',
        reason: words,
      });
    },
  );

  it.each(['START', 'unstop', 'Subscribe'])('"%s" alone is the return, with its evidence', (words) => {
    expect(only(whatsapp, text(words))).toMatchObject({
      trigger: 'resubscribe',
      evidence: 'whatsapp message wamid.IN1',
    });
  });

  it.each(['yes', 'cancel', 'Please stop by tomorrow', 'when does it start?', ''])(
    '"%s" is conversation',
    (words) => {
      expect(whatsapp.normalise(call(text(words)))).toEqual([{ kind: 'skipped', type: 'messages:text' }]);
    },
  );

  it('the opt-out button of a template is a stop, in whatever language it is known', () => {
    for (const label of ['Stop promotions', 'STOP PROMOTIONS', 'Parar promoções']) {
      const pressed = {
        type: 'button',
        button: { text: label, payload: label },
        context: { id: 'wamid.OUT' },
      };
      expect(only(whatsapp, messages(message(pressed)))).toMatchObject({
        trigger: 'platform_marketing_stop',
        stream: 'whatsapp:200300400:marketing',
        messageId: 'wamid.OUT',
        reason: label,
      });
    }
    const own = { type: 'button', button: { text: 'Keine Werbung mehr', payload: 'STOP' } };
    expect(only(whatsapp, messages(message(own))).trigger).toBe('platform_marketing_stop');
    const reply = { button_reply: { id: 'unsubscribe', title: 'Genug' } };
    const pressed = message({ type: 'interactive', interactive: { type: 'button_reply', ...reply } });
    expect(only(whatsapp, messages(pressed)).trigger).toBe('platform_marketing_stop');
  });

  it('another button is an answer and no opt-out', () => {
    const pressed = message({ type: 'button', button: { text: 'Track my order', payload: 'track' } });
    expect(whatsapp.normalise(call(messages(pressed)))).toEqual([
      { kind: 'skipped', type: 'messages:button' },
    ]);
  });

  it('the system message about a preference says the same as the preference', () => {
    const said = (marketing: string) =>
      only(
        whatsapp,
        messages(message({ type: 'system', system: { type: 'user_preference_changed', marketing } })),
      );
    expect(said('stop')).toMatchObject({ trigger: 'platform_marketing_stop', scopeHint: 'channel' });
    expect(said('resume')).toMatchObject({
      trigger: 'resubscribe',
      evidence: 'whatsapp user_preference_changed wamid.IN1',
    });
  });

  it('from a user without a number it names nobody', () => {
    const hidden = { type: 'text', text: { body: 'stop' }, from: undefined, from_user_id: 'US.77' };
    expect(only(whatsapp, messages(message(hidden)))).toMatchObject({
      trigger: 'sms_stop',
      subscriber: null,
    });
  });
});

it('reads every change of every entry', () => {
  const both = body(
    change('user_preferences', { user_preferences: [preference()] }),
    change('messages', {
      statuses: [status()],
      messages: [message({ type: 'text', text: { body: 'stop' } })],
    }),
  );
  const twice = {
    ...both,
    entry: [...both.entry, ...preferences(preference({ wa_id: '15005550007' })).entry],
  };
  const triggers = eventsOf(whatsapp.normalise(call(twice))).map(({ trigger }) => trigger);
  expect(triggers).toEqual(['platform_marketing_stop', 'delivered', 'sms_stop', 'platform_marketing_stop']);
});

it('INV-WH-4: skips unknown fields, values, statuses and messages whatever their shape', () => {
  const items = whatsapp.normalise(
    call(
      body(
        { field: 'account_update', value: 7 },
        change('user_preferences', { user_preferences: [{ value: 'pause', wa_id: {} }] }),
        change('messages', {
          statuses: [{ status: 'sent', id: {} }],
          messages: [{ type: 'image', from: [] }],
        }),
      ),
    ),
  );
  expect(items).toEqual([
    { kind: 'skipped', type: 'account_update' },
    { kind: 'skipped', type: 'pause' },
    { kind: 'skipped', type: 'sent' },
    { kind: 'skipped', type: 'image' },
  ]);
});

it('sets one unreadable item aside, at whatever depth, and keeps the rest', () => {
  const items = whatsapp.normalise(
    call({
      object: 'whatsapp_business_account',
      entry: [
        { id: '1' },
        { changes: [3, { field: 'messages', value: [] }] },
        ...statuses(null, status({ id: {} }), status()).entry,
      ],
    }),
  );
  expect(items.map(({ kind }) => kind)).toEqual([
    'unreadable',
    'unreadable',
    'unreadable',
    'unreadable',
    'unreadable',
    'event',
  ]);
});

it('gives up no opt-out for a fault in what only explains', () => {
  const faulty = { detail: {}, timestamp: [] };
  const value = { contacts: 'none', metadata: [], user_preferences: [preference(faulty)] };
  expect(only(whatsapp, body(change('user_preferences', value)))).toMatchObject({
    trigger: 'platform_marketing_stop',
    occurredAt: null,
  });
});

describe('identity', () => {
  it('INV-WH-3: is the same in another batch', () => {
    const [stop] = identities(whatsapp, preferences(preference()));
    expect(identities(whatsapp, preferences(preference({ wa_id: '15005550007' }), preference()))[1]).toBe(
      stop,
    );
    const [seen] = identities(whatsapp, statuses(status()));
    expect(identities(whatsapp, statuses(status({ id: 'wamid.A2' }), status()))[1]).toBe(seen);
  });

  it('differs by person, choice and time, by message and status', () => {
    const choices = [
      preference(),
      preference({ value: 'resume' }),
      preference({ timestamp: 1763600001 }),
      preference({ wa_id: '15005550007' }),
      preference({ wa_id: undefined, user_id: 'US.77' }),
      preference({ wa_id: undefined, user_id: 'US.78' }),
    ];
    expect(new Set(identities(whatsapp, preferences(...choices))).size).toBe(6);
    const states = [
      status(),
      status({ status: 'read' }),
      status({ id: 'wamid.A2' }),
      status({ recipient_id: '15005550007' }),
    ];
    expect(new Set(identities(whatsapp, statuses(...states))).size).toBe(4);
  });
});

it("refuses a body that is none of WhatsApp's", () => {
  for (const wrong of [
    '',
    '[]',
    '{}',
    '{"object":"page","entry":[]}',
    '{"object":"whatsapp_business_account"}',
  ]) {
    expect(() => whatsapp.normalise(call(wrong)), wrong).toThrow(UnreadablePayload);
  }
});
