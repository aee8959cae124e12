import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { ses } from './ses.js';
import { call, context, eventsOf, identities, only } from './test-support.js';

const at = '2025-11-20T00:53:20.000Z';
const mail = {
  timestamp: '2025-11-20T00:50:00.000Z',
  messageId: '0107019a-aaaa-000000',
  destination: ['ida@post.example'],
  tags: { 'ses:configuration-set': ['all'], season: ['winter'] },
};
const several = { ...mail, destination: ['ida@post.example', 'olaf@post.example', 'kim@post.example'] };

const bounce = (bounceType: string, bounceSubType: string, recipient: Record<string, unknown> = {}) => ({
  eventType: 'Bounce',
  mail,
  bounce: {
    bounceType,
    bounceSubType,
    bouncedRecipients: [{ emailAddress: 'ida@post.example', ...recipient }],
    timestamp: at,
    feedbackId: 'fb-1',
  },
});

const complaint = (over: Record<string, unknown>) => ({
  eventType: 'Complaint',
  mail,
  complaint: {
    complainedRecipients: [{ emailAddress: 'ida@post.example' }],
    timestamp: at,
    feedbackId: 'fb-2',
    ...over,
  },
});

const topics = (all: boolean, statuses: Record<string, string>) => ({
  unsubscribeAll: all,
  topicSubscriptionStatus: Object.entries(statuses).map(([topicName, subscriptionStatus]) => ({
    topicName,
    subscriptionStatus,
  })),
});

const subscription = (oldOnes: unknown, newOnes: unknown, over: Record<string, unknown> = {}) => ({
  eventType: 'Subscription',
  mail,
  subscription: {
    contactList: 'Club',
    timestamp: at,
    source: 'UnsubscribeHeader',
    oldTopicPreferences: oldOnes,
    newTopicPreferences: newOnes,
    ...over,
  },
});

const envelope = (message: unknown, over: Record<string, unknown> = {}) => ({
  Type: 'Notification',
  MessageId: 'sns-1',
  TopicArn: 'arn:aws:sns:eu-west-1:210987654321:mail-events',
  Message: typeof message === 'string' ? message : JSON.stringify(message),
  Timestamp: '2025-11-20T01:00:00.000Z',
  SignatureVersion: '2',
  Signature: 'c2lnbmVk',
  SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem',
  ...over,
});

describe('a bounce', () => {
  it.each([
    ['Permanent', 'General', {}, 'hard_bounce', false],
    ['Permanent', 'NoEmail', {}, 'hard_bounce', false],
    ['Permanent', 'General', { status: '5.1.1', action: 'failed' }, 'hard_bounce', false],
    ['Permanent', 'General', { status: '5.7.1', action: 'failed' }, 'soft_bounce', true],
    [
      'Permanent',
      'General',
      { status: '5.0.0', diagnosticCode: 'smtp; 550 5.2.2 full' },
      'soft_bounce',
      false,
    ],
    ['Permanent', 'General', { status: '4.0.0', action: 'delayed' }, 'delivery_delayed', false],
    ['Transient', 'General', {}, 'soft_bounce', false],
    ['Transient', 'General', { status: '5.1.1' }, 'soft_bounce', false],
    ['Transient', 'MailboxFull', {}, 'soft_bounce', false],
    ['Transient', 'MessageTooLarge', {}, 'soft_bounce', false],
    ['Transient', 'ContentRejected', {}, 'soft_bounce', true],
    ['Transient', 'AttachmentRejected', {}, 'soft_bounce', true],
    ['Undetermined', 'Undetermined', {}, 'bounce_unclassified', false],
    ['Undetermined', 'Undetermined', { diagnosticCode: 'smtp; 550 user unknown' }, 'hard_bounce', false],
  ])('%s %s %j is %s', (type, subType, recipient, trigger, isBlock) => {
    expect(only(ses, bounce(type, subType, recipient))).toMatchObject({
      trigger,
      isBlock,
      scopeHint: trigger === 'hard_bounce' ? 'address' : 'none',
      subscriber: 'ida@post.example',
      occurredAt: at,
      messageId: mail.messageId,
      providerEventId: 'fb-1',
      tags: ['season:winter'],
    });
  });

  it.each(['Suppressed', 'OnAccountSuppressionList', 'OnTenantSuppressionList'])(
    'that is none: %s means that SES did not try',
    (subType) => {
      expect(only(ses, bounce('Permanent', subType, { status: '5.1.1' }))).toMatchObject({
        trigger: 'provider_suppressed',
        suppressedFor: 'address',
        scopeHint: 'none',
        madeBy: 'provider',
      });
    },
  );

  it('concerns only those who bounced, not all to whom the message went', () => {
    const [event, ...more] = eventsOf(
      ses.normalise(call({ ...bounce('Permanent', 'NoEmail'), mail: several })),
    );
    expect(event?.subscriber).toBe('ida@post.example');
    expect(more).toEqual([]);
  });

  it('classifies each recipient by itself', () => {
    const { bounce: report, ...rest } = bounce('Permanent', 'General');
    const bouncedRecipients = [
      { emailAddress: '"Ida" <ida@post.example>', status: '5.1.1', action: 'failed' },
      { emailAddress: 'olaf@post.example', status: '4.4.7', action: 'delayed' },
    ];
    const body = { ...rest, bounce: { ...report, bouncedRecipients } };
    expect(eventsOf(ses.normalise(call(body)))).toMatchObject([
      { subscriber: 'ida@post.example', trigger: 'hard_bounce' },
      { subscriber: 'olaf@post.example', trigger: 'delivery_delayed' },
    ]);
  });

  it('of an identity calls its type notificationType', () => {
    const { eventType, ...rest } = bounce('Permanent', 'NoEmail');
    expect(only(ses, { ...rest, notificationType: eventType }).trigger).toBe('hard_bounce');
  });
});

