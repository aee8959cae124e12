import { createHash, createHmac, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';

/** What a provider posts: body and headers. */
export interface ProviderCall {
  readonly body: string;
  readonly headers: Record<string, string>;
}

const sendgridKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** The public key as SendGrid's settings show it. */
export const sendgridSecret = sendgridKeys.publicKey
  .export({ format: 'der', type: 'spki' })
  .toString('base64');

/** SendGrid: timestamp, then the body. @param at when, in ms since the epoch */
export function bySendgrid(body: string, at = Date.now()): ProviderCall {
  const timestamp = String(Math.floor(at / 1000));
  const signature = sign('sha256', Buffer.from(timestamp + body), sendgridKeys.privateKey);
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-timestamp': timestamp,
      'x-twilio-email-event-webhook-signature': signature.toString('base64'),
    },
  };
}

const json = { 'content-type': 'application/json' };

function hmac(algorithm: 'sha1' | 'sha256', secret: string | Buffer, text: string | Buffer): Buffer {
  return createHmac(algorithm, secret).update(text).digest();
}

/** Customer.io: `v0:timestamp:body`. */
export function byCustomerio(body: string, secret: string, at = Date.now()): ProviderCall {
  const timestamp = String(Math.floor(at / 1000));
  const signature = hmac('sha256', secret, `v0:${timestamp}:${body}`).toString('hex');
  return { body, headers: { ...json, 'x-cio-timestamp': timestamp, 'x-cio-signature': signature } };
}

/** Svix, as Resend uses it: `id.timestamp.body`. @param secret `whsec_…` */
export function bySvix(body: string, secret: string, id: string, at = Date.now()): ProviderCall {
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = hmac('sha256', key, `${id}.${timestamp}.${body}`).toString('base64');
  return {
    body,
    headers: { ...json, 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` },
  };
}

/** Klaviyo: body, then its timestamp. */
export function byKlaviyo(body: string, secret: string, at = Date.now()): ProviderCall {
  const timestamp = new Date(at).toUTCString();
  const signature = hmac('sha256', secret, body + timestamp).toString('hex');
  return {
    body,
    headers: { ...json, 'klaviyo-timestamp': timestamp, 'klaviyo-signature': signature },
  };
}

/** Meta: the body under the app secret. */
export function byMeta(body: string, secret: string): ProviderCall {
  const signature = `sha256=${hmac('sha256', secret, body).toString('hex')}`;
  return { body, headers: { ...json, 'x-hub-signature-256': signature } };
}

/** MailerSend: the body, in hexadecimal. */
export function byMailersend(body: string, secret: string): ProviderCall {
  return { body, headers: { ...json, signature: hmac('sha256', secret, body).toString('hex') } };
}

/** Mailtrap: the body, in hexadecimal. */
export function byMailtrap(body: string, secret: string): ProviderCall {
  return { body, headers: { ...json, 'mailtrap-signature': hmac('sha256', secret, body).toString('hex') } };
}

/** Mailgun: timestamp and token stand in the body. @param event the `event-data` */
export function byMailgun(event: object, secret: string, at = Date.now()): ProviderCall {
  const timestamp = String(Math.floor(at / 1000));
  const token = randomBytes(25).toString('hex');
  const signature = hmac('sha256', secret, timestamp + token).toString('hex');
  return {
    body: JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event }),
    headers: json,
  };
}

/** Twilio: the address and the sorted fields of the form. */
export function byTwilio(
  fields: Readonly<Record<string, string>>,
  secret: string,
  url: string,
): ProviderCall {
  const sorted = Object.keys(fields).sort();
  const signature = hmac('sha1', secret, url + sorted.map((key) => key + fields[key]).join(''));
  return {
    body: new URLSearchParams(fields).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signature.toString('base64'),
    },
  };
}

/** Twilio with a JSON body: the address names the hash of the body, and is signed alone. */
export function byTwilioJson(body: string, secret: string, url: string): ProviderCall & { query: string } {
  const query = `?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
  const signature = hmac('sha1', secret, url + query).toString('base64');
  return { body, query, headers: { ...json, 'x-twilio-signature': signature } };
}

const snsKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Where the certificate of `bySns` is said to be: its public key, pinned in the settings. */
export const snsCertificate = {
  url: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-own-tests.pem',
  pem: snsKeys.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
};

/** Amazon SNS, signature version 2. @param message what the topic carries */
export function bySns(message: object, topic: string, at = Date.now()): ProviderCall {
  const fields = {
    Message: JSON.stringify(message),
    MessageId: randomUUID(),
    Timestamp: new Date(at).toISOString(),
    TopicArn: topic,
    Type: 'Notification',
  };
  const signed = Object.entries(fields)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
  const envelope = {
    ...fields,
    SignatureVersion: '2',
    Signature: sign('sha256', Buffer.from(signed), snsKeys.privateKey).toString('base64'),
    SigningCertURL: snsCertificate.url,
  };
  return { body: JSON.stringify(envelope), headers: { 'content-type': 'text/plain; charset=UTF-8' } };
}
