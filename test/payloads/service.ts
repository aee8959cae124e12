import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';
import { sendgridSecret } from '../support/provider-calls.js';
import type { PayloadRequest } from './requests.js';

/** The address for which the recorded calls of Twilio were signed. */
export const publicUrl = 'https://hooks.example.com';

/** Of the fixtures' README. */
export const secrets = {
  mailgun: 'TEST_WEBHOOK_SIGNING_KEY',
  twilio: '12345',
  customerio: 'cio_test_signing_key',
  resend: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  klaviyo: '0123456789abcdef-test-secret',
  whatsapp: 'meta-app-secret-of-this-run',
  mailersend: 'mailersend-secret-of-this-run',
  mailtrap: 'mailtrap-secret-of-this-run',
  /** Stands in the address for those who sign nothing. */
  path: 'SECRET-PATH-TOKEN',
} as const;

const topics = ['arn:aws:sns:us-east-1:123456789012:SES_Events'];
const certificateUrl = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-test.pem';

/** A service with every provider connected, and the calls to it. */
export interface Service {
  app: RunningApp;
  api: Calls;
  send(request: PayloadRequest): Promise<Sent>;
  stop(): Promise<void>;
  /** A token of ours for the person and stream. */
  mint(subscriber: string, stream: { channel: string; category: string; origin: string }): Promise<string>;
}

export interface Sent {
  status: number;
  body: unknown;
  /** `X-Secateur-Events`; null where the route told nothing. */
  told: { events: Record<string, unknown>[]; skipped: Record<string, number> } | null;
}

export async function startService(directory: string): Promise<Service> {
  const app = await startApp({}, { PUBLIC_URL: publicUrl, SECATEUR_EXPLAIN: 'on', SECATEUR_MARKETS: 'US' });
  const api = new Calls(() => app);
  const vendorKey = JSON.parse(readFileSync(join(directory, 'sendgrid/signed_event_vector.json'), 'utf8'));
  const certificate = readFileSync(join(directory, 'ses/sns_test_cert.pem.txt'), 'utf8');
  const settings: Record<string, object> = {
    sendgrid: { secrets: [sendgridSecret, vendorKey.public_key_base64_spki] },
    ses: { secrets: [secrets.path], topics, certificates: { [certificateUrl]: certificate } },
  };
  for (const provider of ['mailgun', 'twilio', 'customerio', 'resend', 'klaviyo', 'whatsapp'] as const)
    settings[provider] = { secrets: [secrets[provider]] };
  for (const provider of ['mailersend', 'mailtrap'] as const)
    settings[provider] = { secrets: [secrets[provider]] };
  for (const provider of ['postmark', 'mailchimp', 'brevo', 'sparkpost', 'mailjet'])
    settings[provider] = { secrets: [secrets.path] };
  for (const [provider, change] of Object.entries(settings)) {
    const { status, body } = await api.send('PUT', `/v1/providers/${provider}`, change);
    if (status !== 200) throw new Error(`${provider} cannot be connected: ${JSON.stringify(body)}`);
  }
  return {
    app,
    api,
    stop: () => app.stop(),
    send: async ({ method, path, headers, body, withKey }) => {
      const response = await app.request(path, {
        method,
        headers: {
          ...(withKey === true ? {} : { authorization: '' }),
          ...headers,
          'x-secateur-explain': 'events',
        },
        ...(body === null ? {} : { body: new Uint8Array(body) }),
      });
      const text = await response.text();
      const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
      const told = response.headers.get('x-secateur-events');
      return {
        status: response.status,
        body: isJson && text !== '' ? JSON.parse(text) : text,
        told: told === null ? null : JSON.parse(Buffer.from(told, 'base64url').toString('utf8')),
      };
    },
    mint: async (subscriber, stream) => {
      const { status, body } = await api.post('/v1/links', {
        subscriber,
        message: { ...stream, campaign: 'payloads', message_id: `m-${subscriber}` },
        all_option_shown: true,
        legal_basis: 'consent',
      });
      if (status !== 201 && status !== 200) throw new Error(`no link: ${JSON.stringify(body)}`);
      return (body as { url: string }).url.split('/u/')[1] ?? '';
    },
  };
}
