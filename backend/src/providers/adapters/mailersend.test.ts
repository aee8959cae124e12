import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UnreadablePayload, type Verification } from '../adapter.js';
import { describeSignature } from '../testing/signatures.js';
import { mailersend } from './mailersend.js';
import { call, context, identities, only } from './test-support.js';

/** The first version of the payload: the address deep inside. */
function first(type: string, morph: unknown = null, over: object = {}) {
  return {
    type,
    created_at: '2026-11-20T08:00:09.520507Z',
    data: {
      object: 'activity',
      id: '64aa01',
      type: type.split('.')[1],
      created_at: '2026-11-20T08:00:00.250000Z',
      email: {
        status: 'delivered',
        tags: ['winter'],
        message: { object: 'message', id: '64aa00' },
        recipient: { object: 'recipient', email: 'ida@post.example' },
      },
      morph,
      ...over,
    },
  };
}

/** The second: everything in `data`, an empty list where there is nothing to tell. */
function second(type: string, meta: unknown = [], over: object = {}) {
  return {
    type,
    created_at: '2026-11-20T08:00:00.250000Z',
    data: {
      id: '64aa01',
      message_id: '64aa00',
      type: type.split('.')[1],
      email: 'ida@post.example',
      tags: ['winter'],
      meta,
      ...over,
    },
  };
}

const sign = (body: Buffer, secret: string) => ({
  signature: createHmac('sha256', secret).update(body).digest('hex'),
});

describeSignature({
  adapter: mailersend,
  body: Buffer.from(JSON.stringify(second('activity.opened'))),
  secrets: ['signing-secret-of-one-webhook', 'signing-secret-of-another'],
  sign,
  signedAt: null,
});

describe('the ping that MailerSend signs with a key everybody knows', () => {
  const published = 'test_Am3L1GuOIc4blLUuHqAPxxwkZaJyEk8G';
  const verify = (text: string, secret = published) => {
    const body = Buffer.from(text);
    return mailersend.verify?.(
      call(body, { headers: sign(body, secret) }),
      context({ secrets: ['ours'] }),
    ) as Verification;
  };
  const ping =
    '{"type":"webhook.test","message":"This is a ping","created_at":"2026-11-20T08:00:00.000000Z"}';

  it('gets through, so that the webhook can be saved, and tells nothing', () => {
    expect(verify(ping).valid).toBe(true);
    expect(mailersend.normalise(call(ping))).toEqual([{ kind: 'skipped', type: 'webhook.test' }]);
  });

  it('INV-WH-1: opens the door to nothing else', () => {
    const real = JSON.stringify(second('activity.unsubscribed'));
    for (const text of [
      real,
      // The second of two keys of the same name is the one that counts.
      `{"type":"webhook.test",${real.slice(1)}`,
      `[${ping}]`,
      'webhook.test',
      `{"type":"webhook.test","message":"${'x'.repeat(5000)}"}`,
    ]) {
      expect(verify(text).valid, text.slice(0, 60)).toBe(false);
    }
    expect(verify(ping, 'theirs').valid).toBe(false);
  });
});

describe.each([
  ['first', first],
  ['second', second],
])('events of the %s version', (_, payload) => {
  it.each([
    ['activity.delivered', 'delivered', 'none'],
    ['activity.deferred', 'delivery_delayed', 'none'],
    ['activity.opened', 'opened', 'none'],
    ['activity.opened_unique', 'opened', 'none'],
    ['activity.clicked', 'clicked', 'none'],
    ['activity.clicked_unique', 'clicked', 'none'],
    ['activity.spam_complaint', 'complaint', 'sender'],
    ['activity.unsubscribed', 'link_unsubscribe', 'unknown'],
    ['activity.hard_bounced', 'hard_bounce', 'address'],
    ['activity.soft_bounced', 'soft_bounce', 'none'],
    ['activity.suppressed', 'provider_suppressed', 'none'],
  ])('%s is %s', (type, trigger, scopeHint) => {
    expect(only(mailersend, payload(type))).toMatchObject({
      trigger,
      scopeHint,
      channel: 'email',
      subscriber: 'ida@post.example',
      messageId: '64aa00',
      occurredAt: '2026-11-20T08:00:00.250Z',
      providerEventId: '64aa01',
      tags: ['winter'],
      stream: null,
      campaign: null,
    });
  });
});

