import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { sendgrid } from './sendgrid.js';
import { call, context, eventsOf, flipped, identities, only } from './test-support.js';

const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const base64 = (key: typeof ours.publicKey) => key.export({ format: 'der', type: 'spki' }).toString('base64');
const pem = (key: typeof ours.publicKey) => key.export({ format: 'pem', type: 'spki' }).toString();

const at = '1763600000';
const body = Buffer.from(JSON.stringify([event('open')]));

function signed(bytes: Buffer, { timestamp = at, key = ours.privateKey, over = body } = {}) {
  const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), over]), key).toString('base64');
  return call(bytes, {
    headers: {
      'x-twilio-email-event-webhook-timestamp': timestamp,
      'x-twilio-email-event-webhook-signature': signature,
    },
  });
}

function event(kind: string, over: Record<string, unknown> = {}) {
  return {
    email: 'ida@post.example',
    timestamp: 1763600000,
    'smtp-id': '<9f2b@mailer.shop.example>',
    event: kind,
    category: ['winter', 'shoes'],
    sg_event_id: `ev-${kind}`,
    sg_message_id: '9f2b.recvd-77.1',
    ...over,
  };
}

describe('signature', () => {
  const verify = (request: ReturnType<typeof call>, secrets: string[]) =>
    sendgrid.verify?.(request, context({ secrets }));

  it('takes timestamp and bytes signed by the key, base64 or PEM, and dates the call by the timestamp', () => {
    for (const secret of [base64(ours.publicKey), pem(ours.publicKey)]) {
      expect(verify(signed(body), [secret])).toEqual({ valid: true, signedAt: 1_763_600_000_000 });
    }
  });

  it('takes either key while one is rotated', () => {
    expect(verify(signed(body), [base64(other.publicKey), base64(ours.publicKey)])).toMatchObject({
      valid: true,
    });
  });

  it('refuses one flipped byte, another timestamp, another key, no key and missing headers', () => {
    const secrets = [base64(ours.publicKey)];
    for (const place of [0, 10, body.length - 1]) {
      expect(verify(signed(flipped(body, place)), secrets)).toMatchObject({ valid: false });
    }
    const late = signed(body);
    late.headers = { ...late.headers, 'x-twilio-email-event-webhook-timestamp': '1763600001' };
    expect(verify(late, secrets)).toMatchObject({ valid: false });
    expect(verify(signed(body, { key: other.privateKey }), secrets)).toMatchObject({ valid: false });
    expect(verify(signed(body), [])).toMatchObject({ valid: false });
    for (const name of Object.keys(signed(body).headers)) {
      const lacking = signed(body);
      lacking.headers = { ...lacking.headers, [name]: undefined };
      expect(verify(lacking, secrets), name).toMatchObject({ valid: false });
    }
  });

  it('refuses, and does not fail, where a secret is no key or a key of another kind', () => {
    const strange = generateKeyPairSync('ed25519').publicKey;
    expect(verify(signed(body), ['not a key', pem(strange)])).toMatchObject({ valid: false });
  });
});

