import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { sparkpost } from './sparkpost.js';
import { call, eventsOf, identities, only } from './test-support.js';

function wrapped(kind: string, type: string, over: Record<string, unknown> = {}) {
  return {
    msys: {
      [kind]: {
        type,
        event_id: '70112233445566',
        message_id: '0002dd5a6b6588f0c1f1',
        rcpt_to: 'ida@post.example',
        rcpt_tags: ['north'],
        campaign_id: 'Winter shoes',
        subaccount_id: '7',
        timestamp: '1763600000',
        ...over,
      },
    },
  };
}
const bounce = (bounce_class: unknown, over: object = {}) =>
  wrapped('message_event', 'bounce', { bounce_class, ...over });

it('shows a secret and signs nothing', () => {
  expect(sparkpost.authentication).toEqual(['secret']);
  expect(sparkpost.verify).toBeUndefined();
});

describe('events', () => {
  it.each([
    ['unsubscribe_event', 'list_unsubscribe', 'one_click_unsubscribe', 'unknown'],
    ['unsubscribe_event', 'link_unsubscribe', 'link_unsubscribe', 'unknown'],
    ['message_event', 'spam_complaint', 'complaint', 'sender'],
    ['message_event', 'delay', 'delivery_delayed', 'none'],
    ['message_event', 'delivery', 'delivered', 'none'],
    ['track_event', 'open', 'opened', 'none'],
    ['track_event', 'initial_open', 'opened', 'none'],
    ['track_event', 'amp_open', 'opened', 'none'],
    ['track_event', 'amp_initial_open', 'opened', 'none'],
    ['track_event', 'click', 'clicked', 'none'],
    ['track_event', 'amp_click', 'clicked', 'none'],
  ])('%s %s is %s', (kind, type, trigger, scopeHint) => {
    expect(only(sparkpost, [wrapped(kind, type)])).toMatchObject({
      trigger,
      scopeHint,
      channel: 'email',
      subscriber: 'ida@post.example',
      campaign: 'Winter shoes',
      stream: null,
      messageId: '0002dd5a6b6588f0c1f1',
      occurredAt: '2025-11-20T00:53:20.000Z',
      providerEventId: '70112233445566',
    });
  });

  it.each([
    [1, 'bounce_unclassified', 'none'],
    [10, 'hard_bounce', 'address'],
    [20, 'soft_bounce', 'none'],
    [21, 'soft_bounce', 'none'],
    [22, 'soft_bounce', 'none'],
    [23, 'soft_bounce', 'none'],
    [24, 'soft_bounce', 'none'],
    [30, 'hard_bounce', 'address'],
    [40, 'soft_bounce', 'none'],
    [60, 'auto_reply', 'none'],
    [70, 'soft_bounce', 'none'],
    [90, 'mailto_unsubscribe', 'unknown'],
    [100, 'auto_reply', 'none'],
  ])(
    'bounce class %i is %s, at once or out of band, as number or text',
    (bounceClass, trigger, scopeHint) => {
      for (const type of ['bounce', 'out_of_band']) {
        for (const bounce_class of [bounceClass, String(bounceClass)]) {
          const event = only(sparkpost, [wrapped('message_event', type, { bounce_class })]);
          expect(event).toMatchObject({ trigger, scopeHint });
          expect(event.isBlock ?? false).toBe(false);
        }
      }
    },
  );

  it('INV-DSN-1: a block is a refusal of the sender and holds no address', () => {
    for (const bounceClass of ['50', '51', '52', '53', '54']) {
      expect(only(sparkpost, [bounce(bounceClass)])).toMatchObject({
        trigger: 'soft_bounce',
        isBlock: true,
        scopeHint: 'none',
      });
    }
  });

  it('trusts the class where the words contradict it, and keeps both', () => {
    const raw_reason = '550 5.7.1 refused, host is on a block list';
    expect(only(sparkpost, [bounce('10', { raw_reason })])).toMatchObject({
      trigger: 'hard_bounce',
      reason: `class 10: ${raw_reason}`,
    });
  });

  it('asks code and words where the class is missing or new', () => {
    const dead = { error_code: '550', raw_reason: '550 5.1.1 user unknown' };
    for (const bounceClass of [undefined, '777', 'constructor']) {
      expect(only(sparkpost, [bounce(bounceClass, dead)]).trigger).toBe('hard_bounce');
      expect(only(sparkpost, [bounce(bounceClass)]).trigger).toBe('bounce_unclassified');
    }
  });

  it('a wish to subscribe that a bounce was read as lifts nothing: it has no evidence', () => {
    const event = only(sparkpost, [bounce('80')]);
    expect(event).toMatchObject({ trigger: 'resubscribe', madeBy: 'provider' });
    expect(event.evidence).toBeUndefined();
  });

  it.each([
    ['554 5.7.1 recipient address suppressed due to customer policy', 'consent'],
    ['550 5.7.1 recipient address suppressed due to system policy', 'address'],
    ['554 5.7.1 sending domain is not verified', 'sender'],
    [undefined, 'sender'],
  ])('refused before sending for %j concerns the %s', (raw_reason, suppressedFor) => {
    const expected = { trigger: 'provider_suppressed', suppressedFor, scopeHint: 'none' };
    expect(only(sparkpost, [wrapped('gen_event', 'generation_rejection', { raw_reason })])).toMatchObject(
      expected,
    );
    expect(only(sparkpost, [wrapped('message_event', 'policy_rejection', { raw_reason })])).toMatchObject(
      expected,
    );
    expect(only(sparkpost, [bounce('25', { raw_reason })])).toMatchObject(expected);
  });

  it.each([
    ['abuse', 'complaint', 'sender'],
    ['fraud', 'complaint', 'sender'],
    ['opt-out', 'complaint_optout', 'sender'],
    ['not-spam', 'not_spam', 'none'],
    ['auth-failure', 'auth_failure', 'none'],
  ])('INV-ARF-1: a report of type %s is %s', (fbtype, trigger, scopeHint) => {
    expect(only(sparkpost, [wrapped('message_event', 'spam_complaint', { fbtype })])).toMatchObject({
      trigger,
      scopeHint,
    });
  });

  it('INV-ARF-1: a report about a virus concerns nobody', () => {
    const items = sparkpost.normalise(
      call([wrapped('message_event', 'spam_complaint', { fbtype: 'virus' })]),
    );
    expect(items).toEqual([{ kind: 'skipped', type: 'spam_complaint:virus' }]);
  });
});

