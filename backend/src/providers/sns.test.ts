import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { VerifyContext } from './adapter.js';
import { call, context } from './adapters/test-support.js';
import { confirmationAddress, type SnsEnvelope, snsEnvelope, verifySns } from './sns.js';

const topic = 'arn:aws:sns:eu-west-1:210987654321:mail-events';
const certAddress = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem';
const subscribe = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=t0k3n`;

const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: typeof ours.publicKey) => key.export({ format: 'pem', type: 'spki' }).toString();

const notification = {
  Type: 'Notification',
  MessageId: 'a1b2c3d4-0000-5000-8000-000000000007',
  TopicArn: topic,
  Subject: 'Amazon SES Email Event Notification',
  Message: '{"eventType":"Send"}',
  Timestamp: '2025-11-20T00:53:20.000Z',
} as const;

const confirmation = {
  Type: 'SubscriptionConfirmation',
  MessageId: 'a1b2c3d4-0000-5000-8000-000000000008',
  TopicArn: topic,
  Message: 'You have chosen to subscribe',
  Timestamp: '2025-11-20T00:53:20.000Z',
  Token: 't0k3n',
  SubscribeURL: subscribe,
} as const;

/** As Amazon documents it: each key on a line, its value on the next, in the order of bytes. */
function canonical(fields: Record<string, unknown>): string {
  const keys = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  return keys
    .filter((key) => fields[key] !== undefined)
    .map((key) => `${key}\n${fields[key]}\n`)
    .join('');
}

type Fields = Omit<SnsEnvelope, 'SignatureVersion' | 'Signature' | 'SigningCertURL'>;

function signed(fields: Fields, version: '1' | '2' = '2', key = ours.privateKey): SnsEnvelope {
  const signer = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(canonical(fields));
  return {
    ...fields,
    SignatureVersion: version,
    Signature: signer.sign(key, 'base64'),
    SigningCertURL: certAddress,
  };
}

const servesOurs: VerifyContext['certificate'] = () => Promise.resolve(pem(ours.publicKey));

const verify = (envelope: SnsEnvelope, topics = [topic], certificate = servesOurs) =>
  verifySns(envelope, { topics, certificate });

describe('signature', () => {
  it('takes versions 1 and 2, of notifications with and without a subject and of confirmations', async () => {
    const { Subject, ...bare } = notification;
    for (const version of ['1', '2'] as const) {
      for (const fields of [notification, confirmation, bare]) {
        expect(await verify(signed(fields, version))).toEqual({ valid: true, signedAt: 1_763_600_000_000 });
      }
    }
  });

  it('takes a certificate as Amazon serves one', async () => {
    const certificate = `-----BEGIN CERTIFICATE-----
