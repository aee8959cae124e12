import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { customerio } from './customerio.js';
import { call, context, eventsOf, flipped, identities, only } from './test-support.js';

const identifiers = { id: '7', email: 'ida@post.example', cio_id: 'a1' };

const customer = (
  metric: string,
  over: Record<string, unknown> = {},
  data: Record<string, unknown> = {},
) => ({
  metric,
  event_id: `cio-${metric}`,
  object_type: 'customer',
  timestamp: 1763600000,
  data: { customer_id: '7', email_address: 'ida@post.example', identifiers, ...data },
  ...over,
});

const message = (metric: string, object_type = 'email', data: Record<string, unknown> = {}) => ({
  metric,
  event_id: `cio-${metric}`,
  object_type,
  timestamp: 1763600000,
  data: {
    action_id: 4,
    broadcast_id: 12,
    delivery_id: 'DLV1',
    recipient: object_type === 'email' ? 'ida@post.example' : '+15550177',
    identifiers,
    ...data,
  },
});

const preferences = (content: unknown, data: Record<string, unknown> = {}) =>
  customer(
    'cio_subscription_preferences_changed',
    { object_type: 'email' },
    { content, delivery_id: 'DLV1', ...data },
  );

describe('signature', () => {
  const body = Buffer.from(JSON.stringify(customer('unsubscribed')));
  const at = '1763600001';
  const sign = (bytes: Buffer, key = 'signing-key', timestamp = at) =>
    createHmac('sha256', key).update(`v0:${timestamp}:`).update(bytes).digest('hex');
  const request = (bytes: Buffer, signature: string | undefined, timestamp: string | undefined = at) =>
    call(bytes, { headers: { 'x-cio-timestamp': timestamp, 'x-cio-signature': signature } });
  const verify = (made: ReturnType<typeof call>, secrets = ['signing-key']) =>
    customerio.verify?.(made, context({ secrets }));

  it('takes version, timestamp and bytes signed by the key, and dates the call by the timestamp', () => {
    expect(verify(request(body, sign(body)))).toEqual({ valid: true, signedAt: 1_763_600_001_000 });
  });

  it('takes either key while one is rotated', () => {
    expect(verify(request(body, sign(body)), ['new-key', 'signing-key'])).toMatchObject({ valid: true });
  });

  it('refuses one flipped byte, another timestamp, another key, no key and missing headers', () => {
    for (const place of [0, 40, body.length - 1]) {
      expect(verify(request(flipped(body, place), sign(body)))).toMatchObject({ valid: false });
    }
    expect(verify(request(body, sign(body), '1763600002'))).toMatchObject({ valid: false });
    expect(verify(request(body, sign(body, 'other')))).toMatchObject({ valid: false });
    expect(verify(request(body, sign(body)), [])).toMatchObject({ valid: false });
    expect(verify(request(body, undefined))).toMatchObject({ valid: false });
    const undated = request(body, sign(body));
    undated.headers = { 'x-cio-signature': sign(body) };
    expect(verify(undated)).toMatchObject({ valid: false });
    expect(verify(request(body, ''))).toMatchObject({ valid: false });
    expect(verify(request(body, sign(body, 'signing-key', 'soon'), 'soon'))).toMatchObject({ valid: false });
  });
});

