import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { mailgun } from './mailgun.js';
import { call, context, identities, only } from './test-support.js';

const timestamp = '1763600000';
const token = 'f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778';
const hmac = (key: string, text = timestamp + token) => createHmac('sha256', key).update(text).digest('hex');

function envelope(kind: string, over: Record<string, unknown> = {}, signature: Record<string, unknown> = {}) {
  return {
    signature: { timestamp, token, signature: hmac('signing-key'), ...signature },
    'event-data': {
      event: kind,
      id: `mg-${kind}`,
      timestamp: 1763600000.25,
      recipient: 'ida@post.example',
      message: { headers: { 'message-id': '20251120.7@shop.example' } },
      ...over,
    },
  };
}

const failed = (over: Record<string, unknown>, status: Record<string, unknown> = {}) =>
  only(mailgun, envelope('failed', { severity: 'permanent', 'delivery-status': status, ...over }));

const legacyForm = (fields: [string, string][]) => new URLSearchParams(fields).toString();
const legacySignature: [string, string][] = [
  ['timestamp', timestamp],
  ['token', token],
  ['signature', hmac('signing-key')],
];

describe('signature', () => {
  const verify = (body: unknown, secrets = ['signing-key']) =>
    mailgun.verify?.(call(body), context({ secrets }));

  it('takes timestamp and token signed by the key, in JSON and in the old form', () => {
    expect(verify(envelope('opened'))).toEqual({ valid: true, signedAt: 1_763_600_000_000 });
    const form = legacyForm([['event', 'opened'], ...legacySignature]);
    expect(verify(form)).toEqual({ valid: true, signedAt: 1_763_600_000_000 });
  });

  it('takes either key while one is rotated', () => {
    expect(verify(envelope('opened'), ['new-key', 'signing-key'])).toMatchObject({ valid: true });
  });

  it('refuses a flipped digit, another key, token or timestamp, no key, and a signature that lacks a part', () => {
    const good = hmac('signing-key');
    const turned = (good.startsWith('0') ? '1' : '0') + good.slice(1);
    for (const wrong of [
      { signature: turned },
      { signature: hmac('other-key') },
      { token: `${token}0` },
      { timestamp: '1763600001' },
      { signature: '' },
      { token: null },
      { timestamp: undefined },
      { signature: 'no hexadecimal' },
    ]) {
      expect(verify(envelope('opened', {}, wrong)), JSON.stringify(wrong)).toMatchObject({ valid: false });
    }
    expect(verify(envelope('opened'), [])).toMatchObject({ valid: false });
  });

  it('refuses, and does not fail, where there is nothing to verify', () => {
    for (const body of [
      '',
      '{}',
      '[]',
      'null',
      '{"signature":3}',
      'event=opened',
      '{"event-data":{}}',
      '{',
    ]) {
      expect(verify(body), body).toMatchObject({ valid: false });
    }
  });

  it('answers 406, which alone keeps Mailgun from sending again', () => {
    expect(mailgun.refusal).toBe(406);
    expect(mailgun.bodyLimit).toBe(512 * 1024);
  });
});

