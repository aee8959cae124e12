import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { call, context, flipped, form, identities, only } from './test-support.js';
import { twilio } from './twilio.js';

const url = 'https://in.shop.example/v1/webhooks/twilio';

const inbound = (over: Record<string, string> = {}) => ({
  MessageSid: 'SM77',
  SmsSid: 'SM77',
  SmsStatus: 'received',
  AccountSid: 'AC1',
  MessagingServiceSid: 'MG9',
  From: '+15550177',
  To: '+15550199',
  Body: 'hello',
  NumMedia: '0',
  ...over,
});

const status = (over: Record<string, string>) => ({
  MessageSid: 'SM88',
  MessagingServiceSid: 'MG9',
  From: '+15550199',
  To: '+15550177',
  ...over,
});

const streamed = (over: Record<string, unknown> = {}) => ({
  eventName: 'com.twilio.messaging.inbound-message.received',
  messageSid: 'SM77',
  messagingServiceSid: 'MG9',
  from: '+15550177',
  to: '+15550199',
  body: 'hello',
  timestamp: '2025-11-20T00:53:20.000Z',
  ...over,
});

const cloud = (type: string, data: Record<string, unknown>) => ({
  specversion: '1.0',
  type,
  source: '/2010-04-01/Accounts/AC1/Messages/SM88.json',
  id: 'EZ5',
  time: '2025-11-20T00:53:21.000Z',
  data,
});

const wish = (fields: Record<string, string>) => only(twilio, form(inbound(fields)));

describe('signature', () => {
  const text = (fields: Record<string, string>) =>
    Object.keys(fields)
      .sort()
      .map((name) => name + fields[name])
      .join('');
  const sign = (signed: string, token = 'auth-token') =>
    createHmac('sha1', token).update(signed).digest('base64');
  const request = (body: string | Buffer, signature: string | undefined, at = url) =>
    call(body, { url: at, headers: { 'x-twilio-signature': signature } });
  const verify = (made: ReturnType<typeof call>, secrets = ['auth-token']) =>
    twilio.verify?.(made, context({ secrets }));

  const fields = inbound({ Body: 'Bücher & mehr + 1', Other: '' });
  const body = Buffer.from(form(fields));

  it('takes address and sorted fields signed by the token; nothing is dated', () => {
    expect(verify(request(body, sign(url + text(fields))))).toEqual({ valid: true, signedAt: null });
  });

  it('takes either token while one is rotated', () => {
    const made = request(body, sign(url + text(fields)));
    expect(verify(made, ['new-token', 'auth-token'])).toMatchObject({ valid: true });
  });

  it('takes the address with the usual port or without, and with a port of its own', () => {
    const withPort = url.replace('.example', '.example:443');
    expect(verify(request(body, sign(withPort + text(fields))))).toMatchObject({ valid: true });
    expect(verify(request(body, sign(url + text(fields)), withPort))).toMatchObject({ valid: true });
    const own = url.replace('.example', '.example:8443');
    expect(verify(request(body, sign(own + text(fields)), own))).toMatchObject({ valid: true });
    expect(verify(request(body, sign(url + text(fields)), own))).toMatchObject({ valid: true });
    const plain = 'http://in.shop.example/v1/webhooks/twilio';
    const withPlainPort = plain.replace('.example', '.example:80');
    expect(verify(request(body, sign(withPlainPort + text(fields)), plain))).toMatchObject({ valid: true });
  });

  it('counts each value of a repeated field once', () => {
    const signed = `${url}AaAbAcB1`;
    expect(verify(request('A=c&B=1&A=a&A=b&A=a', sign(signed)))).toMatchObject({ valid: true });
  });

  it('reads a form of very many fields in a time linear in them, before anybody is known', () => {
    const many = Array.from({ length: 40_000 }, (_, index) => `f${index}=1&same=${index}`).join('&');
    const began = performance.now();
    expect(verify(request(many, 'AAAA'))).toMatchObject({ valid: false });
    // Half a second; looking each name up would take forty.
    expect(performance.now() - began).toBeLessThan(12_000);
  });

  it('refuses one flipped byte, another address, another token, no token and a missing header', () => {
    const good = sign(url + text(fields));
    for (let place = 0; place < body.length; place += 7) {
      expect(verify(request(flipped(body, place), good)), String(place)).toMatchObject({ valid: false });
    }
    expect(verify(request(body, good, `${url}?x=1`))).toMatchObject({ valid: false });
    expect(verify(request(body, good, url.replace('in.', 'out.')))).toMatchObject({ valid: false });
    expect(verify(request(body, sign(url + text(fields), 'other')))).toMatchObject({ valid: false });
    expect(verify(request(body, good), [])).toMatchObject({ valid: false });
    expect(verify(request(body, undefined))).toMatchObject({ valid: false });
    expect(verify(request(body, good, 'no address'))).toMatchObject({ valid: false });
  });

  it('takes JSON by its hash in the signed address', () => {
    const json = Buffer.from(JSON.stringify([cloud('x', {})]));
    const hashed = `${url}?bodySHA256=${createHash('sha256').update(json).digest('hex')}`;
    expect(verify(request(json, sign(hashed), hashed))).toMatchObject({ valid: true });
    expect(verify(request(flipped(json, 9), sign(hashed), hashed))).toMatchObject({ valid: false });
    expect(verify(request(json, sign(hashed, 'other'), hashed))).toMatchObject({ valid: false });
  });

  it('takes no JSON whose hash is not signed, although the address is', () => {
    for (const json of ['{"a":1}', ' [{"a":1}]', '\ufeff{"a":1}']) {
      expect(verify(request(json, sign(url))), json).toMatchObject({ valid: false });
      const empty = `${url}?bodySHA256=`;
      expect(verify(request(json, sign(empty), empty)), json).toMatchObject({ valid: false });
    }
  });
});

