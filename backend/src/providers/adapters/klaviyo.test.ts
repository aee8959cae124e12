import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UnreadablePayload, type Verification } from '../adapter.js';
import { describeSignature } from '../testing/signatures.js';
import { klaviyo } from './klaviyo.js';
import { call, context, eventsOf, identities, only } from './test-support.js';

const at = 'Fri, 20 Nov 2026 08:00:00 GMT';

function topic(name: string, properties: unknown = { email_address: 'ida@post.example' }, over: object = {}) {
  return {
    topic: `event:klaviyo.${name}`,
    external_id: '5Xq2',
    payload: {
      data: {
        type: 'event',
        id: '5Xq2',
        attributes: {
          uuid: '0b9c3a10-aaaa-11f0-8001-000000000001',
          timestamp: 1763600000,
          datetime: '2025-11-20 00:53:20+00:00',
          event_properties: properties,
        },
        relationships: { profile: { data: { type: 'profile', id: '01JPROFILE' } } },
      },
    },
    ...over,
  };
}
const batch = (...data: unknown[]) => ({ data, meta: { timestamp: '2026-11-20T08:00:01.000000+00:00' } });
const one = (name: string, properties?: unknown, over?: object) =>
  only(klaviyo, batch(topic(name, properties, over)));

const hmac = (secret: string, ...parts: (string | Buffer)[]): string => {
  const made = createHmac('sha256', secret);
  for (const part of parts) made.update(part);
  return made.digest('hex');
};

describeSignature({
  adapter: klaviyo,
  body: Buffer.from(JSON.stringify(batch(topic('opened_email')))),
  secrets: ['sixteen-or-more-characters', 'another-of-sixteen-or-more'],
  sign: (body, secret) => ({ 'klaviyo-signature': hmac(secret, body, at), 'klaviyo-timestamp': at }),
  signedAt: Date.parse(at),
});

describe('signature over the bytes alone', () => {
  const secret = 'sixteen-or-more-characters';
  const body = Buffer.from(JSON.stringify(batch(topic('opened_email'))));
  const verify = (bytes: Buffer, timestamp: string) =>
    klaviyo.verify?.(
      call(bytes, { headers: { 'klaviyo-signature': hmac(secret, bytes), 'klaviyo-timestamp': timestamp } }),
      context({ secrets: [secret] }),
    ) as Verification;

  it('is taken too, and dated by the time in the bytes: nobody signed the one in the header', () => {
    const signedAt = Date.parse('2026-11-20T08:00:01Z');
    expect(verify(body, at)).toEqual({ valid: true, signedAt });
    expect(verify(body, 'Sat, 21 Nov 2026 08:00:00 GMT')).toEqual({ valid: true, signedAt });
  });

  it('has no date where the bytes have none', () => {
    for (const text of ['{"data":[]}', '{"meta":{"timestamp":"soon"}}', 'no json']) {
      expect(verify(Buffer.from(text), at)).toEqual({ valid: true, signedAt: null });
    }
  });
});

