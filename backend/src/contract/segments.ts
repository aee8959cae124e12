import { z } from 'zod';
import { AttributeDefinition } from './condition-fields.js';
import { Condition } from './conditions.js';
import { Id, wellFormed } from './vocabulary.js';

/** Addresses under /v1/segments that are no segments. */
const taken: readonly string[] = ['attributes', 'fields', 'lag', 'preview'];

/** Built-in segments have a colon in their names, defined ones never. */
export const SegmentKey = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'may contain letters, digits, dot, underscore and dash')
  .refine((key) => !taken.includes(key), 'is the address of something else');

/** Body of `PUT /v1/segments/:key`. The condition is checked against the catalogue of `GET /v1/segments/fields`. */
export const SegmentDefinition = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine(...wellFormed),
  description: z
    .string()
    .max(2000)
    .refine(...wellFormed)
    .optional(),
  condition: Condition,
  /** Why it was made or changed. */
  why: z
    .string()
    .max(2000)
    .refine(...wellFormed)
    .optional(),
});
export type SegmentDefinition = z.infer<typeof SegmentDefinition>;

/** Body of `PUT /v1/segments/attributes`: all that are declared. What profiles hold and nobody declared can be asked, too. */
export const SubscriberAttributes = z.strictObject({ attributes: z.array(AttributeDefinition).max(500) });
export type SubscriberAttributes = z.infer<typeof SubscriberAttributes>;

export const SegmentState = z.enum(['active', 'archived']);
export type SegmentState = z.infer<typeof SegmentState>;

export const SegmentVersion = z.object({
  key: SegmentKey,
  version: z.int(),
  name: z.string(),
  description: z.string(),
  condition: Condition,
  /** The condition as one line for people to read. */
  reads: z.string(),
  state: SegmentState,
  why: z.string(),
  changed_at: z.iso.datetime(),
  changed_by: z.string(),
});
export type SegmentVersion = z.infer<typeof SegmentVersion>;

export const Segment = SegmentVersion.extend({
  /** People in it now; null while the engine is away. */
  size: z.int().nullable(),
  /** Its people are being looked for, after a change of its definition. */
  filling: z.boolean(),
});
export type Segment = z.infer<typeof Segment>;

/** Body of `POST /v1/segments/preview`. */
export const SegmentPreviewRequest = z.strictObject({ condition: Condition });

export const SegmentPreview = z.object({
  count: z.int(),
  /** Of all people; null where there is nobody. */
  share: z.number().min(0).max(1).nullable(),
  reads: z.string(),
  /** Up to 20 subscribers who are in it; only for callers who may see people. */
  sample: z.array(Id).optional(),
  /** Milliseconds that the engine took. */
  sql_ms: z.number(),
  as_of: z.iso.datetime(),
});
export type SegmentPreview = z.infer<typeof SegmentPreview>;

/** What made somebody enter or leave a segment. */
export const MembershipCause = z.enum(['decision', 'profile', 'event', 'sweep', 'definition']);
export type MembershipCause = z.infer<typeof MembershipCause>;

export const Membership = z.object({
  segment: SegmentKey,
  name: z.string(),
  /** The version of the definition that found them in. */
  version: z.int(),
  since: z.iso.datetime(),
  why: z.object({
    cause: MembershipCause,
    /** Decision, event, version of the profile or of the segment, or run of the sweep. */
    id: z.string(),
  }),
});
export type Membership = z.infer<typeof Membership>;

export const SubscriberSegments = z.object({
  subscriber: Id,
  /** A request of theirs waits for the engine, and may change this. */
  pending: z.boolean(),
  segments: z.array(Membership),
  /** `country:DE`, `plan:free`, `engagement:active`: of this moment, by definition. */
  built_in: z.array(z.string()),
});
export type SubscriberSegments = z.infer<typeof SubscriberSegments>;

export const SegmentMembers = z.object({
  members: z.array(z.object({ subscriber: Id, since: z.iso.datetime() })),
  /** `after` of the next page; absent on the last one. */
  next: z.string().optional(),
});
export type SegmentMembers = z.infer<typeof SegmentMembers>;

export const SegmentSizes = z.object({
  segment: SegmentKey,
  interval: z.enum(['hour', 'day']),
  /** By the start of each bucket, in UTC; `size` is that at its end. */
  buckets: z.array(z.object({ start: z.iso.datetime(), size: z.int(), entered: z.int(), left: z.int() })),
});
export type SegmentSizes = z.infer<typeof SegmentSizes>;

/** Milliseconds from what happened to the edge in the ledger, of the last 24 hours. */
export const MembershipLag = z.object({
  since: z.iso.datetime(),
  causes: z.array(
    z.object({ cause: MembershipCause, edges: z.int(), p50_ms: z.number(), p99_ms: z.number() }),
  ),
});
export type MembershipLag = z.infer<typeof MembershipLag>;
