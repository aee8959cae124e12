import { z } from 'zod';
import { DecisionType } from './decisions.js';
import { Cap } from './events.js';
import { Channel, Effect, Id, Name } from './vocabulary.js';

/** The message about to be sent. */
export const MessageRef = z.strictObject({
  channel: Channel,
  category: Name,
  origin: Name,
  audience: Name.optional(),
  campaign: Name.optional(),
  message_type: Name.optional(),
  message_id: Id.optional(),
});
export type MessageRef = z.infer<typeof MessageRef>;

/** Body of `POST /v1/permissions/check`. */
export const PermissionCheck = z.strictObject({
  message: MessageRef,
  subscribers: z.array(Id).min(1).max(100_000),
});
export type PermissionCheck = z.infer<typeof PermissionCheck>;

export const permissionReasons = [
  'opt_in',
  'opt_out',
  'pause',
  'hold',
  'regime_opt_in',
  'regime_opt_out',
  'pending',
  'engine_away',
  'paused_by_operator',
] as const;

/** May this message go to this subscriber now, and which statement or regime says so. */
export const PermissionAnswer = z.object({
  subscriber: z.string(),
  allowed: z.boolean(),
  reason: z.enum(permissionReasons),
  statement_id: z.string().optional(),
  cap: Cap.optional(),
});
export type PermissionAnswer = z.infer<typeof PermissionAnswer>;

/** One line of the permission ledger, as the API shows it. */
export const StatementView = z.object({
  id: z.string(),
  binds: z.enum(['person', 'identifier']),
  selector: z.string(),
  effect: Effect,
  order_at: z.string(),
  strength: z.enum(['plain', 'strong']),
  expires_at: z.string().nullable(),
  basis: z.string(),
  evidence: z.string(),
  decision: z.string(),
  live: z.boolean(),
});
export type StatementView = z.infer<typeof StatementView>;

export const StreamPermission = z.object({
  stream: z.string(),
  title: z.string(),
  channel: Channel,
  category: z.string(),
  origin: z.string(),
  class: z.string(),
  allowed: z.boolean(),
  reason: z.enum(permissionReasons),
  statement_id: z.string().optional(),
  cap: Cap.optional(),
});
export type StreamPermission = z.infer<typeof StreamPermission>;

/** `GET /v1/permissions/:subscriber`. */
export const SubscriberPermissions = z.object({
  subscriber: z.string(),
  person: z.string(),
  streams: z.array(StreamPermission),
  statements: z.array(StatementView),
});
export type SubscriberPermissions = z.infer<typeof SubscriberPermissions>;

/** One decision as the change feed tells it: enough to bring a copy of the permissions up to date. */
export const PermissionChange = z.object({
  /** Place in the feed; rises. */
  seq: z.string(),
  decision: z.string(),
  /** The sender's own id; null when nobody is known behind the address, or the person was erased. */
  subscriber: z.string().nullable(),
  person: z.string().nullable(),
  type: DecisionType,
  channel: Channel,
  effective: z.array(z.string()),
  streams_stopped: z.array(z.string()),
  streams_kept: z.array(z.string()),
  /** The lines that the decision wrote; `subject` is a person's id or an identifier's hash. */
  statements: z.array(
    z.object({
      id: z.string(),
      subject: z.string(),
      binds: z.enum(['person', 'identifier']),
      selector: z.string(),
      effect: Effect,
      order_at: z.string(),
      expires_at: z.string().nullable(),
    }),
  ),
  /** Decisions that this one takes back. */
  voids: z.array(z.string()),
  occurred_at: z.string(),
  received_at: z.string(),
  decided_at: z.string(),
});
export type PermissionChange = z.infer<typeof PermissionChange>;

/** `GET /v1/permissions/changes`. `next` is the `since` of the next call: the same again while nothing is new. */
export const PermissionChanges = z.object({ changes: z.array(PermissionChange), next: z.string() });
export type PermissionChanges = z.infer<typeof PermissionChanges>;

export const suppressingEffects = ['opt_out', 'pause', 'hold'] as const satisfies readonly Effect[];

/**
 * One line of `GET /v1/suppressions`: a statement that stands, and a person whom it keeps from being mailed. A statement
 * that binds an address has one line for each person who has it, and one without a person when nobody is known to.
 */
export const Suppression = z.object({
  /** The person's id, or the hash of the identifier. */
  subject: z.string(),
  binds: z.enum(['person', 'identifier']),
  person: z.string().nullable(),
  /** The sender's own id of the person. */
  subscriber: z.string().nullable(),
  selector: z.string(),
  effect: z.enum(suppressingEffects),
  since: z.string(),
  strength: z.enum(['plain', 'strong']),
  basis: z.string(),
  statement_id: z.string(),
  expires_at: z.string().nullable(),
  /** Only with `addresses=clear`: the address that is bound, both for a statement that binds the person. */
  email: z.string().nullable().optional(),
  phone: z.string().nullable().optional(),
});
export type Suppression = z.infer<typeof Suppression>;