MIIDGTCCAgGgAwIBAgIUduamJJEq7UsI0oDZ0CXqUIwQCwswDQYJKoZIhvcNAQEL
BQAwGzEZMBcGA1UEAwwQc25zLnRlc3QuZXhhbXBsZTAgFw0yNjExMjUxOTM3NDha
GA8yMTI2MTEwMTE5Mzc0OFowGzEZMBcGA1UEAwwQc25zLnRlc3QuZXhhbXBsZTCC
ASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAKku3EBn3P8b/ZTRu82KzM0a
1JEVXKO/6J75/NhWq5pWT/eFDJxmzuVkkCFeatG663JJrkcSy46HB9Mz44MhE2kl
hL9fGDI+yrN/uZbvxHShCLptEHAEgeWJjKZjySm57ERfiBg9eBSoUsAXQL+8VFCa
Bt4rQDqOVZCF16OFegjcf5z4u5PPT78/FUutFPiQ+GWh+JCcxwQB5ewJeh6yGQAP
pdQURstxm7JIgn4S3C7AYtP3IHoaxkcNf+hm6+PseYoFZMPrCnznjD8kqHJWVl95
9a/4loM/DAY7sy8P8cWqvgavd4GXEHmg6ReO7dw7I7sA3nteuWPL97joB5JmaosC
AwEAAaNTMFEwHQYDVR0OBBYEFKwQIMP+aw+RG6ubh9psZ8RBqs+GMB8GA1UdIwQY
MBaAFKwQIMP+aw+RG6ubh9psZ8RBqs+GMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZI
hvcNAQELBQADggEBAG887V8gubEmVxM9cGvHxTbw1Cm3eBOnfETL97VjlcCZRmve
m0layNWmYSrFCrfrVK0C3jl9LcRCoD2+M9KQOHBbsxWhOzY56+PY+RBsqNuf69zB
yBitdIzFv6xjXp8N6tLzRT66eVWniSTvZKxsrmuACoevvJCEYhlarvkok+crcgcQ
uVAT1g+KcomXDExNhAvTzNBcNtiqkSO4IzKoGeJbNrG9VC6sE/z3zEW+uVdOq1j0
hpVOxDMe8/orGZlzsgymius2JMnC4yWAaYORC/240WwpR9NXU61FNZSeBFvULNIF
c+a4Wd5nx+atNrQHIQoKqrOfaWiOB3c54dxNU3g=
-----END CERTIFICATE-----
`;
    const signatures = { '1': signature1, '2': signature2 };
    for (const version of ['1', '2'] as const) {
      const envelope = {
        ...notification,
        SignatureVersion: version,
        Signature: signatures[version],
        SigningCertURL: certAddress,
      };
      expect(await verify(envelope, [topic], async () => certificate)).toMatchObject({ valid: true });
    }
  });

  it('refuses one changed letter of any signed field, and a signature of another key or version', async () => {
    const good = signed(notification);
    for (const key of ['Message', 'MessageId', 'Subject', 'Timestamp'] as const) {
      expect(await verify({ ...good, [key]: `${good[key]} ` }), key).toMatchObject({ valid: false });
    }
    const asked = signed(confirmation);
    for (const key of ['SubscribeURL', 'Token'] as const) {
      expect(await verify({ ...asked, [key]: `${asked[key]}x` }), key).toMatchObject({ valid: false });
    }
    expect(await verify({ ...good, Type: 'SubscriptionConfirmation' })).toMatchObject({ valid: false });
    expect(await verify({ ...good, SignatureVersion: '1' })).toMatchObject({ valid: false });
    expect(await verify({ ...good, Signature: '' })).toMatchObject({ valid: false });
    expect(await verify(signed(notification, '2', other.privateKey))).toMatchObject({ valid: false });
  });

  it('refuses what Amazon signed for a topic that is not ours, and names the remedy', async () => {
    const theirs = 'arn:aws:sns:eu-west-1:999999999999:mail-events';
    for (const topics of [[], [theirs], [`${topic}2`]]) {
      const verdict = await verify(signed(notification), topics, context().certificate);
      expect(verdict).toEqual({ valid: false, detail: expect.stringMatching(/name its ARN/) });
    }
  });

  it('asks for no certificate but from Amazon itself', async () => {
    const path = '/SimpleNotificationService-0a1b2c.pem';
    for (const address of [
      `http://sns.eu-west-1.amazonaws.com${path}`,
      `https://sns.eu-west-1.amazonaws.com:8443${path}`,
      `https://ida@sns.eu-west-1.amazonaws.com${path}`,
      `https://ida:secret@sns.eu-west-1.amazonaws.com${path}`,
      `https://sns.eu-west-1.amazonaws.com.evil.example${path}`,
      `https://evil.example${path}`,
      `https://evil.example/?https://sns.eu-west-1.amazonaws.com${path}`,
      `https://evil.example#sns.eu-west-1.amazonaws.com${path}`,
      `https://sns.eu-west-1.amazonaws.com@evil.example${path}`,
      `https://snsxeu-west-1.amazonaws.com${path}`,
      `https://sns.a.amazonaws.com${path}`,
      `https://bucket.sns.eu-west-1.amazonaws.com${path}`,
      'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.txt',
      'https://sns.eu-west-1.amazonaws.com/?x=.pem',
      `https://sns.eu-west-1.amazonaws.com${path}?x=1`,
      `https://169.254.169.254${path}`,
      'no address',
      '',
    ]) {
      const envelope = { ...signed(notification), SigningCertURL: address };
      expect(await verify(envelope, [topic], context().certificate), address).toMatchObject({ valid: false });
    }
    const asked: string[] = [];
    const certificate = (url: string) => {
      asked.push(url);
      return Promise.resolve(pem(ours.publicKey));
    };
    const china = certAddress.replace('.com/', '.com.cn/').replace('eu-west', 'cn-north');
    expect(
      await verifySns({ ...signed(notification), SigningCertURL: china }, { topics: [topic], certificate }),
    ).toMatchObject({ valid: true });
    expect(asked).toEqual([china]);
  });

  it('refuses what is no certificate, and leaves an outage an outage', async () => {
    expect(await verify(signed(notification), [topic], async () => '<html>')).toMatchObject({ valid: false });
    const away = () => Promise.reject(new Error('away'));
    await expect(verify(signed(notification), [topic], away)).rejects.toThrow('away');
  });
});