describe('events', () => {
  it.each([
    ['marked_email_as_spam', 'complaint', 'sender'],
    ['received_email', 'delivered', 'none'],
    ['opened_email', 'opened', 'none'],
    ['clicked_email', 'clicked', 'none'],
    ['dropped_email', 'provider_suppressed', 'none'],
    ['unsubscribed_from_email_marketing', 'global_unsubscribe', 'channel'],
    ['unsubscribed_from_list', 'stream_unsubscribe', 'list'],
    ['subscribed_to_email_marketing', 'resubscribe', 'channel'],
    ['subscribed_to_list', 'resubscribe', 'list'],
    ['manually_suppressed_from_email_marketing', 'provider_suppressed', 'channel'],
    ['manually_unsuppressed_from_email_marketing', 'resubscribe', 'channel'],
  ])('%s is %s', (name, trigger, scopeHint) => {
    expect(one(name, { email_address: 'ida@post.example', $message: '01JMESSAGE' })).toMatchObject({
      trigger,
      scopeHint,
      channel: 'email',
      subscriber: 'ida@post.example',
      campaign: '01JMESSAGE',
      occurredAt: '2025-11-20T00:53:20.000Z',
      messageId: null,
      providerEventId: '5Xq2',
    });
  });

  it.each([
    ['received_sms', 'delivered', 'none'],
    ['received_automated_response_sms', 'delivered', 'none'],
    ['clicked_sms', 'clicked', 'none'],
    ['failed_to_deliver_sms', 'bounce_unclassified', 'none'],
    ['failed_to_deliver_automated_response_sms', 'bounce_unclassified', 'none'],
    ['unsubscribed_from_sms_marketing', 'global_unsubscribe', 'channel'],
    ['subscribed_to_sms_marketing', 'resubscribe', 'channel'],
  ])('%s is %s of the phone', (name, trigger, scopeHint) => {
    const properties = { phone_number: '+15005550006', email: 'ida@post.example' };
    expect(one(name, properties)).toMatchObject({
      trigger,
      scopeHint,
      channel: 'sms',
      subscriber: '+15005550006',
    });
  });

  it.each([
    [{ 'Bounce Type': 'Hard' }, 'hard_bounce', 'address'],
    [{ 'Bounce Type': 'Soft' }, 'soft_bounce', 'none'],
    [{}, 'bounce_unclassified', 'unknown'],
  ])('a bounce with %j is %s', (properties, trigger, scopeHint) => {
    expect(one('bounced_email', { ...properties, email_address: 'ida@post.example' })).toMatchObject({
      trigger,
      scopeHint,
    });
  });

  it('knows a mail that was not sent for a wish of nobody, and a suppression by hand for one of the sender', () => {
    expect(one('dropped_email')).toMatchObject({ suppressedFor: 'sender', madeBy: 'provider' });
    expect(one('manually_suppressed_from_email_marketing')).toMatchObject({
      suppressedFor: 'consent',
      madeBy: 'admin',
    });
  });
});

describe('unsubscribed from marketing', () => {
  const left = (method: string, channel = 'email') =>
    one(`unsubscribed_from_${channel}_marketing`, {
      method,
      method_detail: 'list:Wk9',
      email_address: 'ida@post.example',
      phone_number: '+15005550006',
    });

  it('is all marketing on the channel, and the list only says where', () => {
    expect(left('PREFERENCE_PAGE')).toMatchObject({
      trigger: 'global_unsubscribe',
      asked: 'all',
      stream: 'klaviyo:list:Wk9',
      scopeHint: 'channel',
      madeBy: 'person',
      reason: 'PREFERENCE_PAGE',
    });
    expect(one('unsubscribed_from_email_marketing', { method_detail: 'A form' }).stream).toBeNull();
  });

  it('trap "complaint hidden in another type": by way of a spam report it is a complaint', () => {
    expect(left('SPAM_COMPLAINT')).toMatchObject({ trigger: 'complaint', scopeHint: 'sender' });
  });

  it.each([
    ['ONE_CLICK_UNSUBSCRIBE', 'email', 'one_click_unsubscribe', 'person'],
    ['MAILBOX_PROVIDER', 'email', 'one_click_unsubscribe', 'person'],
    ['INBOUND_MESSAGE', 'email', 'mailto_unsubscribe', 'person'],
    ['INBOUND_MESSAGE', 'sms', 'sms_stop', 'person'],
    ['MANUAL_REMOVE', 'email', 'global_unsubscribe', 'admin'],
    ['MANUAL_IMPORT', 'email', 'global_unsubscribe', 'admin'],
  ])('by %s (%s) is %s, made by %s', (method, channel, trigger, madeBy) => {
    expect(left(method, channel)).toMatchObject({ trigger, madeBy, channel, asked: 'all' });
  });
});

describe('subscribed', () => {
  it.each(['PREFERENCE_PAGE', 'PROFILE_PAGE', 'INBOUND_MESSAGE'])(
    '%s shows that it was the person',
    (method) => {
      const event = one('subscribed_to_email_marketing', { method, email: 'ida@post.example' });
      expect(event.evidence).toBe(`klaviyo ${method} 5Xq2`);
      expect(event.madeBy).toBeUndefined();
    },
  );

  it.each(['FORM', 'API', 'MANUAL_ADD', undefined])('%s shows nothing and lifts nothing', (method) => {
    const event = one('subscribed_to_email_marketing', { method, email: 'ida@post.example' });
    expect(event).toMatchObject({ trigger: 'resubscribe', madeBy: 'provider' });
    expect(event.evidence).toBeUndefined();
  });
});