describe('events', () => {
  it.each([
    ['unsubscribed', { trigger: 'link_unsubscribe', scopeHint: 'unknown' }],
    ['complained', { trigger: 'complaint', scopeHint: 'sender' }],
    ['delivered', { trigger: 'delivered', scopeHint: 'none' }],
    ['opened', { trigger: 'opened', scopeHint: 'none' }],
    ['clicked', { trigger: 'clicked', scopeHint: 'none' }],
  ])('%s', (kind, expected) => {
    expect(only(mailgun, envelope(kind))).toMatchObject({
      ...expected,
      subscriber: 'ida@post.example',
      occurredAt: '2025-11-20T00:53:20.250Z',
      messageId: '20251120.7@shop.example',
      providerEventId: `mg-${kind}`,
      stream: null,
      campaign: null,
    });
  });

  it('reads the stream from the variable, else the tag, else the mailing list', () => {
    const variable = { 'user-variables': { list_id: 'offers' } };
    const tag = { tags: ['vip', 'stream:news'] };
    const list = { 'mailing-list': { address: 'club@shop.example' } };
    const of = (over: object) => only(mailgun, envelope('unsubscribed', { ...over }));
    expect(of({ ...variable, ...tag, ...list })).toMatchObject({ stream: 'offers', scopeHint: 'stream' });
    expect(of({ ...tag, ...list })).toMatchObject({ stream: 'news', scopeHint: 'stream', tags: tag.tags });
    expect(of(list)).toMatchObject({ stream: 'mailgun:list:club@shop.example', scopeHint: 'list' });
  });

  it('names the first campaign', () => {
    const campaigns = [{ id: 'winter', name: 'Winter' }, { id: 'shoes' }];
    expect(only(mailgun, envelope('opened', { campaigns })).campaign).toBe('winter');
  });

  it.each([
    ['suppress-bounce', 'address'],
    ['suppress-unsubscribe', 'consent'],
    ['suppress-complaint', 'consent'],
  ])('a failure for %s is no bounce: Mailgun refuses already, for the %s', (reason, suppressedFor) => {
    expect(failed({ reason }, { code: 605 })).toMatchObject({
      trigger: 'provider_suppressed',
      suppressedFor,
      scopeHint: 'none',
      madeBy: 'provider',
    });
  });

  it("knows a suppression without a reason by Mailgun's code", () => {
    expect(failed({ reason: 'generic' }, { code: 606 })).toMatchObject({ suppressedFor: 'consent' });
    expect(failed({ reason: 'generic' }, { code: 607 })).toMatchObject({ suppressedFor: 'consent' });
    expect(failed({ reason: 'generic' }, { code: 605 })).toMatchObject({ suppressedFor: 'address' });
  });

  it.each([
    [{ reason: 'bounce' }, { code: 550, message: '5.1.1 no such user' }, 'hard_bounce', 'address'],
    [{ reason: 'bounce' }, { code: 550 }, 'hard_bounce', 'address'],
    [{ reason: 'generic' }, { code: 550, 'bounce-type': 'hard' }, 'hard_bounce', 'address'],
    [{ reason: 'generic' }, { code: 550 }, 'bounce_unclassified', 'none'],
    [{ reason: 'bounce' }, { code: 550, 'enhanced-code': '5.2.2' }, 'soft_bounce', 'none'],
    [{ reason: 'old' }, { code: 602, message: 'Too old' }, 'soft_bounce', 'none'],
    [{ reason: 'generic', severity: 'temporary' }, { code: 451 }, 'soft_bounce', 'none'],
    [
      { reason: 'generic', severity: 'temporary' },
      { code: 550, message: 'no such user' },
      'soft_bounce',
      'none',
    ],
  ])('weighs a failure %j %j: %s', (over, status, trigger, scopeHint) => {
    expect(failed(over, status)).toMatchObject({ trigger, scopeHint, isBlock: false });
  });

  it('takes a refusal of the sender for a block, by reason and by code', () => {
    const block = { trigger: 'soft_bounce', isBlock: true, scopeHint: 'none' };
    expect(failed({ reason: 'espblock' }, { code: 550, message: '5.1.1 user unknown' })).toMatchObject(block);
    expect(failed({ reason: 'bounce' }, { code: 554, message: '5.7.1 not welcome' })).toMatchObject(block);
  });

  it('skips what it does not know by its name', () => {
    for (const kind of ['accepted', 'rejected', 'stored', 'constructor']) {
      expect(mailgun.normalise(call(envelope(kind)))).toEqual([{ kind: 'skipped', type: kind }]);
    }
  });

  it('gives up no opt-out for a fault in what only explains', () => {
    const faulty = {
      tags: 3,
      campaigns: {},
      'user-variables': [],
      message: 'x',
      'delivery-status': [],
      id: {},
    };
    expect(only(mailgun, envelope('unsubscribed', faulty))).toMatchObject({
      trigger: 'link_unsubscribe',
      subscriber: 'ida@post.example',
    });
  });
});

describe('the form of before 2018', () => {
  it("is read like the new one, the sender's variables apart from Mailgun's fields", () => {
    const body = legacyForm([
      ['event', 'unsubscribed'],
      ['recipient', 'ida@post.example'],
      ['recipient', 'a variable of that name'],
      ['timestamp', 'a variable of that name'],
      ['tag', 'vip'],
      ['tag', 'stream:news'],
      ['campaign-id', 'winter'],
      ['Message-Id', '<20251120.7@shop.example>'],
      ['user-agent', 'Mail/7'],
      ...legacySignature,
    ]);
    expect(only(mailgun, body)).toMatchObject({
      trigger: 'link_unsubscribe',
      subscriber: 'ida@post.example',
      stream: 'news',
      campaign: 'winter',
      messageId: '20251120.7@shop.example',
      occurredAt: '2025-11-20T00:53:20.000Z',
      userAgent: 'Mail/7',
    });
  });

  it('knows a dropped message as a suppression, and a bounce by its code', () => {
    const dropped = legacyForm([
      ['event', 'dropped'],
      ['code', '607'],
      ['reason', 'hardfail'],
      ...legacySignature,
    ]);
    expect(only(mailgun, dropped)).toMatchObject({
      trigger: 'provider_suppressed',
      suppressedFor: 'consent',
    });
    const bounce = legacyForm([
      ['event', 'bounced'],
      ['code', '550'],
      ['error', '5.1.1 gone'],
      ...legacySignature,
    ]);
    expect(only(mailgun, bounce)).toMatchObject({ trigger: 'hard_bounce', reason: '5.1.1 gone' });
  });
});

it('sets an event that cannot be read aside, and refuses a body that is none of Mailgun', () => {
  const items = mailgun.normalise(call(envelope('unsubscribed', { recipient: ['a', 'b'] })));
  expect(items).toMatchObject([{ kind: 'unreadable', detail: expect.stringMatching(/^recipient: /) }]);
  expect(() => mailgun.normalise(call('{"signature":{}}'))).toThrow(UnreadablePayload);
  expect(() => mailgun.normalise(call('{'))).toThrow(UnreadablePayload);
});

it('knows an event again under another token, and tells events and attempts apart', () => {
  const [first] = identities(mailgun, envelope('unsubscribed'));
  const later = { token: 'another', timestamp: '1763609999' };
  expect(identities(mailgun, envelope('unsubscribed', {}, later), { receivedAt: 1 })).toEqual([first]);
  const attempt = (n: number) => ({ id: undefined, 'delivery-status': { 'attempt-no': n } });
  const all = [
    envelope('unsubscribed'),
    envelope('complained', { id: 'mg-unsubscribed' }),
    envelope('unsubscribed', { recipient: 'olaf@post.example' }),
    envelope('unsubscribed', { timestamp: 1763600001 }),
    envelope('failed', attempt(1)),
    envelope('failed', attempt(2)),
  ].flatMap((body) => identities(mailgun, body));
  expect(new Set(all).size).toBe(all.length);
});
