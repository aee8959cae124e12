import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { postmark } from './postmark.js';
import { call, identities, only } from './test-support.js';

const shared = {
  MessageID: '0d4f6c1e-aaaa-4bbb-8ccc-1234567890ab',
  ServerID: 41,
  MessageStream: 'newsletter',
  Tag: 'winter',
  Metadata: { order: '7' },
};

const bounce = (over: Record<string, unknown>) => ({
  ...shared,
  RecordType: 'Bounce',
  ID: 700123,
  Email: 'ida@post.example',
  BouncedAt: '2025-11-19T19:53:20.1234567-05:00',
  Description: 'said by the server',
  ...over,
});

const change = (over: Record<string, unknown>) => ({
  ...shared,
  RecordType: 'SubscriptionChange',
  Recipient: 'ida@post.example',
  ChangedAt: '2025-11-20T00:53:20Z',
  Origin: 'Recipient',
  SuppressSending: true,
  SuppressionReason: 'ManualSuppression',
  ...over,
});

it('signs nothing: only a secret makes a call its own', () => {
  expect(postmark.authentication).toEqual(['secret']);
  expect(postmark.verify).toBeUndefined();
});

it.each([
  ['Delivery', { DeliveredAt: '2025-11-20T00:53:20Z' }, { trigger: 'delivered' }],
  [
    'Open',
    { ReceivedAt: '2025-11-20T00:53:20Z', UserAgent: 'Mail/7' },
    { trigger: 'opened', userAgent: 'Mail/7' },
  ],
  [
    'Click',
    { ReceivedAt: '2025-11-20T00:53:20Z', OriginalLink: 'https://shop.example' },
    { trigger: 'clicked' },
  ],
])('%s', (RecordType, over, expected) => {
  expect(only(postmark, { ...shared, RecordType, Recipient: 'ida@post.example', ...over })).toMatchObject({
    ...expected,
    scopeHint: 'none',
    subscriber: 'ida@post.example',
    stream: 'postmark:newsletter',
    campaign: 'winter',
    messageId: shared.MessageID,
    occurredAt: '2025-11-20T00:53:20.000Z',
    providerEventId: null,
  });
});

describe('a bounce, by its type', () => {
  it.each([
    ['HardBounce', 1, 'hard_bounce'],
    ['Transient', 2, 'delivery_delayed'],
    ['AutoResponder', 64, 'auto_reply'],
    ['DnsError', 256, 'soft_bounce'],
    ['Unknown', 2048, 'bounce_unclassified'],
    ['SoftBounce', 4096, 'soft_bounce'],
    ['ChallengeVerification', 16384, 'auto_reply'],
    ['BadEmailAddress', 100000, 'hard_bounce'],
    ['Unconfirmed', 100003, 'bounce_unclassified'],
  ])('%s (%i) is %s, by name or by number', (Type, TypeCode, trigger) => {
    const expected = { trigger, scopeHint: trigger === 'hard_bounce' ? 'address' : 'none' };
    expect(only(postmark, bounce({ Type, TypeCode }))).toMatchObject(expected);
    expect(only(postmark, bounce({ TypeCode }))).toMatchObject(expected);
  });

  it.each(['SpamNotification', 'VirusNotification', 'Blocked', 'DMARCPolicy'])(
    '%s refuses the sender, not the person',
    (Type) => {
      expect(only(postmark, bounce({ Type, Details: 'smtp;550 5.1.1 user unknown' }))).toMatchObject({
        trigger: 'soft_bounce',
        isBlock: true,
        scopeHint: 'none',
      });
    },
  );

  it('gives what the server said, dates it in UTC and names the bounce', () => {
    const Details = 'smtp;550 5.1.1 no such user';
    expect(only(postmark, bounce({ Type: 'HardBounce', Details }))).toMatchObject({
      occurredAt: '2025-11-20T00:53:20.123Z',
      providerEventId: '700123',
      reason: Details,
      subscriber: 'ida@post.example',
      madeBy: 'provider',
    });
  });

  it('is no hard one where the server refused for policy or a full mailbox', () => {
    const of = (Details: string) => only(postmark, bounce({ Type: 'HardBounce', Details }));
    expect(of('smtp;550 5.7.26 unauthenticated')).toMatchObject({ trigger: 'soft_bounce', isBlock: true });
    expect(of('smtp;552 5.2.2 full')).toMatchObject({ trigger: 'soft_bounce', isBlock: false });
  });

  it('hides an unsubscribe: a mail that asked to be removed', () => {
    expect(only(postmark, bounce({ Type: 'Unsubscribe', TypeCode: 16 }))).toMatchObject({
      trigger: 'mailto_unsubscribe',
      scopeHint: 'unknown',
      stream: 'postmark:newsletter',
    });
    const nobody = bounce({ TypeCode: 16, Email: undefined, BouncedAt: undefined, Tag: '' });
    expect(only(postmark, nobody)).toMatchObject({ subscriber: null, occurredAt: null, campaign: null });
  });

  it('hides a complaint, and SpamComplaint is the same', () => {
    const complaint = { trigger: 'complaint', scopeHint: 'sender', subscriber: 'ida@post.example' };
    expect(only(postmark, bounce({ Type: 'SpamComplaint', TypeCode: 100001 }))).toMatchObject(complaint);
    expect(only(postmark, bounce({ RecordType: 'SpamComplaint', Type: 'SpamComplaint' }))).toMatchObject(
      complaint,
    );
  });

  it('that asks to subscribe proves nothing', () => {
    const event = only(postmark, bounce({ Type: 'Subscribe', TypeCode: 32 }));
    expect(event.trigger).toBe('resubscribe');
    expect(event.evidence).toBeUndefined();
  });

  it('of an inactive address is a suppression that we did not know', () => {
    const consent = { trigger: 'provider_suppressed', suppressedFor: 'consent', madeBy: 'provider' };
    expect(only(postmark, bounce({ Type: 'ManuallyDeactivated' }))).toMatchObject(consent);
    const inactive = { Type: 'SMTPApiError', Details: '406 the recipient is inactive' };
    expect(only(postmark, bounce(inactive))).toMatchObject(consent);
    expect(only(postmark, bounce({ Type: 'SMTPApiError', Details: '300 bad header' }))).toMatchObject({
      suppressedFor: 'sender',
    });
  });

  it.each(['AddressChange', 'OpenRelayTest', 'InboundError', 'TemplateRenderingFailed'])(
    '%s says nothing about a recipient',
    (Type) => {
      expect(postmark.normalise(call(bounce({ Type })))).toEqual([{ kind: 'skipped', type: Type }]);
    },
  );
});