it('takes a ping, which holds nothing', () => {
  expect(sparkpost.normalise(call([{ msys: {} }]))).toEqual([]);
  expect(sparkpost.normalise(call([]))).toEqual([]);
});

it('INV-WH-4: skips an unknown type whatever its shape, and keeps its neighbours', () => {
  const strange = wrapped('message_event', 'injection', { event_id: {}, rcpt_to: [] });
  const items = sparkpost.normalise(
    call([strange, wrapped('ab_test_event', 'toString'), wrapped('message_event', 'delivery')]),
  );
  expect(items).toMatchObject([
    { kind: 'skipped', type: 'injection' },
    { kind: 'skipped', type: 'toString' },
    { kind: 'event', trigger: 'delivered' },
  ]);
});

it('sets one unreadable item aside and keeps the rest of the batch', () => {
  const broken = wrapped('unsubscribe_event', 'link_unsubscribe', { rcpt_to: { a: 1 } });
  const items = sparkpost.normalise(call([broken, { msys: 3 }, null, wrapped('message_event', 'bounce')]));
  expect(items.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'unreadable', 'event']);
  expect(items[0]).toMatchObject({
    detail: expect.stringMatching(/^rcpt_to: /),
    value: broken.msys.unsubscribe_event,
  });
});

it('gives up no opt-out for a fault in what only explains', () => {
  const faulty = { campaign_id: {}, timestamp: [], user_agent: 7, reason: { a: 1 } };
  expect(only(sparkpost, [wrapped('unsubscribe_event', 'link_unsubscribe', faulty)])).toMatchObject({
    trigger: 'link_unsubscribe',
    campaign: null,
    occurredAt: null,
  });
});

describe('identity', () => {
  const left = wrapped('unsubscribe_event', 'link_unsubscribe');

  it('INV-WH-3: is the same in another batch', () => {
    const [first] = identities(sparkpost, [left]);
    expect(identities(sparkpost, [wrapped('message_event', 'delivery'), left])[1]).toBe(first);
  });

  it('trap "repeated event ids in a batch": differs by type, recipient and time under one event_id', () => {
    const batch = [
      left,
      wrapped('unsubscribe_event', 'list_unsubscribe'),
      wrapped('unsubscribe_event', 'link_unsubscribe', { rcpt_to: 'ole@post.example' }),
      wrapped('unsubscribe_event', 'link_unsubscribe', { timestamp: '1763600001' }),
    ];
    expect(new Set(identities(sparkpost, batch)).size).toBe(4);
    expect(
      new Set(eventsOf(sparkpost.normalise(call(batch))).map(({ providerEventId }) => providerEventId)).size,
    ).toBe(1);
  });
});

it('refuses a body that is no batch', () => {
  for (const wrong of ['', 'x=1', '{"msys":{}}', '3', 'null']) {
    expect(() => sparkpost.normalise(call(wrong)), wrong).toThrow(UnreadablePayload);
  }
});