describe('a complaint', () => {
  it.each([
    ['abuse', 'complaint', 'sender'],
    ['fraud', 'complaint', 'sender'],
    ['other', 'complaint', 'sender'],
    [undefined, 'complaint', 'sender'],
    ['opt-out', 'complaint_optout', 'sender'],
    ['not-spam', 'not_spam', 'none'],
    ['auth-failure', 'auth_failure', 'none'],
  ])('of type %s is %s (INV-ARF-1)', (complaintFeedbackType, trigger, scopeHint) => {
    expect(only(ses, complaint({ complaintFeedbackType }))).toMatchObject({
      trigger,
      scopeHint,
      subscriber: 'ida@post.example',
      providerEventId: 'fb-2',
    });
  });

  it('about a virus suppresses nobody', () => {
    const items = ses.normalise(call(complaint({ complaintFeedbackType: 'virus' })));
    expect(items).toEqual([{ kind: 'skipped', type: 'Complaint virus' }]);
  });

  it('of the suppression list is no fresh one and counts in no complaint rate', () => {
    const listed = { complaintFeedbackType: 'abuse', complaintSubType: 'OnAccountSuppressionList' };
    expect(only(ses, complaint(listed))).toMatchObject({
      trigger: 'provider_suppressed',
      suppressedFor: 'consent',
      madeBy: 'provider',
    });
  });

  it('concerns those it lists; where it lists nobody, the only recipient, else nobody is known', () => {
    const two = [{ emailAddress: 'ida@post.example' }, { emailAddress: 'kim@post.example' }];
    const listed = { ...complaint({ complainedRecipients: two }), mail: several };
    const events = eventsOf(ses.normalise(call(listed)));
    expect(events.map((event) => event.subscriber)).toEqual(['ida@post.example', 'kim@post.example']);
    const unnamed = complaint({ complainedRecipients: [] });
    expect(only(ses, unnamed).subscriber).toBe('ida@post.example');
    expect(only(ses, { ...unnamed, mail: several })).toMatchObject({
      subscriber: null,
      messageId: mail.messageId,
    });
  });

  it('that is not dated is dated by SNS, and bare by nobody', () => {
    const undated = complaint({ timestamp: undefined });
    expect(only(ses, undated).occurredAt).toBeNull();
    expect(only(ses, envelope(undated)).occurredAt).toBe('2025-11-20T01:00:00.000Z');
  });
});

