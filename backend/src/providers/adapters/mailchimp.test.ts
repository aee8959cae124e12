import { describe, expect, it } from 'vitest';
import { mailchimp } from './mailchimp.js';
import { call, form, identities, only } from './test-support.js';

const webhook = (type: string, data: Record<string, string> = {}, firedAt = '2025-11-20 00:53:20') =>
  form({
    type,
    fired_at: firedAt,
    'data[id]': 'b7c1d0',
    'data[list_id]': 'aud77',
    'data[email]': 'ida@post.example',
    'data[merges][EMAIL]': 'other@post.example',
    'data[merges][FNAME]': 'Ida',
    ...Object.fromEntries(Object.entries(data).map(([name, value]) => [`data[${name}]`, value])),
  });

it('signs nothing: only a secret makes a call its own', () => {
  expect(mailchimp.authentication).toEqual(['secret']);
  expect(mailchimp.verify).toBeUndefined();
});

it('takes a click on unsubscribe for the whole audience, and gives its time as it is written', () => {
  expect(
    only(mailchimp, webhook('unsubscribe', { action: 'unsub', reason: 'manual', campaign_id: 'c9' })),
  ).toMatchObject({
    channel: 'email',
    trigger: 'link_unsubscribe',
    subscriber: 'ida@post.example',
    stream: 'mailchimp:aud77',
    campaign: 'c9',
    scopeHint: 'list',
    occurredAt: '2025-11-20 00:53:20',
    reason: 'unsub manual',
    messageId: null,
  });
});

it('hides a complaint in an unsubscribe, and in what was cleaned', () => {
  for (const body of [
    webhook('unsubscribe', { action: 'unsub', reason: 'abuse' }),
    webhook('unsubscribe', { action: 'delete', reason: 'abuse' }),
    webhook('cleaned', { reason: 'abuse' }),
  ]) {
    expect(only(mailchimp, body)).toMatchObject({
      trigger: 'complaint',
      scopeHint: 'sender',
      stream: 'mailchimp:aud77',
    });
  }
});

it.each(['delete', 'archive'])('takes %s for a removal by the sender, not for a wish', (action) => {
  expect(only(mailchimp, webhook('unsubscribe', { action, reason: 'manual' }))).toMatchObject({
    trigger: 'list_removal',
    scopeHint: 'list',
    madeBy: 'admin',
  });
});

it('takes a cleaned address for dead', () => {
  expect(only(mailchimp, webhook('cleaned', { reason: 'hard', campaign_id: 'c9' }))).toMatchObject({
    trigger: 'hard_bounce',
    scopeHint: 'address',
    campaign: 'c9',
  });
});

it('knows an opt-in and takes nothing for its proof', () => {
  const event = only(mailchimp, webhook('subscribe', { ip_opt: '192.0.2.1', ip_signup: '192.0.2.1' }));
  expect(event).toMatchObject({ trigger: 'resubscribe', stream: 'mailchimp:aud77', madeBy: 'provider' });
  expect(event.evidence).toBeUndefined();
});

describe('what is no event', () => {
  it.each(['profile', 'upemail', 'campaign', 'constructor', 'new'])('skips %s', (type) => {
    expect(mailchimp.normalise(call(webhook(type)))).toEqual([{ kind: 'skipped', type }]);
  });

  it('sets a body without a type aside', () => {
    for (const body of ['', 'data[email]=ida@post.example', '{"type":"unsubscribe"}']) {
      expect(mailchimp.normalise(call(body)), body).toMatchObject([
        { kind: 'unreadable', detail: expect.stringMatching(/^type: /) },
      ]);
    }
  });

  it('builds nothing from the names of fields', () => {
    const body = `${webhook('unsubscribe')}&__proto__[trigger]=x&constructor[prototype][trigger]=x&__proto__=x`;
    expect(only(mailchimp, body).trigger).toBe('link_unsubscribe');
    expect(({} as Record<string, unknown>).trigger).toBeUndefined();
  });
});

it('names nobody and no list where the form does not', () => {
  expect(only(mailchimp, form({ type: 'unsubscribe' }))).toMatchObject({
    subscriber: null,
    stream: null,
    occurredAt: null,
    reason: null,
  });
});

it('knows an event again and tells events apart', () => {
  const [first] = identities(mailchimp, webhook('unsubscribe', { action: 'unsub' }));
  expect(identities(mailchimp, webhook('unsubscribe', { action: 'unsub' }), { receivedAt: 1 })).toEqual([
    first,
  ]);
  const all = [
    webhook('unsubscribe', { action: 'unsub' }),
    webhook('unsubscribe', { action: 'delete' }),
    webhook('unsubscribe', { action: 'unsub', reason: 'abuse' }),
    webhook('unsubscribe', { action: 'unsub', list_id: 'aud78' }),
    webhook('unsubscribe', { action: 'unsub', email: 'olaf@post.example' }),
    webhook('unsubscribe', { action: 'unsub' }, '2025-11-20 00:53:21'),
    webhook('subscribe'),
    webhook('cleaned'),
  ].flatMap((body) => identities(mailchimp, body));
  expect(new Set(all).size).toBe(8);
});
