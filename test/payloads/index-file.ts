import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What INDEX.json says a payload is in our words. A field that is absent is not said. */
const Expected = z.looseObject({
  channel: z.string().optional(),
  trigger: z.string().optional(),
  subscriber: z.string().nullish(),
  campaign: z.string().nullish(),
  stream: z.string().nullish(),
  occurred_at: z.string().nullish(),
  message_id: z.string().nullish(),
  scope_hint: z.string().optional(),
  provider_event_id: z.string().nullish(),
  tags: z.array(z.string()).optional(),
  /** How many events reach the intake; a sentence for a repeat. */
  emits: z.union([z.int(), z.string()]).optional(),
  opt_out_events: z.int().optional(),
  events: z
    .array(z.looseObject({ subscriber: z.string().optional(), trigger: z.string().optional() }))
    .optional(),
  subscribers: z.array(z.string()).optional(),
  unwraps_to: z.string().optional(),
  same_as: z.string().optional(),
  verify: z.string().optional(),
  signature: z.string().optional(),
  http_status: z.union([z.int(), z.string()]).optional(),
});
export type Expected = z.infer<typeof Expected>;

const Entry = z.object({
  path: z.string(),
  provider: z.string(),
  event: z.string(),
  expect: Expected,
  note: z.string().optional(),
});
export type Entry = z.infer<typeof Entry>;

/** The fields of a normalised event that are compared; `reason` is prose. */
export const compared = [
  'channel',
  'trigger',
  'subscriber',
  'campaign',
  'stream',
  'occurred_at',
  'message_id',
  'scope_hint',
  'provider_event_id',
  'tags',
] as const;

export function readIndex(directory: string): Entry[] {
  return z.array(Entry).parse(JSON.parse(readFileSync(join(directory, 'INDEX.json'), 'utf8')));
}
