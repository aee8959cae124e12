import { z } from 'zod';
import { StreamKey } from './streams.js';
import { Channel } from './vocabulary.js';

/** Systems that send on behalf of the organisation and report by webhook. */
export const providers = [
  'sendgrid',
  'mailgun',
  'postmark',
  'ses',
  'mailchimp',
  'twilio',
  'customerio',
  'brevo',
  'sparkpost',
  'resend',
  'klaviyo',
  'whatsapp',
  'mailjet',
  'mailersend',
  'mailtrap',
] as const;
export const Provider = z.enum(providers);
export type Provider = z.infer<typeof Provider>;

/**
 * How a provider proves that a call is its own. `signature`: over the raw bytes, with a key of ours or theirs. `secret`:
 * it signs nothing, so a secret stands in the address (`/v1/webhooks/mailchimp/<secret>`) or in Authorization.
 */
export const Authentication = z.enum(['signature', 'secret']);
export type Authentication = z.infer<typeof Authentication>;

/** Body of `PUT /v1/providers/:provider`. What is absent stays as it is. */
export const ProviderChange = z.strictObject({
  enabled: z.boolean().optional(),
  /** Any of them verifies, so that a key can be rotated. Never shown again. A public key is PEM or base64 DER. */
  secrets: z.array(z.string().trim().min(5).max(8192)).max(5).optional(),
  /** Amazon SNS: topics (ARN) whose subscriptions are confirmed and whose messages are taken. */
  topics: z.array(z.string().min(1).max(512)).max(50).optional(),
  /** Amazon SNS: signing certificates (PEM) by their address, where they cannot be fetched from Amazon. */
  certificates: z.record(z.url().max(512), z.string().max(16_384)).optional(),
});
export type ProviderChange = z.infer<typeof ProviderChange>;

/** A group, list, topic or tag of a provider, and the streams that it stands for here. */
export const ProviderStream = z.object({
  /** `sendgrid:asm:10` */
  ref: z.string(),
  channel: Channel,
  /** The stream it registered itself as; absent when it was mapped before it was ever seen. */
  registered: StreamKey.optional(),
  /** Empty: it stands for itself alone. */
  streams: z.array(StreamKey),
});
export type ProviderStream = z.infer<typeof ProviderStream>;

/** One provider as `GET /v1/providers` shows it. Counts are since the service was started. */
export const ProviderView = z.object({
  provider: Provider,
  title: z.string(),
  authentication: z.array(Authentication),
  enabled: z.boolean(),
  /** How many secrets are stored. */
  secrets: z.int(),
  topics: z.array(z.string()),
  /** Where the provider has to post to; `<secret>` stands for a secret that is not shown. */
  url: z.string(),
  last_call_at: z.string().nullable(),
  calls: z.int(),
  refused: z.int(),
  events: z.int(),
  /** Events of types that we do not know, by the provider's word for them. */
  skipped: z.record(z.string(), z.int()),
  streams: z.array(ProviderStream),
});
export type ProviderView = z.infer<typeof ProviderView>;

/** Body of `PUT /v1/providers/:provider/streams`: which streams a group or list of the provider stands for. */
export const ProviderStreamChange = z.strictObject({
  ref: z.string().min(1).max(200),
  channel: Channel.default('email'),
  streams: z.array(StreamKey).max(20),
});
export type ProviderStreamChange = z.infer<typeof ProviderStreamChange>;

/** What a payload itself says about reach, before rules and floor. */
export const scopeHints = [
  'none',
  'address',
  'stream',
  'list',
  'channel',
  'sender',
  'global',
  'person',
  'unknown',
] as const;