describe('a change of subscription', () => {
  it('by the recipient ends one stream', () => {
    const event = only(postmark, change({}));
    expect(event).toMatchObject({
      trigger: 'stream_unsubscribe',
      stream: 'postmark:newsletter',
      scopeHint: 'stream',
      campaign: 'winter',
      occurredAt: '2025-11-20T00:53:20.000Z',
    });
    expect(event.madeBy).toBeUndefined();
  });

  it.each(['Customer', 'Admin'])('by %s is no wish of the recipient', (Origin) => {
    expect(only(postmark, change({ Origin }))).toMatchObject({ trigger: 'list_removal', madeBy: 'admin' });
  });

  it('hides a hard bounce and a complaint', () => {
    expect(only(postmark, change({ SuppressionReason: 'HardBounce' }))).toMatchObject({
      trigger: 'hard_bounce',
      scopeHint: 'address',
      madeBy: 'provider',
    });
    expect(only(postmark, change({ SuppressionReason: 'SpamComplaint' }))).toMatchObject({
      trigger: 'complaint',
      scopeHint: 'sender',
    });
  });

  it('back is proven only where the recipient made it', () => {
    const back = { SuppressSending: false, SuppressionReason: null };
    expect(only(postmark, change(back))).toMatchObject({
      trigger: 'resubscribe',
      stream: 'postmark:newsletter',
      scopeHint: 'stream',
      evidence: `postmark SubscriptionChange Origin=Recipient ${shared.MessageID}`,
    });
    const byStaff = only(postmark, change({ ...back, Origin: 'Customer' }));
    expect(byStaff).toMatchObject({ trigger: 'resubscribe', madeBy: 'admin' });
    expect(byStaff.evidence).toBeUndefined();
  });
});

it('skips a record that it does not know by its name', () => {
  const items = postmark.normalise(call({ RecordType: 'Inbound', From: 'ida@post.example' }));
  expect(items).toEqual([{ kind: 'skipped', type: 'Inbound' }]);
});

it('sets an item that cannot be read aside and keeps the one beside it', () => {
  const items = postmark.normalise(call([change({ SuppressSending: 'perhaps' }), change({}), { ID: 1 }]));
  expect(items.map(({ kind }) => kind)).toEqual(['unreadable', 'event', 'unreadable']);
  expect(items[0]).toMatchObject({ detail: expect.stringMatching(/^SuppressSending: /) });
  expect(() => postmark.normalise(call('RecordType=Bounce'))).toThrow(UnreadablePayload);
});

it('gives up no opt-out for a fault in what only explains', () => {
  expect(only(postmark, change({ Tag: {}, UserAgent: [], MessageID: {}, TypeCode: 'x' }))).toMatchObject({
    trigger: 'stream_unsubscribe',
    messageId: null,
  });
});

it('knows a record again and tells records apart', () => {
  const [first] = identities(postmark, change({}));
  expect(identities(postmark, [bounce({ Type: 'HardBounce' }), change({})], { receivedAt: 1 })[1]).toBe(
    first,
  );
  const click = {
    ...shared,
    RecordType: 'Click',
    Recipient: 'ida@post.example',
    ReceivedAt: '2025-11-20T00:53:20Z',
  };
  const all = [
    change({}),
    change({ SuppressSending: false }),
    change({ Recipient: 'olaf@post.example' }),
    change({ ChangedAt: '2025-11-20T00:53:21Z' }),
    bounce({ Type: 'HardBounce' }),
    bounce({ Type: 'HardBounce', ID: 700124 }),
    bounce({ RecordType: 'SpamComplaint' }),
    { ...click, OriginalLink: 'https://shop.example/a' },
    { ...click, OriginalLink: 'https://shop.example/b' },
  ].flatMap((body) => identities(postmark, body));
  expect(new Set(all).size).toBe(all.length);
});
