import { z } from 'zod';
import { Id, Jurisdiction } from './vocabulary.js';

const attributeValue = z.union([z.string().max(1024), z.number(), z.boolean(), z.null()]);

/** One line of `POST /v1/subscribers`: fields that are absent stay as they are. */
export const SubscriberProfile = z.strictObject({
  id: Id,
  email: z.email().max(320).nullable().optional(),
  /** E.164, for example +4915112345678. */
  phone: z
    .string()
    .regex(/^\+[1-9][0-9]{5,14}$/, 'must be E.164, for example +4915112345678')
    .nullable()
    .optional(),
  push_token: z.string().min(1).max(4096).nullable().optional(),
  jurisdiction: Jurisdiction.nullable().optional(),
  attributes: z.record(z.string().min(1).max(64), attributeValue).optional(),
});
export type SubscriberProfile = z.infer<typeof SubscriberProfile>;