describe('a person', () => {
  it('who unsubscribes leaves everything', () => {
    expect(only(customerio, customer('unsubscribed'))).toMatchObject({
      channel: 'email',
      trigger: 'global_unsubscribe',
      subscriber: 'ida@post.example',
      scopeHint: 'global',
      campaign: null,
      messageId: null,
      occurredAt: '2025-11-20T00:53:20.000Z',
      providerEventId: 'cio-unsubscribed',
    });
  });

  it('who subscribes proves it only by the message that led there', () => {
    const bare = only(customerio, customer('subscribed'));
    expect(bare).toMatchObject({ trigger: 'resubscribe', scopeHint: 'global', madeBy: 'provider' });
    expect(bare.evidence).toBeUndefined();
    expect(only(customerio, message('subscribed'))).toMatchObject({
      trigger: 'resubscribe',
      evidence: 'customerio subscribed cio-subscribed delivery DLV1',
    });
  });

  it('who changes preferences changes those topics and channels, and no other', () => {
    const content = { topics: { topic_3: false, topic_8: true }, channels: { sms: false, email: true } };
    for (const given of [content, JSON.stringify(content)]) {
      expect(eventsOf(customerio.normalise(call(preferences(given))))).toMatchObject([
        { trigger: 'preference_change', stream: 'customerio:topic:3', scopeHint: 'stream', channel: 'email' },
        {
          trigger: 'resubscribe',
          stream: 'customerio:topic:8',
          evidence: 'customerio topic_8 delivery DLV1',
        },
        { trigger: 'preference_change', channel: 'sms', asked: 'all', scopeHint: 'channel', stream: null },
        { trigger: 'resubscribe', channel: 'email', scopeHint: 'channel' },
      ]);
    }
  });

  it('whose preferences the sender may have changed proves no opt-in', () => {
    const [event] = eventsOf(
      customerio.normalise(call(preferences({ topics: { topic_8: true } }, { delivery_id: undefined }))),
    );
    expect(event).toMatchObject({ trigger: 'resubscribe', madeBy: 'provider' });
    expect(event?.evidence).toBeUndefined();
  });

  it('whose change is not told is set aside for someone to look', () => {
    for (const content of [undefined, 'no JSON', '[]', '{"topics":{"topic_3":"no"}}']) {
      expect(customerio.normalise(call(preferences(content))), content).toMatchObject([
        { kind: 'unreadable', detail: 'data.content: must name topics or channels' },
      ]);
    }
    expect(customerio.normalise(call(preferences('{}')))).toEqual([
      { kind: 'skipped', type: 'cio_subscription_preferences_changed' },
    ]);
  });
});