describe('events', () => {
  it.each([
    ['open', { trigger: 'opened', scopeHint: 'none' }],
    ['click', { trigger: 'clicked', scopeHint: 'none' }],
    ['delivered', { trigger: 'delivered', scopeHint: 'none' }],
    ['deferred', { trigger: 'delivery_delayed', scopeHint: 'none' }],
    ['spamreport', { trigger: 'complaint', scopeHint: 'sender' }],
    ['unsubscribe', { trigger: 'global_unsubscribe', scopeHint: 'global', stream: null }],
  ])('%s', (kind, expected) => {
    expect(only(sendgrid, [event(kind)])).toMatchObject({
      ...expected,
      channel: 'email',
      subscriber: 'ida@post.example',
      occurredAt: '2025-11-20T00:53:20.000Z',
      messageId: '9f2b.recvd-77.1',
      providerEventId: `ev-${kind}`,
      tags: ['winter', 'shoes'],
    });
  });

  it('keeps a group as the stream, and only the leaving of all groups names none', () => {
    const group = { asm_group_id: 31 };
    expect(only(sendgrid, [event('group_unsubscribe', group)])).toMatchObject({
      trigger: 'group_unsubscribe',
      stream: 'sendgrid:asm:31',
      scopeHint: 'stream',
    });
    expect(only(sendgrid, [event('spamreport', group)]).stream).toBe('sendgrid:asm:31');
    expect(only(sendgrid, [event('unsubscribe', group)]).stream).toBeNull();
  });

  it('gives the return to a group with what proves it', () => {
    expect(only(sendgrid, [event('group_resubscribe', { asm_group_id: 31 })])).toMatchObject({
      trigger: 'resubscribe',
      stream: 'sendgrid:asm:31',
      evidence: 'sendgrid group_resubscribe ev-group_resubscribe',
    });
  });

  it('takes no refusal of the sender for a dead address: `blocked`, and a policy code under `bounce`', () => {
    const dead = { reason: '550 5.1.1 user unknown', status: '5.1.1' };
    expect(only(sendgrid, [event('bounce', { ...dead, type: 'blocked' })])).toMatchObject({
      trigger: 'soft_bounce',
      isBlock: true,
      scopeHint: 'none',
    });
    expect(only(sendgrid, [event('bounce', { ...dead, type: 'bounce' })])).toMatchObject({
      trigger: 'hard_bounce',
      isBlock: false,
      scopeHint: 'address',
      reason: '550 5.1.1 user unknown',
    });
    const policy = { type: 'bounce', reason: '550 5.7.1 rejected', status: '5.7.1' };
    expect(only(sendgrid, [event('bounce', policy)])).toMatchObject({
      trigger: 'soft_bounce',
      isBlock: true,
    });
  });

  it("takes SendGrid's word for a bounce that says nothing else", () => {
    expect(only(sendgrid, [event('bounce', { type: 'bounce' })]).trigger).toBe('hard_bounce');
  });

  it.each([
    ['Bounced Address', 'address'],
    ['Invalid', 'address'],
    ['Unsubscribed Address', 'consent'],
    ['Spam Reporting Address', 'consent'],
    ['Invalid SMTPAPI header', 'sender'],
    ['Spam Content (if Spam Checker app is enabled)', 'sender'],
    ['Recipient List over Package Quota', 'sender'],
  ])('dropped for "%s" concerns the %s', (reason, suppressedFor) => {
    expect(only(sendgrid, [event('dropped', { reason })])).toMatchObject({
      trigger: 'provider_suppressed',
      suppressedFor,
      scopeHint: 'none',
      madeBy: 'provider',
    });
  });

  it('names the campaign of a single send or of a legacy campaign', () => {
    expect(only(sendgrid, [event('open', { singlesend_id: '5f-1' })]).campaign).toBe(
      'sendgrid:singlesend:5f-1',
    );
    expect(only(sendgrid, [event('open', { marketing_campaign_id: 12 })]).campaign).toBe(
      'sendgrid:campaign:12',
    );
    expect(only(sendgrid, [event('open')]).campaign).toBeNull();
  });

  it('knows the message of a late bounce by the id that the sender gave', () => {
    const late = { sg_message_id: undefined, type: 'bounce' };
    expect(only(sendgrid, [event('bounce', late)]).messageId).toBe('9f2b@mailer.shop.example');
  });

  it('skips what it does not know by its name', () => {
    const items = sendgrid.normalise(
      call([event('processed'), event('account_status_change'), event('new')]),
    );
    expect(items.map((item) => item.kind === 'skipped' && item.type)).toEqual([
      'processed',
      'account_status_change',
      'new',
    ]);
  });
});

it('sets one unreadable item aside and keeps the rest of the batch', () => {
  const items = sendgrid.normalise(call([event('unsubscribe'), { event: 7 }, null, event('spamreport')]));
  expect(items.map(({ kind }) => kind)).toEqual(['event', 'unreadable', 'unreadable', 'event']);
  expect(items[1]).toMatchObject({ detail: expect.stringMatching(/^event: /), value: { event: 7 } });
});

it('gives up no opt-out for a fault in what only explains', () => {
  const faulty = event('unsubscribe', { category: { a: 1 }, reason: [1], useragent: {}, timestamp: [] });
  expect(only(sendgrid, [faulty])).toMatchObject({
    trigger: 'global_unsubscribe',
    tags: [],
    occurredAt: null,
  });
});

it('refuses a body that is no list', () => {
  for (const wrong of ['', 'event=open', '{"event":"open"}', '3']) {
    expect(() => sendgrid.normalise(call(wrong)), wrong).toThrow(UnreadablePayload);
  }
});

it('knows an event again in another batch, and tells events apart that share an id', () => {
  const [first] = identities(sendgrid, [event('bounce')]);
  const again = identities(sendgrid, [event('open'), event('bounce')], { receivedAt: 1 });
  expect(again[1]).toBe(first);
  const shared = ['unsubscribe', 'spamreport', 'open'].map((kind) => event(kind, { sg_event_id: 'same' }));
  const both = [...shared, event('open', { sg_event_id: 'same', email: 'olaf@post.example' })];
  expect(new Set(identities(sendgrid, both)).size).toBe(4);
  expect(eventsOf(sendgrid.normalise(call(both)))).toHaveLength(4);
});