describe('a message to us', () => {
  it('that Twilio reads as STOP ends what the messaging service sends, whatever the words are', () => {
    for (const Body of ['STOP', 'Arrêt', 'hello', '']) {
      expect(wish({ Body, OptOutType: 'STOP' })).toMatchObject({
        channel: 'sms',
        trigger: 'sms_stop',
        subscriber: '+15550177',
        stream: 'twilio:MG9',
        scopeHint: 'channel',
        messageId: 'SM77',
        occurredAt: null,
      });
    }
  });

  it.each(['Stop', ' STOP. ', 'unsubscribe', 'Cancel!', 'END', 'quit', 'ＳＴＯＰ', 'STOP 🛑'])(
    '"%s" ends it where Twilio says nothing',
    (Body) => {
      expect(wish({ Body })).toMatchObject({ trigger: 'sms_stop', scopeHint: 'channel' });
    },
  );

  it.each(['STOPALL', 'Stop all.'])('"%s" ends all, not one service', (Body) => {
    expect(wish({ Body, OptOutType: 'STOP' })).toMatchObject({
      trigger: 'sms_stop',
      stream: null,
      asked: 'all',
      scopeHint: 'sender',
    });
  });

  it.each(['revoke', 'OPTOUT', 'opt-out', 'Opt out'])(
    '"%s" takes consent back, for no one service',
    (Body) => {
      expect(wish({ Body, OptOutType: 'STOP' })).toMatchObject({
        trigger: 'sms_stop',
        stream: null,
        scopeHint: 'channel',
      });
    },
  );

  it('of STOP stops, whatever Twilio reads in it', () => {
    for (const OptOutType of ['START', 'HELP'])
      expect(wish({ Body: 'STOP', OptOutType }).trigger).toBe('sms_stop');
  });

  it("of START comes back to the service, proven by the person's own text", () => {
    expect(wish({ Body: 'Start please', OptOutType: 'START' })).toMatchObject({
      trigger: 'resubscribe',
      stream: 'twilio:MG9',
      scopeHint: 'stream',
      evidence: 'twilio SM77: Start please',
    });
    expect(wish({ Body: 'unstop' })).toMatchObject({ trigger: 'resubscribe', reason: 'keyword start' });
  });

  it.each([
    [{ Body: 'HELP', OptOutType: 'HELP' }],
    [{ Body: 'START', OptOutType: 'HELP' }],
    [{ Body: 'can you stop by at 5?' }],
    [{ Body: 'yes' }],
    [{ Body: '' }],
  ])('that asks for neither is skipped: %j', (fields) => {
    expect(twilio.normalise(call(form(inbound(fields))))).toEqual([{ kind: 'skipped', type: 'received' }]);
  });

  it('by WhatsApp is of that channel, and by a channel that is none of ours skipped', () => {
    expect(wish({ Body: 'STOP', From: 'whatsapp:+15550177' })).toMatchObject({
      channel: 'whatsapp',
      subscriber: '+15550177',
    });
    const messenger = form(inbound({ Body: 'STOP', From: 'messenger:1234' }));
    expect(twilio.normalise(call(messenger))).toEqual([{ kind: 'skipped', type: 'received' }]);
  });

  it('is known as one by its wish, or without a status', () => {
    expect(wish({ SmsStatus: 'receiving', Body: 'STOP', OptOutType: 'STOP' }).trigger).toBe('sms_stop');
    expect(only(twilio, form({ From: '+15550177', Body: 'STOP' }))).toMatchObject({
      trigger: 'sms_stop',
      stream: null,
      messageId: null,
    });
  });
});

