import { z } from 'zod';

/** The closed vocabularies of the product; docs/glossary.md says what each word means. */

export const channels = ['email', 'sms', 'push', 'in_app', 'whatsapp', 'voice', 'post', 'web'] as const;
export const Channel = z.enum(channels);
export type Channel = z.infer<typeof Channel>;

export const streamClasses = ['commercial', 'informational', 'essential', 'profiling'] as const;
export const StreamClass = z.enum(streamClasses);
export type StreamClass = z.infer<typeof StreamClass>;

export const eventTypes = [
  'delivered',
  'opened',
  'clicked',
  'opted_out',
  'opted_in',
  'complained',
  'bounced',
  'paused',
  'capped',
  'erased',
  'consent_expired',
] as const;
export const EventType = z.enum(eventTypes);
export type EventType = z.infer<typeof EventType>;

/** How the signal arrived. One word list for every door, the same as in the payload fixtures. */
export const triggers = [
  'one_click_unsubscribe',
  'mailto_unsubscribe',
  'link_unsubscribe',
  'stream_unsubscribe',
  'group_unsubscribe',
  'preference_change',
  'global_unsubscribe',
  'list_removal',
  'complaint',
  'complaint_optout',
  'not_spam',
  'auth_failure',
  'hard_bounce',
  'soft_bounce',
  'bounce_unclassified',
  'delivery_delayed',
  'provider_suppressed',
  'sms_stop',
  'platform_marketing_stop',
  'resubscribe',
  'opt_out_preference_signal',
  'gdpr_objection_art21',
  'erasure_request_art17',
  'delivered',
  'opened',
  'clicked',
  'auto_reply',
] as const;
export const Trigger = z.enum(triggers);
export type Trigger = z.infer<typeof Trigger>;

export const effects = ['opt_out', 'opt_in', 'pause', 'cap', 'hold', 'void'] as const;
export const Effect = z.enum(effects);
export type Effect = z.infer<typeof Effect>;

/** Legal basis of a stream, a message or an opt-in. Only the two explicit ones may lift a strong opt-out. */
export const legalBases = [
  'explicit_consent',
  'double_opt_in',
  'consent',
  'soft_opt_in',
  'implied_consent',
  'legitimate_interest',
  'contract',
] as const;
export const LegalBasis = z.enum(legalBases);
export type LegalBasis = z.infer<typeof LegalBasis>;

export const explicitBases: readonly LegalBasis[] = ['explicit_consent', 'double_opt_in'];

/** `opt_in`: nothing may be sent without consent; `opt_out`: it may until the person objects. */
export const Regime = z.enum(['opt_in', 'opt_out']);
export type Regime = z.infer<typeof Regime>;

/** Who made the request known to us. Only a person's own opt-in can lift an opt-out. */
export const makers = ['person', 'agent', 'regulator', 'provider', 'import', 'admin', 'system'] as const;
export const Maker = z.enum(makers);
export type Maker = z.infer<typeof Maker>;

/** Why a spell ended. */
export const spellCauses = ['opt_out', 'complaint', 'hard_bounce', 'erasure', 'consent_expiry'] as const;
export const SpellCause = z.enum(spellCauses);
export type SpellCause = z.infer<typeof SpellCause>;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
const printable = /^[^\u0000-\u001f\u007f]*$/;

/** A name that senders choose: a category, an origin, a campaign. 1 to 128 characters, no control characters. */
export const Name = z.string().min(1).max(128).regex(printable, 'must not contain control characters');

/** For `refine`: half a surrogate pair is no text, and the engine takes no row that holds one. */
export const wellFormed = [
  (text: string): boolean => text.isWellFormed(),
  'holds half a surrogate pair, which is no text',
] as const;

/** An id that senders choose. 1 to 200 characters, no control characters. */
export const Id = z.string().min(1).max(200).regex(printable, 'must not contain control characters');

/** ISO 3166-1 alpha-2 country, optionally with an ISO 3166-2 subdivision: `DE`, `US`, `US-CA`. */
export const Jurisdiction = z
  .string()
  .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'must be a country such as DE, or a country and state such as US-CA');

export const Instant = z.iso.datetime({ offset: true });
