import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { describeSignature } from '../testing/signatures.js';
import { mailtrap } from './mailtrap.js';
import { call, eventsOf, identities, only } from './test-support.js';

function event(kind: string, over: object = {}) {
  return {
    event: kind,
    timestamp: 1763600000,
    sending_stream: 'bulk',
    sending_domain_name: 'shop.example',
    category: 'Winter',
    custom_variables: { cart: 7 },
    message_id: '0a1b-77',
    email: 'ida@post.example',
    event_id: 'e-1',
    ...over,
  };
}
const batch = (...events: unknown[]) => ({ events });
const lines = (...events: unknown[]) => events.map((one) => JSON.stringify(one)).join('\n');
const one = (kind: string, over?: object) => only(mailtrap, batch(event(kind, over)));

const sign = (body: Buffer, secret: string) => ({
  'mailtrap-signature': createHmac('sha256', secret).update(body).digest('hex'),
});

describe.each([
  ['JSON', JSON.stringify(batch(event('open')))],
  ['JSON Lines', lines(event('open'), event('click'))],
])('%s', (_, text) => {
  describeSignature({
    adapter: mailtrap,
    body: Buffer.from(text),
    secrets: ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'],
    sign,
    signedAt: null,
  });
});

describe('events', () => {
  it.each([
    ['delivery', 'delivered', 'none'],
    ['open', 'opened', 'none'],
    ['click', 'clicked', 'none'],
    ['spam', 'complaint', 'sender'],
    ['unsubscribe', 'link_unsubscribe', 'stream'],
    ['suspension', 'delivery_delayed', 'none'],
    ['soft bounce', 'soft_bounce', 'none'],
    ['bounce', 'bounce_unclassified', 'none'],
    ['reject', 'provider_suppressed', 'none'],
  ])('%s is %s', (kind, trigger, scopeHint) => {
    expect(one(kind, { user_agent: 'Mail/1' })).toMatchObject({
      trigger,
      scopeHint,
      channel: 'email',
      subscriber: 'ida@post.example',
      stream: 'mailtrap:bulk',
      campaign: null,
      messageId: '0a1b-77',
      occurredAt: '2025-11-20T00:53:20.000Z',
      providerEventId: 'e-1',
      tags: ['Winter'],
      userAgent: 'Mail/1',
    });
  });

  it.each([
    ['badrecipient', 'hard_bounce', false],
    ['overquota', 'soft_bounce', false],
    ['timeout', 'soft_bounce', false],
    ['transientfail', 'soft_bounce', false],
    ['greylisting', 'soft_bounce', false],
    ['dnsFail', 'soft_bounce', false],
    ['serverfail', 'soft_bounce', false],
    ['badsender', 'soft_bounce', true],
    ['block', 'soft_bounce', true],
    ['content', 'soft_bounce', true],
    ['relayfail', 'soft_bounce', true],
    ['serverpolicy', 'soft_bounce', true],
    ['spam', 'soft_bounce', true],
    ['spam_gmail', 'soft_bounce', true],
  ])('INV-DSN-1: a bounce of category %s is %s, block: %s', (bounce_category, trigger, isBlock) => {
    expect(one('bounce', { bounce_category })).toMatchObject({ trigger, isBlock });
    expect(one('soft bounce', { bounce_category })).toMatchObject({ trigger: 'soft_bounce', isBlock });
  });

  it.each(['other', 'generalfail', 'verifyfail', undefined, 'constructor'])(
    'a bounce of category %s is settled by code and words',
    (bounce_category) => {
      const dead = { bounce_category, response_code: 550, response: '5.1.1 no such user' };
      expect(one('bounce', dead)).toMatchObject({ trigger: 'hard_bounce', reason: '5.1.1 no such user' });
      const policy = { bounce_category, response_code: 555, response: 'rejected due to local policy' };
      expect(one('bounce', policy)).toMatchObject({ trigger: 'soft_bounce', isBlock: true });
      expect(one('bounce', { bounce_category }).trigger).toBe('bounce_unclassified');
    },
  );

  it.each([
    ['Recipient in suppression list. Reason: unsubscription', 'consent'],
    ['Recipient in suppression list. Reason: spam complaint', 'consent'],
    ['Recipient in suppression list. Reason: hard bounce', 'address'],
    ['Recipient in suppression list. Reason: manual import', 'consent'],
    ['Domain was not verified', 'sender'],
    [undefined, 'sender'],
  ])('a reject for %j concerns the %s', (reason, suppressedFor) => {
    expect(one('reject', { reason })).toMatchObject({ trigger: 'provider_suppressed', suppressedFor });
  });
});

