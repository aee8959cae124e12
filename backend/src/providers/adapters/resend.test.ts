import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UnreadablePayload, type Verification } from '../adapter.js';
import { describeSignature } from '../testing/signatures.js';
import { resend } from './resend.js';
import { call, context, eventsOf, only } from './test-support.js';

const secrets = [1, 2].map((fill) => `whsec_${Buffer.alloc(24, fill).toString('base64')}`) as [
  string,
  string,
];
const [ours, another] = secrets;
const at = '1763600000';

/** As Svix documents it, by other means than the adapter's. */
function signed(body: Buffer, secret: string, id = 'msg_2f9c', timestamp = at): Record<string, string> {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return { 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` };
}

function email(type: string, over: object = {}, to: unknown = ['ida@post.example']) {
  const data = { email_id: '5d1c-41aa', to, from: 'Shop <hi@shop.example>', subject: 'Grüße', ...over };
  return {
    type,
    created_at: '2026-11-20T08:00:00.250Z',
    data: { created_at: '2026-11-19T08:00:00Z', ...data },
  };
}

function contact(type: string, over: object = {}) {
  const data = { id: 'c-17', audience_id: 'a-9', email: 'ida@post.example', unsubscribed: true, ...over };
  return { type, created_at: '2026-11-20T08:00:00.250Z', data };
}

const bounced = (bounce: object) => email('email.bounced', { bounce });

describeSignature({
  adapter: resend,
  body: Buffer.from(JSON.stringify(email('email.opened'))),
  secrets,
  sign: signed,
  signedAt: Number(at) * 1000,
});

describe('signature of Svix', () => {
  const body = Buffer.from(JSON.stringify(email('email.opened')));
  const verify = (headers: Record<string, string>, keys = [ours]) =>
    resend.verify?.(call(body, { headers }), context({ secrets: keys })) as Verification;

  it('is good when any of several fits, and only in version 1', () => {
    const headers = signed(body, ours);
    const own = headers['svix-signature'] ?? '';
    const other = signed(body, another)['svix-signature'] ?? '';
    expect(verify({ ...headers, 'svix-signature': `${other} v1a,AAAA ${own}` }).valid).toBe(true);
    expect(verify({ ...headers, 'svix-signature': `${other} ${own.replace('v1,', 'v2,')}` }).valid).toBe(
      false,
    );
    expect(verify({ ...headers, 'svix-signature': own.slice(3) }).valid).toBe(false);
  });

  it('covers id and time', () => {
    const headers = signed(body, ours);
    expect(verify({ ...headers, 'svix-id': 'msg_2f9d' }).valid).toBe(false);
    expect(verify({ ...headers, 'svix-timestamp': '1763600001' }).valid).toBe(false);
    for (const wrong of ['soon', '-1', '1763600000.5', '99999999999999999999']) {
      expect(verify(signed(body, ours, 'msg_2f9c', wrong)).valid, wrong).toBe(false);
    }
  });

  it('INV-WH-2: stays good however old it is; whether that matters is decided elsewhere', () => {
    expect(verify(signed(body, ours, 'msg_2f9c', '1000000000'))).toEqual({ valid: true, signedAt: 1e12 });
  });

  it('takes a secret without its prefix, and passes over one that is none', () => {
    expect(verify(signed(body, ours), [ours.replace('whsec_', '')]).valid).toBe(true);
    expect(verify(signed(body, ours), ['whsec_', 'no base64!', ours]).valid).toBe(true);
    expect(verify(signed(body, ours), ['no base64!']).valid).toBe(false);
  });
});

describe('events', () => {
  it.each([
    ['email.delivered', 'delivered', 'none'],
    ['email.delivery_delayed', 'delivery_delayed', 'none'],
    ['email.opened', 'opened', 'none'],
    ['email.clicked', 'clicked', 'none'],
    ['email.complained', 'complaint', 'sender'],
  ])('%s is %s', (type, trigger, scopeHint) => {
    const tags = { kind: 'winter' };
    expect(only(resend, email(type, { tags, broadcast_id: 'b-1' }))).toMatchObject({
      trigger,
      scopeHint,
      channel: 'email',
      subscriber: 'ida@post.example',
      messageId: '5d1c-41aa',
      campaign: 'resend:broadcast:b-1',
      stream: null,
      occurredAt: '2026-11-20T08:00:00.250Z',
      tags: ['kind:winter'],
    });
  });

  it.each([
    [{ type: 'Permanent', subType: 'General' }, 'hard_bounce', false, 'address'],
    [{ type: 'Permanent', subType: 'NoEmail' }, 'hard_bounce', false, 'address'],
    [{ message: "The recipient's provider sent a hard bounce message" }, 'hard_bounce', false, 'address'],
    [{ type: 'Transient', subType: 'MailboxFull' }, 'soft_bounce', false, 'none'],
    [{ type: 'Transient', subType: 'General' }, 'soft_bounce', false, 'none'],
    [{ type: 'Transient', subType: 'MessageTooLarge' }, 'soft_bounce', false, 'none'],
    [{ message: "the recipient's inbox was full" }, 'soft_bounce', false, 'none'],
    [{ type: 'Transient', subType: 'ContentRejected' }, 'soft_bounce', true, 'none'],
    [{ type: 'Transient', subType: 'AttachmentRejected' }, 'soft_bounce', true, 'none'],
    [{ type: 'Undetermined', subType: 'Undetermined' }, 'bounce_unclassified', false, 'none'],
    [{}, 'bounce_unclassified', false, 'none'],
  ])('email.bounced with %j is %s', (bounce, trigger, isBlock, scopeHint) => {
    expect(only(resend, bounced(bounce))).toMatchObject({ trigger, isBlock, scopeHint });
  });

  it('INV-DSN-1: a permanent refusal for policy holds no address', () => {
    const diagnosticCode = ['smtp; 550 5.7.1 rejected by policy', null];
    expect(only(resend, bounced({ type: 'Permanent', subType: 'General', diagnosticCode }))).toMatchObject({
      trigger: 'soft_bounce',
      isBlock: true,
    });
  });

  it.each([
    [{ type: 'Permanent', subType: 'Suppressed' }, 'address'],
    [{ type: 'Permanent', subType: 'OnAccountSuppressionList' }, 'address'],
    [{ message: 'This address is on the suppression list: it complained' }, 'consent'],
  ])('trap "bounce that is not a bounce": %j says that nothing was sent', (bounce, suppressedFor) => {
    expect(only(resend, bounced(bounce))).toMatchObject({
      trigger: 'provider_suppressed',
      suppressedFor,
      scopeHint: 'none',
      madeBy: 'provider',
    });
  });

  it('a mail that Resend did not send is a suppression of the address or the fault of the sender', () => {
    const because = (message: string) => email('email.suppressed', { suppressed: { message } });
    expect(only(resend, because('bounced before'))).toMatchObject({ suppressedFor: 'address' });
    expect(only(resend, because('complained before'))).toMatchObject({ suppressedFor: 'consent' });
    const failed = email('email.failed', { failed: { reason: 'reached_daily_quota' } });
    expect(only(resend, failed)).toMatchObject({ suppressedFor: 'sender', reason: 'reached_daily_quota' });
  });

  it.each([
    ['bounce', 'address'],
    ['complaint', 'consent'],
    ['manual', 'consent'],
  ])('suppression.added after a %s concerns the %s', (origin, suppressedFor) => {
    const data = { id: 's-1', email: 'ida@post.example', origin, source_id: '5d1c-41aa' };
    const added = only(resend, { type: 'suppression.added', created_at: '2026-11-20T08:00:00Z', data });
    expect(added).toMatchObject({ trigger: 'provider_suppressed', suppressedFor, messageId: '5d1c-41aa' });
  });

  it('suppression.removed lifts nothing: somebody at the sender did it', () => {
    const data = { id: 's-1', email: 'ida@post.example', origin: 'manual', source_id: null };
    const removed = only(resend, { type: 'suppression.removed', created_at: '2026-11-20T08:00:00Z', data });
    expect(removed).toMatchObject({ trigger: 'resubscribe', madeBy: 'admin', scopeHint: 'address' });
    expect(removed.evidence).toBeUndefined();
  });
});

describe('contacts', () => {
  it.each(['contact.created', 'contact.updated', 'contact.deleted'])(
    '%s as unsubscribed is the unsubscription',
    (type) => {
      expect(only(resend, contact(type))).toMatchObject({
        trigger: 'global_unsubscribe',
        subscriber: 'ida@post.example',
        stream: 'resend:audience:a-9',
        scopeHint: 'list',
        messageId: null,
      });
    },
  );

  it('a contact without an audience left everything', () => {
    expect(only(resend, contact('contact.updated', { audience_id: undefined }))).toMatchObject({
      stream: null,
      scopeHint: 'global',
    });
  });

  it.each(['contact.created', 'contact.updated'])(
    '%s as subscribed comes without evidence and lifts nothing',
    (type) => {
      const event = only(resend, contact(type, { unsubscribed: false }));
      expect(event).toMatchObject({
        trigger: 'resubscribe',
        madeBy: 'provider',
        stream: 'resend:audience:a-9',
      });
      expect(event.evidence).toBeUndefined();
    },
  );

  it('a contact that the sender deletes is off the list', () => {
    expect(only(resend, contact('contact.deleted', { unsubscribed: false }))).toMatchObject({
      trigger: 'list_removal',
      madeBy: 'admin',
      stream: 'resend:audience:a-9',
      scopeHint: 'list',
    });
  });

  it('a contact whose flag is not told is skipped', () => {
    const items = resend.normalise(call(contact('contact.updated', { unsubscribed: null })));
    expect(items).toEqual([{ kind: 'skipped', type: 'contact.updated' }]);
  });

  it('each topic that changed is an event of its own', () => {
    const topics = [
      { id: 't-1', subscription: 'opt_out' },
      { id: 't-2', subscription: 'opt_out' },
      { id: 't-1', subscription: 'opt_in' },
    ];
    const data = { email: 'ida@post.example', topics };
    const body = { type: 'contact.topics.updated', created_at: '2026-11-20T08:00:00Z', data };
    const events = eventsOf(resend.normalise(call(body)));
    expect(events).toMatchObject([
      { trigger: 'stream_unsubscribe', stream: 'resend:topic:t-1', scopeHint: 'stream' },
      { trigger: 'stream_unsubscribe', stream: 'resend:topic:t-2', scopeHint: 'stream' },
      { trigger: 'resubscribe', stream: 'resend:topic:t-1', madeBy: 'provider' },
    ]);
    expect(new Set(events.map(({ identity }) => JSON.stringify(identity))).size).toBe(3);
  });
});

describe('recipient', () => {
  it('is the address without the name before it', () => {
    expect(only(resend, email('email.opened', {}, ['Ida <ida@post.example>'])).subscriber).toBe(
      'ida@post.example',
    );
    expect(only(resend, email('email.opened', {}, 'ida@post.example')).subscriber).toBe('ida@post.example');
  });

  it('trap "missing recipient": of several addresses nobody knows which, and the request waits for somebody', () => {
    expect(
      only(resend, email('email.complained', {}, ['ida@post.example', 'ole@post.example'])).subscriber,
    ).toBeNull();
    expect(only(resend, email('email.complained', {}, [])).subscriber).toBeNull();
  });
});

describe('identity', () => {
  const identity = (body: unknown, id?: string): string => {
    const headers: Record<string, string> = id === undefined ? {} : { 'svix-id': id };
    return JSON.stringify(eventsOf(resend.normalise(call(body, { headers })))[0]?.identity);
  };

  it('INV-WH-3: is the same when Svix tries again, later and under another signature', () => {
    const body = Buffer.from(JSON.stringify(contact('contact.updated')));
    const [first, again] = [at, '1763686400'].map((timestamp) =>
      eventsOf(resend.normalise(call(body, { headers: signed(body, ours, 'msg_2f9c', timestamp) }))),
    );
    expect(first).toEqual(again);
    expect(first?.[0]?.providerEventId).toBe('msg_2f9c');
  });

  it('differs for another delivery, type, message and person', () => {
    const others = [
      identity(email('email.opened'), 'msg_1'),
      identity(email('email.opened'), 'msg_2'),
      identity(email('email.clicked'), 'msg_1'),
      identity(email('email.opened', { email_id: '6e2d' }), 'msg_1'),
      identity(email('email.opened', {}, ['ole@post.example']), 'msg_1'),
      identity(email('email.opened')),
    ];
    expect(new Set(others).size).toBe(others.length);
  });
});

it('INV-WH-4: skips an unknown type whatever its shape', () => {
  for (const type of [
    'email.sent',
    'email.received',
    'inbox.email.received',
    'domain.created',
    'constructor',
  ]) {
    const items = resend.normalise(call({ type, data: { email: { to: 1 }, to: {} } }));
    expect(items).toEqual([{ kind: 'skipped', type }]);
  }
});

it('keeps what cannot be read for a person', () => {
  const body = contact('contact.updated', { email: { at: 'post' } });
  expect(resend.normalise(call(body))).toMatchObject([
    { kind: 'unreadable', detail: expect.stringMatching(/^data\.email: /), value: body },
  ]);
});

it('gives up no opt-out for a fault in what only explains', () => {
  const faulty = contact('contact.updated', { tags: 'a', click: [], bounce: 'x', broadcast_id: {} });
  expect(only(resend, { ...faulty, created_at: 7 })).toMatchObject({
    trigger: 'global_unsubscribe',
    occurredAt: null,
  });
});

it('refuses a body that is none of Resend', () => {
  for (const wrong of ['', 'a=1', '[]', '{}', '{"type":7}', 'null']) {
    expect(() => resend.normalise(call(wrong)), wrong).toThrow(UnreadablePayload);
  }
});
