import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { mailjet } from './mailjet.js';
import { call, eventsOf, identities, only } from './test-support.js';

/** As text, because a number of this size would lose digits on its way into the test. */
function event(kind: string, over: object = {}, id = '72339069014638593'): string {
  const fields = {
    event: kind,
    time: 1763600000,
    MessageID: 'ID',
    Message_GUID: '8e2f4c1a-0000-4000-8000-000000000001',
    email: 'ida@post.example',
    mj_campaign_id: 7276,
    mj_contact_id: 126,
    customcampaign: 'winter',
    CustomID: '',
    Payload: '',
    ...over,
  };
  return JSON.stringify(fields).replace('"ID"', id);
}
const one = (kind: string, over?: object) => only(mailjet, event(kind, over));

it('shows a secret and signs nothing', () => {
  expect(mailjet.authentication).toEqual(['secret']);
  expect(mailjet.verify).toBeUndefined();
});

describe('events', () => {
  it.each([
    ['sent', 'delivered', 'none'],
    ['open', 'opened', 'none'],
    ['click', 'clicked', 'none'],
    ['spam', 'complaint', 'sender'],
    ['unsub', 'link_unsubscribe', 'unknown'],
  ])('%s is %s', (kind, trigger, scopeHint) => {
    expect(one(kind)).toMatchObject({
      trigger,
      scopeHint,
      channel: 'email',
      subscriber: 'ida@post.example',
      campaign: 'mailjet:7276',
      stream: null,
      tags: ['winter'],
      messageId: '72339069014638593',
      occurredAt: '2025-11-20T00:53:20.000Z',
      providerEventId: null,
    });
  });

  it('an unsubscription by the header is one click, and one from a list names it', () => {
    expect(one('unsub', { agent: 'List-Unsubscribe', mj_list_id: 0 })).toMatchObject({
      trigger: 'one_click_unsubscribe',
      stream: null,
      scopeHint: 'unknown',
    });
    expect(one('unsub', { agent: 'Mozilla/5.0', mj_list_id: 31 })).toMatchObject({
      trigger: 'link_unsubscribe',
      stream: 'mailjet:list:31',
      scopeHint: 'list',
      userAgent: 'Mozilla/5.0',
    });
  });

  it('0 is no campaign and no message', () => {
    expect(only(mailjet, event('bounce', { mj_campaign_id: 0 }, '0'))).toMatchObject({
      campaign: null,
      messageId: null,
    });
  });

  it.each([
    [true, 'recipient', 'user unknown', 'hard_bounce', false],
    [true, 'recipient', 'mailbox inactive', 'hard_bounce', false],
    [true, 'domain', 'invalid domain', 'hard_bounce', false],
    [true, 'domain', 'no mail host', 'hard_bounce', false],
    [true, 'recipient', 'quota exceeded', 'soft_bounce', false],
    [false, 'recipient', 'user unknown', 'soft_bounce', false],
    [true, 'system', 'connection issue', 'soft_bounce', false],
    [true, 'domain', 'relay/access denied', 'soft_bounce', true],
    [true, 'spam', 'content blocked', 'soft_bounce', true],
    [true, 'spam', 'sender blocked', 'soft_bounce', true],
    [true, 'spam', 'policy issue', 'soft_bounce', true],
    [true, 'mailjet', 'bad or empty template', 'soft_bounce', true],
  ])(
    'INV-DSN-1: a bounce (hard_bounce %s, %s, %s) is %s, block: %s',
    (hard_bounce, error_related_to, error, trigger, isBlock) => {
      expect(one('bounce', { hard_bounce, error_related_to, error, blocked: true })).toMatchObject({
        trigger,
        isBlock,
        scopeHint: trigger === 'hard_bounce' ? 'address' : 'none',
        reason: error,
      });
    },
  );

  it('greylisting is a delay', () => {
    const greylisted = { hard_bounce: false, error_related_to: 'domain', error: 'greylisted' };
    expect(one('bounce', greylisted).trigger).toBe('delivery_delayed');
  });

  it.each([
    ['mailjet', 'preblocked', 'address'],
    ['recipient', 'user unknown', 'address'],
    ['recipient', 'spam reporter', 'consent'],
    ['recipient', 'blacklisted', 'consent'],
    ['mailjet', 'duplicate in campaign', 'sender'],
    ['spam', 'content blocked', 'sender'],
    [undefined, undefined, 'sender'],
  ])('blocked (%s, %s) concerns the %s', (error_related_to, error, suppressedFor) => {
    expect(one('blocked', { error_related_to, error })).toMatchObject({
      trigger: 'provider_suppressed',
      suppressedFor,
      scopeHint: 'none',
    });
  });
});