describe('what the events say', () => {
  it.each([
    ['I get too many emails', 'too_many'],
    ['I never signed up for this mailing list', 'never_signed_up'],
    ['I no longer want to receive these emails', 'not_relevant'],
    ['The emails are inappropriate', 'not_relevant'],
    ['Umzug ins Ausland', 'Umzug ins Ausland'],
  ])('"%s" is %s', (readable_reason, reason) => {
    const morph = { object: 'recipient_unsubscribe', reason: 'option_9', readable_reason };
    expect(only(mailersend, first('activity.unsubscribed', morph)).reason).toBe(reason);
    expect(
      only(mailersend, second('activity.unsubscribed', { unsubscribe_reason: readable_reason })).reason,
    ).toBe(reason);
  });

  it('keeps the code of an answer whose words are not told', () => {
    expect(only(mailersend, first('activity.unsubscribed', { reason: 'option_2' })).reason).toBe('option_2');
    expect(only(mailersend, first('activity.unsubscribed')).reason).toBeNull();
  });

  it('INV-DSN-1: a hard bounce for policy is a refusal of the sender', () => {
    const policy = { bounce_code: '550', bounce_reason: '5.7.1 blocked by policy' };
    expect(only(mailersend, second('activity.hard_bounced', policy))).toMatchObject({
      trigger: 'soft_bounce',
      isBlock: true,
    });
    const dead = { object: 'recipient_bounce', reason: 'Host or domain name not found' };
    expect(only(mailersend, first('activity.hard_bounced', dead))).toMatchObject({
      trigger: 'hard_bounce',
      isBlock: false,
      reason: 'Host or domain name not found',
    });
  });

  it.each([
    ['hard_bounced', 'address'],
    ['on_hold', 'address'],
    ['unsubscribed', 'consent'],
    ['spam_complaint', 'consent'],
    ['blocklisted', 'consent'],
    [undefined, 'consent'],
  ])('suppressed for %s concerns the %s', (suppression_reason, suppressedFor) => {
    const meta = { suppression_reason };
    expect(only(mailersend, second('activity.suppressed', meta)).suppressedFor).toBe(suppressedFor);
  });

  it('a recipient put on hold is held', () => {
    const body = {
      type: 'recipient.on_hold_added',
      created_at: '2026-11-20 08:00:00',
      data: { id: 'h1', email: 'ida@post.example' },
    };
    expect(only(mailersend, body)).toMatchObject({
      trigger: 'provider_suppressed',
      suppressedFor: 'address',
      subscriber: 'ida@post.example',
      // Without a zone, as MailerSend wrote it.
      occurredAt: '2026-11-20 08:00:00',
    });
  });

  it('finds the recipient by whatever name', () => {
    const named = (recipient: unknown) => second('activity.opened', [], { email: undefined, recipient });
    expect(only(mailersend, named('ole@post.example')).subscriber).toBe('ole@post.example');
    expect(only(mailersend, named({ email: 'ole@post.example' })).subscriber).toBe('ole@post.example');
    expect(only(mailersend, named(undefined)).subscriber).toBeNull();
  });

  it.each([
    ['sms.delivered', 'delivered'],
    ['sms.failed', 'bounce_unclassified'],
  ])('%s is %s of the phone', (type, trigger) => {
    const data = { id: 's1', from: '+15005550100', to: '+15005550006', status: 'x' };
    expect(only(mailersend, { type, created_at: '2026-11-20T08:00:00.000000Z', data })).toMatchObject({
      trigger,
      channel: 'sms',
      subscriber: '+15005550006',
    });
  });
});

it('INV-WH-4: skips an unknown type whatever its shape', () => {
  for (const type of [
    'activity.sent',
    'activity.survey_opened',
    'sms.sent',
    'inbound_message.rejected',
    'recipient.on_hold_removed',
    'toString',
  ]) {
    expect(mailersend.normalise(call({ type, data: 7 }))).toEqual([{ kind: 'skipped', type }]);
  }
});

it('keeps what cannot be read for a person', () => {
  const body = second('activity.unsubscribed', [], { email: ['ida@post.example'] });
  expect(mailersend.normalise(call(body))).toMatchObject([
    { kind: 'unreadable', detail: expect.stringMatching(/^data\.email: /), value: body },
  ]);
  expect(mailersend.normalise(call({ type: 'activity.unsubscribed' }))).toMatchObject([
    { kind: 'unreadable' },
  ]);
});

it('gives up no opt-out for a fault in what only explains', () => {
  const faulty = { tags: 'winter', meta: 'none', morph: [1], message_id: {}, created_at: [] };
  expect(only(mailersend, second('activity.unsubscribed', [], faulty))).toMatchObject({
    trigger: 'link_unsubscribe',
    tags: [],
    messageId: null,
    occurredAt: '2026-11-20T08:00:00.250Z',
  });
});

describe('identity', () => {
  it('INV-WH-3: is the same when the call is sent again, written otherwise', () => {
    const left = second('activity.unsubscribed');
    const again = JSON.stringify(left, null, 1).replaceAll('/', '\\/');
    expect(identities(mailersend, again)).toEqual(identities(mailersend, left));
  });

  it('differs by activity, type and person', () => {
    const others = [
      second('activity.unsubscribed'),
      second('activity.spam_complaint'),
      second('activity.unsubscribed', [], { id: '64aa02' }),
      second('activity.unsubscribed', [], { email: 'ole@post.example' }),
    ];
    expect(new Set(others.flatMap((body) => identities(mailersend, body))).size).toBe(4);
  });
});

it("refuses a body that is none of MailerSend's", () => {
  for (const wrong of ['', '[]', '{}', '{"type":1}', 'a=1']) {
    expect(() => mailersend.normalise(call(wrong)), wrong).toThrow(UnreadablePayload);
  }
});
