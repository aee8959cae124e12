import { createVerify } from 'node:crypto';
import { z } from 'zod';
import {
  invalid,
  isJson,
  jsonBody,
  UnreadablePayload,
  type Verification,
  type VerifyContext,
  type WebhookCall,
} from './adapter.js';

/** What Amazon SNS wraps around a message, and what it sends to have a subscription confirmed. */
export const SnsEnvelope = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.string().nullish(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
  Token: z.string().nullish(),
  SubscribeURL: z.string().nullish(),
});
export type SnsEnvelope = z.infer<typeof SnsEnvelope>;

/** @returns null where the body is something else, as with raw message delivery */
export function snsEnvelope(call: Pick<WebhookCall, 'body'>): SnsEnvelope | null {
  if (!isJson(call)) return null;
  try {
    return SnsEnvelope.safeParse(jsonBody(call)).data ?? null;
  } catch (error) {
    if (error instanceof UnreadablePayload) return null;
    throw error;
  }
}

/**
 * Amazon signs for whoever owns a topic, and anyone may own one: a signature proves something only of a topic of ours.
 * Rejects when the certificate cannot be had: that is an outage and no verdict, and Amazon sends again.
 */
export async function verifySns(
  envelope: SnsEnvelope,
  { topics, certificate }: Pick<VerifyContext, 'topics' | 'certificate'>,
): Promise<Verification> {
  if (!topics.includes(envelope.TopicArn))
    return invalid('the topic is none of ours: name its ARN in the settings of this provider');
  const address = amazonAddress(envelope.SigningCertURL);
  if (address === null || address.search !== '' || !address.pathname.endsWith('.pem'))
    return invalid("the address of the signing certificate is none of Amazon's");
  const pem = await certificate(address.href);
  if (!isSignedBy(pem, envelope)) return invalid('the signature does not fit');
  const at = Date.parse(envelope.Timestamp);
  return { valid: true, signedAt: Number.isNaN(at) ? null : at };
}

/** The address that confirms a subscription to a topic of ours; null for all else. */
export function confirmationAddress(envelope: SnsEnvelope, topics: readonly string[]): string | null {
  if (envelope.Type !== 'SubscriptionConfirmation' || !topics.includes(envelope.TopicArn)) return null;
  const address = amazonAddress(envelope.SubscribeURL ?? '');
  return address?.searchParams.get('Action') === 'ConfirmSubscription' ? address.href : null;
}

const amazonHost = /^sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?$/;

/** Nothing but SNS itself over https: neither a port nor a user may lead elsewhere. */
function amazonAddress(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const address = new URL(text);
  const isOwn = address.protocol === 'https:' && amazonHost.test(address.hostname);
  return isOwn && address.port === '' && address.username === '' && address.password === '' ? address : null;
}

function isSignedBy(pem: string, envelope: SnsEnvelope): boolean {
  const algorithm = envelope.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  try {
    return createVerify(algorithm).update(signedText(envelope)).verify(pem, envelope.Signature, 'base64');
  } catch {
    // What was fetched or pinned is no certificate.
    return false;
  }
}

const confirmationKeys = [
  'Message',
  'MessageId',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
] as const;
const signedKeys = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: confirmationKeys,
  UnsubscribeConfirmation: confirmationKeys,
} as const;

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
function signedText(envelope: SnsEnvelope): string {
  const lines: string[] = [];
  for (const key of signedKeys[envelope.Type]) {
    const value = envelope[key];
    if (value !== null && value !== undefined) lines.push(key, value);
  }
  return `${lines.join('\n')}\n`;
}