describe('what became of a message of ours', () => {
  it.each([
    ['delivered', '', { trigger: 'delivered' }],
    ['read', '', { trigger: 'opened' }],
    ['failed', '21610', { trigger: 'provider_suppressed', suppressedFor: 'consent', madeBy: 'provider' }],
    ['undelivered', '63014', { trigger: 'provider_suppressed', suppressedFor: 'consent' }],
    ['undelivered', '30005', { trigger: 'hard_bounce', scopeHint: 'address' }],
    ['undelivered', '30006', { trigger: 'hard_bounce', scopeHint: 'address' }],
    ['failed', '21614', { trigger: 'hard_bounce', scopeHint: 'address' }],
    ['undelivered', '30003', { trigger: 'soft_bounce', isBlock: false }],
    ['undelivered', '30007', { trigger: 'soft_bounce', isBlock: true }],
    ['undelivered', '30008', { trigger: 'bounce_unclassified' }],
    ['failed', '', { trigger: 'bounce_unclassified' }],
  ])('%s %s', (MessageStatus, ErrorCode, expected) => {
    expect(only(twilio, form(status({ MessageStatus, ErrorCode })))).toMatchObject({
      scopeHint: 'none',
      ...expected,
      subscriber: '+15550177',
      messageId: 'SM88',
      stream: 'twilio:MG9',
    });
  });

  it.each(['queued', 'sending', 'sent', 'accepted', 'scheduled', 'canceled'])('skips %s', (MessageStatus) => {
    expect(twilio.normalise(call(form(status({ MessageStatus }))))).toEqual([
      { kind: 'skipped', type: MessageStatus },
    ]);
  });
});

describe('Event Streams', () => {
  it('say the same bare and wrapped, with a time and an id', () => {
    const type = 'com.twilio.messaging.inbound-message.received';
    const expected = { trigger: 'sms_stop', stream: 'twilio:MG9', occurredAt: '2025-11-20T00:53:20.000Z' };
    expect(only(twilio, streamed({ optOutType: 'STOP' }))).toMatchObject({
      ...expected,
      providerEventId: null,
    });
    expect(only(twilio, [cloud(type, streamed({ optOutType: 'STOP' }))])).toMatchObject({
      ...expected,
      providerEventId: 'EZ5',
    });
  });

  it('tell what became of a message', () => {
    const data = { messageSid: 'SM88', to: '+15550177', from: '+15550199', errorCode: 21610 };
    expect(only(twilio, [cloud('com.twilio.messaging.message.undelivered', data)])).toMatchObject({
      trigger: 'provider_suppressed',
      subscriber: '+15550177',
      occurredAt: '2025-11-20T00:53:21.000Z',
    });
  });

  it('skip other types by their name, and set aside what has none', () => {
    const voice = cloud('com.twilio.voice.insights.call-summary.complete', {});
    const items = twilio.normalise(
      call([voice, {}, 7, null, streamed({ from: {} }), streamed({ body: 'STOP' })]),
    );
    expect(items.map(({ kind }) => kind)).toEqual([
      'skipped',
      'unreadable',
      'unreadable',
      'unreadable',
      'unreadable',
      'event',
    ]);
    expect(items[0]).toMatchObject({ type: 'com.twilio.voice.insights.call-summary.complete' });
    expect(items[1]).toMatchObject({ detail: expect.stringMatching(/^type: /), value: {} });
    expect(() => twilio.normalise(call('{'))).toThrow(UnreadablePayload);
  });
});

it('sets a form without a message aside', () => {
  expect(twilio.normalise(call(form({ CallSid: 'CA1' })))).toMatchObject([{ kind: 'unreadable' }]);
});

it('knows a message again, by webhook or by stream, and tells messages apart', () => {
  const [first] = identities(twilio, form(inbound({ Body: 'STOP' })), { receivedAt: 1 });
  const again = [streamed(), cloud('com.twilio.messaging.message.delivered', {}), streamed({ body: 'STOP' })];
  expect(identities(twilio, again).at(-1)).toBe(first);
  const all = [
    inbound({ Body: 'STOP' }),
    inbound({ Body: 'STOP', MessageSid: 'SM78' }),
    { From: '+15550177', Body: 'STOP' },
    { From: '+15550177', Body: 'START' },
    { From: '+15550178', Body: 'START' },
    status({ MessageStatus: 'delivered' }),
    status({ MessageStatus: 'read' }),
    status({ MessageStatus: 'failed', ErrorCode: '30005' }),
    status({ MessageStatus: 'failed', ErrorCode: '21610' }),
  ].flatMap((fields) => identities(twilio, form(fields)));
  expect(new Set(all).size).toBe(9);
});
