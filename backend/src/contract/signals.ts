import { z } from 'zod';
import { DecisionView } from './decisions.js';
import { Id, Instant } from './vocabulary.js';

/**
 * Body of `POST /v1/signals/gpc`: what a sender's website saw in the header `Sec-GPC` of a customer who is signed in
 * (Global Privacy Control). Only 1 is a signal.
 */
export const GpcSignal = z.strictObject({
  subscriber: Id,
  sec_gpc: z.literal(['1', '0', 1, 0]),
  occurred_at: Instant.optional(),
  /** The sender's own id of where it was seen, such as the session: the same one again is counted once. */
  reference: Id.optional(),
});
export type GpcSignal = z.infer<typeof GpcSignal>;

/** `ignored`: no signal, and nothing was recorded. */
export const SignalAnswer = z.object({
  state: z.enum(['decided', 'duplicate', 'pending', 'quarantined', 'ignored']),
  /** The decision; its id alone where it was made before, or is not made yet. */
  decision: z.union([z.string(), DecisionView]).optional(),
  detail: z.string().optional(),
});
export type SignalAnswer = z.infer<typeof SignalAnswer>;
