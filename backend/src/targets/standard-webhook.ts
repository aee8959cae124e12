import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** A new signing secret as Standard Webhooks writes one. 32 bytes; it asks for 24 at least. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** The same for every try of one decision at one target, and no other: receivers drop repeats by it. */
export function webhookId(decision: string, target: string): string {
  return `msg_${decision.replaceAll('-', '')}${target.replaceAll('-', '')}`;
}

/**
 * Headers of a Standard Webhooks message.
 *
 * @param secrets each signs, so that a receiver that knows one of them can verify
 * @param now of this try, in ms since the epoch
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedHeaders(
  id: string,
  body: string,
  secrets: readonly string[],
  now: number,
): Record<string, string> {
  const at = new Date(now);
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
