import { z } from 'zod';
import { Channel, Jurisdiction, LegalBasis, Name, Regime, StreamClass } from './vocabulary.js';

export const StreamKey = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'may contain letters, digits, dot, underscore, colon and dash');

/** Body of `PUT /v1/streams/:key`. */
export const StreamDefinition = z.strictObject({
  channel: Channel,
  category: Name,
  origin: Name,
  class: StreamClass,
  brand: Name,
  /** RFC 2919 identifier. One stream, one List-Id, for ever. */
  list_id: z.string().min(3).max(255).optional(),
  title: z.string().max(200).optional(),
  /** Do the templates of this stream show a way to stop everything? Without it, floors widen. */
  all_option_shown: z.boolean().optional(),
  legal_basis: LegalBasis.optional(),
  /** Absent: derived from the legal basis, the class and the jurisdiction. */
  regime: Regime.optional(),
  /** Where this stream is sent, when the subscriber's jurisdiction is not known. */
  markets: z.array(Jurisdiction).max(250).optional(),
  /** Key of the stream it was split from: children inherit its statements. Absent: the parent it has, if any. */
  parent: StreamKey.optional(),
});
export type StreamDefinition = z.infer<typeof StreamDefinition>;

/** One version of a stream as stored. */
export const Stream = StreamDefinition.extend({
  key: StreamKey,
  version: z.int(),
  /** False for a stream that registered itself at first sight. */
  reviewed: z.boolean(),
  changed_at: z.string(),
});
export type Stream = z.infer<typeof Stream>;
