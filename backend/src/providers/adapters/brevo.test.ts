import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { brevo } from './brevo.js';
import { call, eventsOf, identities, only } from './test-support.js';

const transactional = (event: string, over: Record<string, unknown> = {}) => ({
  event,
  email: 'ida@post.example',
  id: 5,
  date: '2025-11-20 01:53:20',
  ts: 1763600005,
  ts_event: 1763600001,
  ts_epoch: 1763600000250,
  'message-id': '<202511200053.77@relay.shop.example>',
  tags: ['order', 'winter'],
  ...over,
});

const marketing = (event: string, over: Record<string, unknown> = {}) => ({
  id: 6,
  camp_id: 33,
  email: 'ida@post.example',
  'campaign name': 'Winter',
  date_event: '2025-11-20 01:53:20',
  event,
  tag: '',
  ts_sent: 1763500000,
  ts_event: 1763600000,
  ts: 1763600005,
  list_id: [51, 7],
  ...over,
});

it('signs nothing: only a secret makes a call its own', () => {
  expect(brevo.authentication).toEqual(['secret']);
  expect(brevo.verify).toBeUndefined();
});

it('names the lists that were left, in one order, and the campaign', () => {
  const expected = {
    channel: 'email',
    trigger: 'link_unsubscribe',
    scopeHint: 'list',
    stream: 'brevo:list:7,51',
    campaign: 'brevo:33',
    subscriber: 'ida@post.example',
    occurredAt: '2025-11-20T00:53:20.000Z',
    tags: [],
    messageId: null,
    providerEventId: null,
  };
  expect(only(brevo, marketing('unsubscribe'))).toMatchObject(expected);
  expect(only(brevo, marketing('unsubscribe', { list_id: ['7', 51] }))).toMatchObject(expected);
  expect(only(brevo, marketing('unsubscribe', { list_id: 7 })).stream).toBe('brevo:list:7');
  for (const list_id of [[], [null], '', null, undefined]) {
    expect(only(brevo, marketing('unsubscribe', { list_id }))).toMatchObject({
      stream: null,
      scopeHint: 'unknown',
    });
  }
});

it('reads ts_epoch in milliseconds and ts_event in seconds, and the date in an unknown zone not at all', () => {
  expect(only(brevo, transactional('opened')).occurredAt).toBe('2025-11-20T00:53:20.250Z');
  expect(only(brevo, transactional('opened', { ts_epoch: undefined })).occurredAt).toBe(
    '2025-11-20T00:53:21.000Z',
  );
  const onlyTs = { ts_epoch: undefined, ts_event: undefined };
  expect(only(brevo, transactional('opened', onlyTs)).occurredAt).toBe('2025-11-20T00:53:25.000Z');
  expect(only(brevo, transactional('opened', { ...onlyTs, ts: undefined })).occurredAt).toBeNull();
});

describe('the names of both kinds of webhook, and of the settings', () => {
  it.each([
    [['unsubscribed', 'unsubscribe'], { trigger: 'link_unsubscribe', scopeHint: 'unknown' }],
    [['spam', 'complaint'], { trigger: 'complaint', scopeHint: 'sender' }],
    [
      ['hard_bounce', 'hardBounce', 'invalid_email', 'invalid'],
      { trigger: 'hard_bounce', scopeHint: 'address' },
    ],
    [['soft_bounce', 'softBounce'], { trigger: 'soft_bounce', scopeHint: 'none' }],
    [['error'], { trigger: 'bounce_unclassified', scopeHint: 'none' }],
    [['deferred'], { trigger: 'delivery_delayed', scopeHint: 'none' }],
    [['delivered'], { trigger: 'delivered', scopeHint: 'none' }],
    [['opened', 'unique_opened', 'uniqueOpened'], { trigger: 'opened', scopeHint: 'none' }],
    [['click'], { trigger: 'clicked', scopeHint: 'none' }],
    [['contact_deleted', 'contactDeleted'], { trigger: 'list_removal', madeBy: 'admin' }],
    [['list_addition', 'listAddition'], { trigger: 'resubscribe', madeBy: 'provider' }],
  ])('%j', (names, expected) => {
    for (const name of names) {
      expect(only(brevo, transactional(name)), name).toMatchObject({
        ...expected,
        messageId: '<202511200053.77@relay.shop.example>',
        tags: ['order', 'winter'],
      });
    }
  });

  it.each(['request', 'sent', 'proxy_open', 'contact_updated', 'reply', 'constructor'])(
    'skips %s',
    (name) => {
      expect(brevo.normalise(call(transactional(name)))).toEqual([{ kind: 'skipped', type: name }]);
    },
  );
});