describe('message ids above 2^53', () => {
  it('keep every digit', () => {
    expect(only(mailjet, event('open', {}, '12345678901234569')).messageId).toBe('12345678901234569');
    expect(only(mailjet, event('open', {}, '9223372036854775807')).messageId).toBe('9223372036854775807');
    const old = event('sent', { MessageID: undefined, mj_message_id: '19421777835146490' });
    expect(only(mailjet, old).messageId).toBe('19421777835146490');
  });

  it('two that are the same number after rounding are two events', () => {
    const batch = `[${event('open', {}, '72339069014638593')},${event('open', {}, '72339069014638594')}]`;
    expect(new Set(identities(mailjet, batch)).size).toBe(2);
  });

  it('leave everything else as JSON says, whatever text stands around them', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.string(),
        fc.bigInt({ min: 10n ** 15n, max: 10n ** 19n }),
        (json, text, id) => {
          const Payload = `${text} "MessageID":1234567890123456789, \\" ${json}`;
          const [only] = eventsOf(
            mailjet.normalise(call(event('open', { Payload, email: text, CustomID: json }, String(id)))),
          );
          expect(only?.messageId).toBe(String(id));
          expect(only?.subscriber).toBe(text === '' ? null : text);
        },
      ),
    );
  });

  it('are found in a large body as well, in time that grows with it and not faster', () => {
    for (const Payload of [
      '\\"'.repeat(500_000),
      '\\'.repeat(3_000_000),
      '9'.repeat(2_000_000),
      '9,'.repeat(1_000_000),
    ]) {
      const start = performance.now();
      expect(only(mailjet, event('open', { Payload })).messageId).toBe('72339069014638593');
      expect(performance.now() - start).toBeLessThan(3_000);
    }
  });
});

it('takes one event alone or several in a list', () => {
  expect(eventsOf(mailjet.normalise(call(event('open'))))).toHaveLength(1);
  expect(eventsOf(mailjet.normalise(call(`[${event('open')},${event('click')}]`)))).toHaveLength(2);
  expect(mailjet.normalise(call('[]'))).toEqual([]);
});

it('INV-WH-4: skips an unknown type whatever its shape, and keeps its neighbours', () => {
  const items = mailjet.normalise(call(`[{"event":"parse","email":{}},${event('open')}]`));
  expect(items).toMatchObject([{ kind: 'skipped', type: 'parse' }, { trigger: 'opened' }]);
});

it('sets one unreadable item aside and keeps the rest of the batch', () => {
  const broken = '{"event":"unsub","email":[1]}';
  const items = mailjet.normalise(call(`[${broken},null,{},${event('unsub')}]`));
  expect(items.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'unreadable', 'event']);
  expect(items[0]).toMatchObject({ detail: expect.stringMatching(/^email: /), value: JSON.parse(broken) });
});

it('gives up no opt-out for a fault in what only explains', () => {
  const faulty = {
    agent: [],
    time: {},
    customcampaign: 0.5,
    mj_campaign_id: {},
    hard_bounce: 'x',
    error: [],
  };
  expect(one('unsub', faulty)).toMatchObject({
    trigger: 'link_unsubscribe',
    occurredAt: null,
    campaign: null,
  });
});

describe('identity', () => {
  it('INV-WH-3: is the same alone and in another batch', () => {
    const [alone] = identities(mailjet, event('unsub'));
    expect(identities(mailjet, `[${event('open')},${event('unsub')}]`)[1]).toBe(alone);
  });

  it('Mailjet gives events no id: differs by type, message, person, time, list and link', () => {
    const batch = [
      event('unsub'),
      event('spam'),
      event('unsub', {}, '72339069014638594'),
      event('unsub', { email: 'ole@post.example' }),
      event('unsub', { time: 1763600001 }),
      event('unsub', { mj_list_id: 4 }),
      event('click', { url: 'https://shop.example/a' }),
      event('click', { url: 'https://shop.example/b' }),
    ];
    expect(new Set(identities(mailjet, `[${batch}]`)).size).toBe(batch.length);
  });
});

it('refuses a body that is no event', () => {
  for (const wrong of ['', 'a=1', '3', 'null', '"x"']) {
    expect(() => mailjet.normalise(call(wrong)), wrong).toThrow(UnreadablePayload);
  }
});
