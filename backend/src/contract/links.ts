import { z } from 'zod';
import { Channel, Id, LegalBasis, Name } from './vocabulary.js';

/** Body of `POST /v1/links`. */
export const LinkRequest = z.strictObject({
  subscriber: Id,
  message: z.strictObject({
    channel: Channel,
    category: Name,
    origin: Name,
    audience: Name.optional(),
    campaign: Name,
    message_id: Id,
  }),
  /** Does the message itself show a way to stop everything? */
  all_option_shown: z.boolean(),
  legal_basis: LegalBasis.optional(),
});
export type LinkRequest = z.infer<typeof LinkRequest>;

export const LinkAnswer = z.object({
  url: z.string(),
  headers: z.object({
    'List-Unsubscribe': z.string(),
    'List-Unsubscribe-Post': z.string(),
    'List-Id': z.string(),
  }),
});
export type LinkAnswer = z.infer<typeof LinkAnswer>;
