import { z } from 'zod';
import { Scope } from '../contract/auth.js';
import { Name } from '../contract/vocabulary.js';

/** Body of `POST /v1/keys`. */
export const KeyDefinition = z.strictObject({ name: Name, scopes: z.array(Scope).min(1).max(20) });
export type KeyDefinition = z.infer<typeof KeyDefinition>;

export const KeyView = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  created_at: z.string(),
  revoked: z.boolean(),
});
export type KeyView = z.infer<typeof KeyView>;

/** The answer to `POST /v1/keys`: the only place where the key itself stands. */
export const CreatedKey = KeyView.extend({ key: z.string() });
export type CreatedKey = z.infer<typeof CreatedKey>;