it.each([
  ['hard_bounce', 'RecipientError: 550 5.5.0 mailbox unavailable.', 'hard_bounce', false],
  ['hard_bounce', '550 5.7.1 not welcome', 'soft_bounce', true],
  ['soft_bounce', 'cannot find MX of the domain', 'soft_bounce', false],
  ['soft_bounce', '421 4.7.0 slow down', 'soft_bounce', true],
  ['error', '550 5.1.1 no such user', 'hard_bounce', false],
])('weighs %s with "%s": %s', (name, reason, trigger, isBlock) => {
  expect(only(brevo, transactional(name, { reason: ` ${reason}` }))).toMatchObject({
    trigger,
    isBlock,
    reason,
  });
});

it.each([
  ['due to blacklist user', 'consent'],
  ['due to a hard bounce', 'address'],
  [undefined, 'consent'],
])('takes what is blocked %s for a suppression that we did not know: %s', (reason, suppressedFor) => {
  expect(only(brevo, transactional('blocked', { reason }))).toMatchObject({
    trigger: 'provider_suppressed',
    suppressedFor,
    scopeHint: 'none',
    madeBy: 'provider',
  });
});

it('takes no addition to a list for a proof', () => {
  expect(only(brevo, marketing('list_addition', { api_key_name: 'import' })).evidence).toBeUndefined();
});

it('reads several contacts of one change', () => {
  const both = marketing('contact_deleted', { email: ['ida@post.example', 'olaf@post.example'] });
  expect(eventsOf(brevo.normalise(call(both))).map((event) => event.subscriber)).toEqual(both.email);
});

it('reads a tag of its own as one tag', () => {
  expect(only(brevo, transactional('opened', { tags: undefined, tag: 'order' })).tags).toEqual(['order']);
});

it('sets an item of a batch that cannot be read aside and keeps the rest', () => {
  const items = brevo.normalise(
    call([marketing('spam'), { email: 'x@post.example' }, 4, transactional('spam')]),
  );
  expect(items.map(({ kind }) => kind)).toEqual(['event', 'unreadable', 'unreadable', 'event']);
  expect(items[1]).toMatchObject({ detail: expect.stringMatching(/^event: /) });
  expect(() => brevo.normalise(call('event=spam'))).toThrow(UnreadablePayload);
});

it('gives up no opt-out for a fault in what only explains', () => {
  const faulty = { list_id: {}, tags: 7, tag: {}, ts_event: {}, ts: [], camp_id: {} };
  expect(only(brevo, marketing('unsubscribe', faulty))).toMatchObject({
    trigger: 'link_unsubscribe',
    stream: null,
    campaign: null,
    occurredAt: null,
  });
});

it('knows an event again, an opening by either of its names, and tells events apart', () => {
  const [first] = identities(brevo, marketing('unsubscribe'));
  const again = [transactional('opened'), marketing('unsubscribe', { list_id: [7, 51] })];
  expect(identities(brevo, again, { receivedAt: 1 })[1]).toBe(first);
  expect(identities(brevo, transactional('unique_opened'))).toEqual(
    identities(brevo, transactional('opened')),
  );
  const all = [
    marketing('unsubscribe'),
    marketing('unsubscribe', { list_id: [7] }),
    marketing('unsubscribe', { camp_id: 34 }),
    marketing('unsubscribe', { ts_event: 1763600009 }),
    marketing('spam'),
    transactional('spam'),
    transactional('spam', { 'message-id': '<other>' }),
    transactional('click', { link: 'https://shop.example/a' }),
    transactional('click', { link: 'https://shop.example/b' }),
    marketing('contact_deleted', { email: ['ida@post.example', 'olaf@post.example'] }),
  ].flatMap((body) => identities(brevo, body));
  expect(all).toHaveLength(11);
  expect(new Set(all).size).toBe(11);
});
