import { z } from 'zod';
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
  'unknown_subscriber',
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
