import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { newSigningSecret, signedHeaders, webhookId } from './standard-webhook.js';

/** The example of the Standard Webhooks libraries. */
const example = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1_614_265_330,
  payload: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

test('signs as the published example says', () => {
  const { secret, id, timestamp, payload, signature } = example;
  expect(signedHeaders(id, payload, [secret], timestamp * 1000 + 999)).toEqual({
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  });
});

test('signs as Node does, with text that is not ASCII and a secret of its own', () => {
  const secret = newSigningSecret();
  const payload = JSON.stringify({ name: 'Zoë €' });
  const headers = signedHeaders('msg_1', payload, [secret], 1_700_000_000_000);
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const expected = createHmac('sha256', key).update(`msg_1.1700000000.${payload}`).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${expected}`);
});

test('is verified with each of several secrets, and with no other', () => {
  const [old, young, other] = [newSigningSecret(), newSigningSecret(), newSigningSecret()];
  const headers = signedHeaders('msg_1', '{}', [young, old], Date.now());
  for (const secret of [old, young]) expect(new Webhook(secret).verify('{}', headers)).toEqual({});
  expect(() => new Webhook(other).verify('{}', headers)).toThrow();
  expect(() => new Webhook(old).verify('{"a":1}', headers)).toThrow();
});

test('makes secrets of 32 random bytes', () => {
  const secrets = Array.from({ length: 10 }, newSigningSecret);
  expect(new Set(secrets).size).toBe(10);
  for (const secret of secrets) expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
});

test('has one id for each decision at each target, without the dot that parts what is signed', () => {
  const [a, b] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
  const ids = [webhookId(a, b), webhookId(b, a), webhookId(a, a)];
  expect(new Set(ids).size).toBe(3);
  expect(webhookId(a, b)).toBe(ids[0]);
  for (const id of ids) expect(id).toMatch(/^msg_[0-9a-f]{64}$/);
});