describe('deliveries and engagement', () => {
  it('tells of each recipient of a delivery', () => {
    const delivery = {
      recipients: ['ida@post.example', 'kim@post.example'],
      timestamp: at,
      smtpResponse: '250 ok',
    };
    expect(eventsOf(ses.normalise(call({ eventType: 'Delivery', mail: several, delivery })))).toMatchObject([
      { trigger: 'delivered', subscriber: 'ida@post.example', reason: '250 ok', scopeHint: 'none' },
      { trigger: 'delivered', subscriber: 'kim@post.example' },
    ]);
  });

  it('tells of a delay', () => {
    const deliveryDelay = {
      delayType: 'MailboxFull',
      delayedRecipients: [{ emailAddress: 'ida@post.example', status: '4.2.2' }],
      timestamp: at,
    };
    expect(only(ses, { eventType: 'DeliveryDelay', mail, deliveryDelay })).toMatchObject({
      trigger: 'delivery_delayed',
      reason: '4.2.2 MailboxFull',
      scopeHint: 'none',
    });
  });

  it.each([
    ['Open', 'open', 'opened'],
    ['Click', 'click', 'clicked'],
  ])('%s is of the only recipient, and of several of nobody known', (eventType, part, trigger) => {
    const body = {
      eventType,
      mail,
      [part]: { timestamp: at, userAgent: 'Mail/7', link: 'https://shop.example' },
    };
    expect(only(ses, body)).toMatchObject({ trigger, subscriber: 'ida@post.example', userAgent: 'Mail/7' });
    expect(only(ses, { ...body, mail: several }).subscriber).toBeNull();
  });

  it.each(['Send', 'Reject', 'Rendering Failure', 'AmazonSnsSubscriptionSucceeded', 'toString'])(
    'skips %s',
    (eventType) => {
      expect(ses.normalise(call({ eventType }))).toEqual([{ kind: 'skipped', type: eventType }]);
    },
  );
});

describe('a subscription', () => {
  const told = (oldOnes: unknown, newOnes: unknown, over = {}) =>
    eventsOf(ses.normalise(call(subscription(oldOnes, newOnes, over)))).map(
      ({ trigger, stream, scopeHint }) => `${trigger} ${stream} ${scopeHint}`,
    );

  it('stops exactly the topic that was left, whatever else stood as it stood', () => {
    expect(
      told(
        topics(false, { news: 'OptIn', offers: 'OptOut' }),
        topics(false, { news: 'OptOut', offers: 'OptOut' }),
      ),
    ).toEqual(['one_click_unsubscribe ses:Club:news stream']);
  });

  it('stops the whole list where all was left', () => {
    for (const before of [topics(false, { news: 'OptIn' }), topics(true, {}), null]) {
      expect(told(before, topics(true, { news: 'OptOut', offers: 'OptIn' }))).toEqual([
        'one_click_unsubscribe ses:Club:* list',
      ]);
    }
  });

  it('is a change of preferences where it was no header', () => {
    const change = told(topics(false, { news: 'OptIn' }), topics(false, { news: 'OptOut' }), {
      source: 'Footer',
    });
    expect(change).toEqual(['preference_change ses:Club:news stream']);
  });

  it('takes topics joined and left in one go', () => {
    expect(
      told(
        topics(false, { news: 'OptIn', offers: 'OptOut' }),
        topics(false, { news: 'OptOut', offers: 'OptIn' }),
      ),
    ).toEqual(['one_click_unsubscribe ses:Club:news stream', 'resubscribe ses:Club:offers stream']);
  });

  it('after all was left, opens only the topics that are chosen', () => {
    expect(told(topics(true, {}), topics(false, { news: 'OptIn', offers: 'OptOut' }))).toEqual([
      'resubscribe ses:Club:news stream',
      'one_click_unsubscribe ses:Club:offers stream',
    ]);
    expect(told(topics(true, {}), topics(false, {}))).toEqual(['resubscribe ses:Club:* list']);
  });

  it('that changed nothing still asks to stop what is stopped', () => {
    const same = topics(false, { news: 'OptOut', offers: 'OptIn' });
    expect(told(same, same)).toEqual(['one_click_unsubscribe ses:Club:news stream']);
    const items = ses.normalise(call(subscription(topics(false, {}), topics(false, { news: 'OptIn' }))));
    expect(items).toMatchObject([{ trigger: 'resubscribe' }]);
    const nothing = topics(false, { news: 'OptIn' });
    expect(ses.normalise(call(subscription(nothing, nothing)))).toEqual([
      { kind: 'skipped', type: 'Subscription' },
    ]);
  });

  it('without the state before opens nothing', () => {
    expect(told(undefined, topics(false, { news: 'OptIn', offers: 'OptOut' }))).toEqual([
      'one_click_unsubscribe ses:Club:offers stream',
    ]);
  });

  it('gives what proves an opt-in, and names no stream where the list is not named', () => {
    const joined = only(
      ses,
      subscription(topics(false, { news: 'OptOut' }), topics(false, { news: 'OptIn' })),
    );
    expect(joined.evidence).toBe(`ses Subscription UnsubscribeHeader ${at}`);
    expect(only(ses, subscription(null, topics(true, {}), { contactList: null })).stream).toBeNull();
  });
});

