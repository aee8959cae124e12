import { generateKeyPairSync, sign } from 'node:crypto';

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

/** Signs as SendGrid does. @param at when, in ms since the epoch */
export function bySendgrid(events: readonly object[], at = Date.now()): ProviderCall {
  const body = JSON.stringify(events);
  const timestamp = String(Math.floor(at / 1000));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-timestamp': timestamp,
      'x-twilio-email-event-webhook-signature': sign(
        'sha256',
        Buffer.from(timestamp + body),
        sendgridKeys.privateKey,
      ).toString('base64'),
    },
  };
}