describe('a message', () => {
  it.each([
    ['unsubscribed', { trigger: 'link_unsubscribe', scopeHint: 'unknown' }],
    ['spammed', { trigger: 'complaint', scopeHint: 'sender' }],
    ['delivered', { trigger: 'delivered', scopeHint: 'none' }],
    ['opened', { trigger: 'opened', scopeHint: 'none' }],
    ['clicked', { trigger: 'clicked', scopeHint: 'none' }],
    ['attempted', { trigger: 'delivery_delayed', scopeHint: 'none' }],
    ['deferred', { trigger: 'delivery_delayed', scopeHint: 'none' }],
  ])('that was %s', (metric, expected) => {
    expect(only(customerio, message(metric))).toMatchObject({
      ...expected,
      channel: 'email',
      subscriber: 'ida@post.example',
      campaign: 'customerio:broadcast:12',
      messageId: 'DLV1',
      stream: null,
    });
  });

  it.each([
    ['bounced', '550 5.1.1 no such user', 'hard_bounce', false],
    ['bounced', '552 5.2.2 full', 'soft_bounce', false],
    ['bounced', '550 5.7.1 not welcome', 'soft_bounce', true],
    ['bounced', 'no idea', 'bounce_unclassified', false],
    ['failed', '450 try again', 'soft_bounce', false],
    ['failed', 'no idea', 'bounce_unclassified', false],
  ])('that %s with "%s" is %s', (metric, failure_message, trigger, isBlock) => {
    expect(only(customerio, message(metric, 'email', { failure_message }))).toMatchObject({
      trigger,
      isBlock,
      scopeHint: trigger === 'hard_bounce' ? 'address' : 'none',
      reason: failure_message,
    });
  });

  it.each([
    ['dropped', 'previously bounced', 'address'],
    ['dropped', 'marked as spam', 'consent'],
    ['suppressed', '', 'consent'],
    ['failed', '21610: Attempt to send to unsubscribed recipient', 'consent'],
  ])('that was %s for "%s" met a suppression: %s', (metric, failure_message, suppressedFor) => {
    expect(only(customerio, message(metric, 'sms', { failure_message }))).toMatchObject({
      channel: 'sms',
      subscriber: '+15550177',
      trigger: 'provider_suppressed',
      suppressedFor,
      scopeHint: 'none',
      madeBy: 'provider',
    });
  });

  it('is of its channel; push kills only the token that is dead, never another address (INV-PUSH-1)', () => {
    expect(only(customerio, message('delivered', 'whatsapp')).channel).toBe('whatsapp');
    expect(only(customerio, message('opened', 'in_app', { recipient: undefined }))).toMatchObject({
      channel: 'in_app',
      subscriber: 'ida@post.example',
    });
    const recipients = [
      { device_id: 'token-a', device_platform: 'ios', failure_message: 'unregistered' },
      { device_id: 'token-b', device_platform: 'ios', failure_message: 'unregistered' },
    ];
    const push = message('bounced', 'push', { recipient: undefined, recipients });
    expect(eventsOf(customerio.normalise(call(push)))).toMatchObject([
      { channel: 'push', trigger: 'hard_bounce', subscriber: 'token-a', reason: 'unregistered' },
      { channel: 'push', trigger: 'hard_bounce', subscriber: 'token-b' },
    ]);
    const unnamed = message('bounced', 'push', { recipient: 'ida@post.example' });
    expect(only(customerio, unnamed).subscriber).toBeNull();
  });

  it.each([
    [{ broadcast_id: undefined, campaign_id: 5 }, 'customerio:campaign:5'],
    [{ broadcast_id: undefined, newsletter_id: 6 }, 'customerio:newsletter:6'],
    [{ broadcast_id: undefined, transactional_message_id: 7 }, 'customerio:transactional:7'],
    [{ broadcast_id: null }, null],
  ])('names what it was sent for: %j', (data, campaign) => {
    expect(only(customerio, message('opened', 'email', data)).campaign).toBe(campaign);
  });

  it.each(['sent', 'drafted', 'converted', 'undeliverable', 'human_opened', 'constructor'])(
    'skips %s',
    (metric) => {
      expect(customerio.normalise(call(message(metric)))).toEqual([{ kind: 'skipped', type: metric }]);
    },
  );

  it('to a machine reaches nobody, but whoever unsubscribes through it is heard', () => {
    expect(customerio.normalise(call(message('failed', 'slack')))).toEqual([
      { kind: 'skipped', type: 'failed' },
    ]);
    expect(only(customerio, customer('unsubscribed', { object_type: 'webhook' }))).toMatchObject({
      channel: 'email',
      trigger: 'link_unsubscribe',
      subscriber: 'ida@post.example',
    });
  });
});

it('reads data that comes as a text inside the JSON', () => {
  const { data, ...rest } = message('unsubscribed');
  expect(only(customerio, { ...rest, data: JSON.stringify(data) })).toMatchObject({
    trigger: 'link_unsubscribe',
    messageId: 'DLV1',
  });
});

it('sets an item that cannot be read aside and keeps the one beside it', () => {
  const items = customerio.normalise(
    call([{ ...message('opened'), data: 'no JSON' }, customer('unsubscribed'), { metric: 7 }]),
  );
  expect(items.map(({ kind }) => kind)).toEqual(['unreadable', 'event', 'unreadable']);
  expect(items[0]).toMatchObject({ detail: expect.stringMatching(/^data: /) });
  expect(() => customerio.normalise(call('metric=unsubscribed'))).toThrow(UnreadablePayload);
});

it('knows an event again and tells events apart', () => {
  const [first] = identities(customerio, customer('unsubscribed'));
  expect(identities(customerio, [message('opened'), customer('unsubscribed')], { receivedAt: 1 })[1]).toBe(
    first,
  );
  const all = [
    customer('unsubscribed'),
    customer('subscribed', { event_id: 'cio-unsubscribed' }),
    customer('unsubscribed', { event_id: 'cio-2' }),
    message('unsubscribed'),
    message('unsubscribed', 'email', { recipient: 'olaf@post.example' }),
    preferences({ topics: { topic_1: false, topic_2: false }, channels: { sms: false, push: false } }),
  ].flatMap((body) => identities(customerio, body));
  expect(all).toHaveLength(9);
  expect(new Set(all).size).toBe(9);
});