describe('confirmation', () => {
  const asked = signed(confirmation);

  it('is given for a topic of ours only', () => {
    expect(confirmationAddress(asked, [topic])).toBe(subscribe);
    expect(confirmationAddress(asked, [])).toBeNull();
    expect(confirmationAddress(asked, [`${topic}2`])).toBeNull();
  });

  it('is never an address that is not Amazon SNS confirming a subscription', () => {
    for (const address of [
      null,
      '',
      'https://169.254.169.254/latest/meta-data?Action=ConfirmSubscription',
      'https://evil.example/?Action=ConfirmSubscription',
      subscribe.replace('https', 'http'),
      subscribe.replace('.com/', '.com:444/'),
      subscribe.replace('ConfirmSubscription', 'DeleteTopic'),
    ]) {
      expect(confirmationAddress({ ...asked, SubscribeURL: address }, [topic]), String(address)).toBeNull();
    }
  });

  it('does not renew a subscription that was ended', () => {
    expect(confirmationAddress({ ...asked, Type: 'UnsubscribeConfirmation' }, [topic])).toBeNull();
    expect(confirmationAddress({ ...asked, Type: 'Notification' }, [topic])).toBeNull();
  });
});

it('knows an envelope from anything else', () => {
  expect(snsEnvelope(call(signed(notification)))?.MessageId).toBe(notification.MessageId);
  const { Signature, ...lacking } = signed(notification);
  for (const body of ['', 'x', '{', '[]', '{"eventType":"Bounce"}', lacking, { ...lacking, Signature: 3 }]) {
    expect(snsEnvelope(call(body)), JSON.stringify(body)).toBeNull();
  }
});

const signature1 = [
  'jqHabg/GEwruJZDKgADkE16vArtUW/lrFlnNnoBJugE8Mq98CRyBYVY4iiLpX8wla8sOHQZnmX2gBZhX1AebJl6LB5l+ESvi',
  '0ReD6WRtpLooPf3h7xq2kLMEdwMh1sP5Cri00FUuiwHAMhWxc+gq+qptklM4hfOPJHj+0/ClaTo20Gfa5zfDACh5tBfjNIps',
  'rAcKOU60HQLNIQ/fG0h0Id6u7iWw9bRMZFUV72ZRnfj0zQGXqs+psGIkaqEkIfwmBW7f9pDNv8AvcH1ZoKts/wpY7xUXslxa',
  'Nhiai3KG+f9SLG407SPN+2PSUt03lEoQ/zMtO060XQ+wdgDOAZI5kA==',
].join('');
const signature2 = [
  'hSLX2/4o0SFicUDjpyUCzERjmvrgPfDVyJqeIs+67k+/rnDFpiI84OzbhLwPS/ySeukZL8yQSL5eaQ0HyihDuzoE+3tDNirw',
  'szz3S+0SoJtQ1tsyolDzcTHVQTqNTC8aekCuNeSy2Ni36qE3sgYkrDkwP7CsClZPmDXOXILylrs4uhEmLG7acfFWYADOwYLs',
  'eepmOjqt56qvf6Ggff1lKBTqEKX1dYV4WpNmBI4Y4P395eflggiSU6wKsNDt3dV/3Ka3l/G/6xbuG9iiXzrPhY7QEwEzC2OD',
  '7GeWuRNh4fp022jW9KHRjUqLscu8eZ80WsH5fZ9Bapf3An9yPJUpHw==',
].join('');