describe('through SNS', () => {
  it('unwraps to what the bare event says', () => {
    for (const body of [
      bounce('Permanent', 'NoEmail'),
      complaint({}),
      subscription(null, topics(true, {})),
    ]) {
      expect(ses.normalise(call(envelope(body)))).toEqual(ses.normalise(call(body)));
    }
  });

  it('asks for nothing but a confirmation where it carries no event', () => {
    const asked = envelope('You have chosen', {
      Type: 'SubscriptionConfirmation',
      Token: 't',
      SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t',
    });
    expect(ses.normalise(call(asked))).toEqual([{ kind: 'skipped', type: 'SubscriptionConfirmation' }]);
    expect(ses.confirmation?.(call(asked), { topics: [asked.TopicArn] })).toBe(
      'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t',
    );
    expect(ses.confirmation?.(call(asked), { topics: [] })).toBeNull();
    expect(ses.confirmation?.(call(bounce('Permanent', 'NoEmail')), { topics: [asked.TopicArn] })).toBeNull();
    const greeting = envelope('Successfully validated SNS topic for Amazon SES event publishing.');
    expect(ses.normalise(call(greeting))).toEqual([{ kind: 'skipped', type: 'text' }]);
  });

  it('takes no bare event by signature', async () => {
    const verdict = await ses.verify?.(call(bounce('Permanent', 'NoEmail')), context({ topics: ['any'] }));
    expect(verdict).toEqual({ valid: false, detail: expect.stringMatching(/needs a secret/) });
    expect(ses.authentication).toEqual(['signature', 'secret']);
  });
});

it('sets aside what should be an event and lacks its content', () => {
  for (const [body, field] of [
    [{ eventType: 'Bounce', mail }, 'bounce'],
    [
      { eventType: 'Complaint', mail, complaint: { complainedRecipients: 'ida' } },
      'complaint.complainedRecipients',
    ],
    [{ mail }, 'eventType'],
    [{ eventType: 'Subscription', subscription: {} }, 'subscription.newTopicPreferences'],
  ] as const) {
    const items = ses.normalise(call(body));
    expect(items).toMatchObject([{ kind: 'unreadable', detail: expect.stringContaining(`${field}: `) }]);
  }
  expect(() => ses.normalise(call('no JSON'))).toThrow(UnreadablePayload);
  expect(() => ses.normalise(call(envelope('{ no JSON')))).toThrow(UnreadablePayload);
});

it('knows an event again in another SNS message, and tells events apart', () => {
  const body = bounce('Permanent', 'NoEmail');
  const [first] = identities(ses, body);
  expect(identities(ses, envelope(body, { MessageId: 'sns-2', Timestamp: at }), { receivedAt: 1 })).toEqual([
    first,
  ]);
  const later = bounce('Permanent', 'NoEmail');
  later.bounce.feedbackId = 'fb-9';
  const all = [
    body,
    later,
    bounce('Permanent', 'NoEmail', { emailAddress: 'olaf@post.example' }),
    complaint({ feedbackId: 'fb-1' }),
    subscription(topics(false, { a: 'OptIn', b: 'OptIn' }), topics(false, { a: 'OptOut', b: 'OptOut' })),
    { eventType: 'Open', mail, open: { timestamp: at } },
    { eventType: 'Click', mail, click: { timestamp: at, link: 'https://shop.example/a' } },
    { eventType: 'Click', mail, click: { timestamp: at, link: 'https://shop.example/b' } },
  ].flatMap((one) => identities(ses, one));
  expect(all).toHaveLength(9);
  expect(new Set(all).size).toBe(9);
});