describe('who', () => {
  it('trap "missing recipient": a profile alone names nobody, and its id goes along', () => {
    expect(one('unsubscribed_from_email_marketing', {})).toMatchObject({
      subscriber: null,
      reason: 'profile 01JPROFILE',
    });
    expect(one('unsubscribed_from_email_marketing', [])).toMatchObject({ subscriber: null });
    // An address is no phone number.
    expect(one('unsubscribed_from_sms_marketing', { email: 'ida@post.example' }).subscriber).toBeNull();
  });

  it('is found in a profile that came along', () => {
    const attributes = { email: 'ida@post.example', phone_number: '+15005550006' };
    const { payload } = topic('x', {});
    const over = { payload: { ...payload, included: [{ type: 'profile', id: '01JPROFILE', attributes }] } };
    expect(one('opened_email', {}, over).subscriber).toBe('ida@post.example');
    expect(one('clicked_sms', {}, over).subscriber).toBe('+15005550006');
  });
});

it('INV-WH-4: skips unknown topics whatever their shape, and keeps their neighbours', () => {
  const items = klaviyo.normalise(
    call(
      batch(
        { topic: 'event:api.placed_order', payload: { data: [] } },
        topic('updated_email_preferences'),
        topic('opened_email'),
      ),
    ),
  );
  expect(items).toMatchObject([
    { kind: 'skipped', type: 'event:api.placed_order' },
    { kind: 'skipped', type: 'event:klaviyo.updated_email_preferences' },
    { kind: 'event', trigger: 'opened' },
  ]);
});

it('sets one unreadable item aside and keeps the rest of the batch', () => {
  const broken = topic('unsubscribed_from_email_marketing', {}, { payload: { data: [] } });
  const items = klaviyo.normalise(call(batch(broken, 7, topic('opened_email'))));
  expect(items).toMatchObject([
    { kind: 'unreadable', detail: expect.stringMatching(/^payload\.data: /), value: broken },
    { kind: 'unreadable' },
    { kind: 'event' },
  ]);
});

it('takes a thousand events in one call', () => {
  const data = Array.from({ length: 1000 }, (_, index) =>
    topic('opened_email', undefined, { external_id: `e${index}` }),
  );
  expect(new Set(identities(klaviyo, batch(...data))).size).toBe(1000);
});

describe('identity', () => {
  const left = topic('unsubscribed_from_email_marketing');

  it('INV-WH-3: is the same in another batch at another time', () => {
    const later = { ...batch(topic('opened_email'), left), meta: { timestamp: '2026-11-21T08:00:00+00:00' } };
    expect(identities(klaviyo, later)[1]).toBe(identities(klaviyo, batch(left))[0]);
  });

  it('differs by event, topic and person', () => {
    const others = [
      left,
      topic('unsubscribed_from_email_marketing', undefined, { external_id: '5Xq3' }),
      topic('opened_email'),
      topic('unsubscribed_from_email_marketing', { email: 'ole@post.example' }),
    ];
    expect(new Set(identities(klaviyo, batch(...others))).size).toBe(4);
  });

  it('rests on the uuid where no id is told', () => {
    const bare = topic('opened_email', undefined, { external_id: undefined });
    const { id: _, ...data } = bare.payload.data;
    const [event] = eventsOf(klaviyo.normalise(call(batch({ ...bare, payload: { data } }))));
    expect(event?.providerEventId).toBeNull();
    expect(event?.identity[0]).toBe('0b9c3a10-aaaa-11f0-8001-000000000001');
  });
});

it('reads the time from its text where there is no number', () => {
  const event = topic('opened_email');
  event.payload.data.attributes.timestamp = undefined as unknown as number;
  expect(only(klaviyo, batch(event)).occurredAt).toBe('2025-11-20T00:53:20.000Z');
});

it('refuses a body that is no batch', () => {
  for (const wrong of ['', '[]', '{}', '{"data":{}}', 'a=1']) {
    expect(() => klaviyo.normalise(call(wrong)), wrong).toThrow(UnreadablePayload);
  }
});
