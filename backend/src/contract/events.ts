import { z } from 'zod';
import { Asked } from './selectors.js';
import { Channel, EventType, Id, Instant, LegalBasis, Maker, Name, Trigger } from './vocabulary.js';

const metadataValue = z.union([z.string().max(4096), z.number(), z.boolean(), z.null()]);

/** At most n messages per period. */
export const Cap = z.strictObject({ n: z.int().min(0).max(1000), per: z.enum(['day', 'week', 'month']) });
export type Cap = z.infer<typeof Cap>;

/**
 * One thing that happened, as a sender or provider reports it (`POST /v1/events`).
 * Unknown fields are refused by name, except on opt-outs and complaints, where they are flagged and kept.
 */
export const Event = z.strictObject({
  /** Idempotency key: the same id twice is counted once. */
  id: Id,
  type: EventType,
  /** When it happened, by the reporter's clock. Absent: when it was received. */
  occurred_at: Instant.optional(),
  /** The sender's own id of the person. One of `subscriber`, `email`, `phone` or `message_id` is needed. */
  subscriber: Id.optional(),
  email: z.string().min(3).max(320).optional(),
  phone: z.string().min(3).max(32).optional(),
  channel: Channel,
  category: Name.optional(),
  origin: Name.optional(),
  audience: Name.optional(),
  campaign: Name.optional(),
  message_type: Name.optional(),
  message_id: Id.optional(),
  trigger: Trigger.optional(),
  asked: Asked.optional(),
  reason: z.string().max(500).optional(),
  made_by: Maker.optional(),
  /** opted_in: the legal basis. */
  basis: LegalBasis.optional(),
  /** opted_in: what proves that the person asked for it (form id, double opt-in click, recording). */
  evidence: z.string().max(4096).optional(),
  /** opted_in: when implied consent ends. */
  expires_at: Instant.optional(),
  /** paused: until when. */
  until: Instant.optional(),
  cap: Cap.optional(),
  bounce: z.enum(['hard', 'soft', 'block']).optional(),
  /** Did the message that was answered show a way to stop everything? */
  all_option_shown: z.boolean().optional(),
  legal_basis: LegalBasis.optional(),
  metadata: z.record(z.string().max(128), metadataValue).optional(),
});
export type Event = z.infer<typeof Event>;

export const rejectionCodes = [
  'invalid',
  'unknown_field',
  'id_reused',
  'unidentified',
  'ambiguous_message',
  'stale',
  'untrusted',
] as const;

/** A row that was not taken. It is kept in quarantine under `quarantine_id` and can be replayed. */
export const Rejection = z.object({
  index: z.int(),
  code: z.enum(rejectionCodes),
  /** Names the field and the reason. */
  detail: z.string(),
  field: z.string().optional(),
  quarantine_id: z.string().optional(),
});
export type Rejection = z.infer<typeof Rejection>;

/** The answer to a batch: counts by row. `pending` rows are durable but wait for the engine (HTTP 202). */
export const BatchResult = z.object({
  accepted: z.int(),
  duplicates: z.int(),
  pending: z.int(),
  rejected: z.array(Rejection),
  /** Rows that were taken although something was wrong with them, and what was done about it. */
  flagged: z.array(z.object({ index: z.int(), flags: z.array(z.string()) })),
});
export type BatchResult = z.infer<typeof BatchResult>;