describe('JSON Lines', () => {
  it('is one event a line, also when it is only one', () => {
    const text = `${lines(event('open'), event('click'))}\r\n\n${lines(event('spam'))}\n`;
    const triggers = eventsOf(mailtrap.normalise(call(text))).map(({ trigger }) => trigger);
    expect(triggers).toEqual(['opened', 'clicked', 'complaint']);
    expect(only(mailtrap, lines(event('open'))).trigger).toBe('opened');
  });

  it('keeps a line that is cut for a person, and reads the others', () => {
    const cut = lines(event('unsubscribe')).slice(0, 40);
    const items = mailtrap.normalise(call(`${cut}\n${lines(event('unsubscribe'))}`));
    expect(items).toMatchObject([{ kind: 'unreadable', value: cut }, { trigger: 'link_unsubscribe' }]);
  });

  it('is the same event in either format', () => {
    expect(identities(mailtrap, lines(event('open'), event('click')))).toEqual(
      identities(mailtrap, batch(event('open'), event('click'))),
    );
  });
});

it('INV-WH-4: skips an unknown type whatever its shape, and keeps its neighbours', () => {
  const audit = { event: 'activity_log.user.updated', actor: {}, timestamp: {}, email: [] };
  const items = mailtrap.normalise(call(batch(audit, event('open'))));
  expect(items).toMatchObject([
    { kind: 'skipped', type: 'activity_log.user.updated' },
    { trigger: 'opened' },
  ]);
});

it('sets one unreadable item aside and keeps the rest of the batch', () => {
  const broken = event('unsubscribe', { email: { at: 1 } });
  const items = mailtrap.normalise(call(batch(broken, null, {}, event('unsubscribe'))));
  expect(items.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'unreadable', 'event']);
  expect(items[0]).toMatchObject({ detail: expect.stringMatching(/^email: /), value: broken });
});

it('gives up no opt-out for a fault in what only explains', () => {
  const faulty = { timestamp: {}, category: [], user_agent: {}, message_id: [], reason: {} };
  expect(one('unsubscribe', faulty)).toMatchObject({
    trigger: 'link_unsubscribe',
    occurredAt: null,
    tags: [],
  });
});

describe('identity', () => {
  it('INV-WH-3: is the same in another batch', () => {
    const [left] = identities(mailtrap, batch(event('unsubscribe')));
    expect(identities(mailtrap, batch(event('open'), event('unsubscribe')))[1]).toBe(left);
  });

  it('differs by id, type, message, person and time', () => {
    const others = [
      event('unsubscribe'),
      event('unsubscribe', { event_id: 'e-2' }),
      event('spam'),
      event('unsubscribe', { message_id: '0a1b-78' }),
      event('unsubscribe', { email: 'ole@post.example' }),
      event('unsubscribe', { timestamp: 1763600001 }),
    ];
    expect(new Set(identities(mailtrap, batch(...others))).size).toBe(6);
  });
});

it("refuses a body that is none of Mailtrap's", () => {
  for (const wrong of ['', '3', '[]', '{}', '{"events":{}}', 'a=1\nb=2', 'null']) {
    expect(() => mailtrap.normalise(call(wrong)), wrong).toThrow(UnreadablePayload);
  }
});
