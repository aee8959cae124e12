import { z } from 'zod';
import { ConditionOperator } from './condition-fields.js';
import { RuleOffers } from './rules.js';
import { Asked } from './selectors.js';
import { Channel, Trigger } from './vocabulary.js';

/** What a decision answers: the event types that change permissions, and `undone` (an undo within ten minutes). */
export const decisionTypes = [
  'opted_out',
  'opted_in',
  'complained',
  'bounced',
  'paused',
  'capped',
  'erased',
  'consent_expired',
  'undone',
] as const;
export const DecisionType = z.enum(decisionTypes);
export type DecisionType = z.infer<typeof DecisionType>;

/** A row of the floor table that applied, and the selectors it demands. */
export const FloorRowView = z.object({
  row: z.int(),
  /** One sentence in plain English: why this row applies. */
  why: z.string(),
  scope: z.string(),
  selectors: z.array(z.string()),
  source: z.string(),
});
export type FloorRowView = z.infer<typeof FloorRowView>;

/** One step of the trace: a rule that was looked at. */
export const TraceStep = z.object({
  rule: z.string(),
  matched: z.boolean(),
  detail: z.string(),
  /** It threw: the name of the error. */
  failed: z.string().optional(),
});
export type TraceStep = z.infer<typeof TraceStep>;

/** What one leaf of a rule's condition found. `path` as in the condition; `fact` as JSON holds it, null for missing. */
export const LeafFinding = z.object({
  path: z.string(),
  field: z.string(),
  operator: ConditionOperator,
  fact: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
  held: z.boolean(),
});
export type LeafFinding = z.infer<typeof LeafFinding>;

/** `GET /v1/decisions/:id/trace`: every rule of the version that decided, in the order in which they were looked at. */
export const DecisionTrace = z.object({
  decision: z.string(),
  ruleset: z.string(),
  rules: z.array(
    TraceStep.extend({
      name: z.string(),
      /** Its condition in one line; '' where it cannot be read any more. */
      text: z.string(),
      /** null: not recorded, or what is recorded does not come to what was found then. */
      leaves: z.array(LeafFinding).nullable(),
    }),
  ),
});
export type DecisionTrace = z.infer<typeof DecisionTrace>;

/** The record of one request: what was asked, what the floor demanded, what stopped and what goes on. */
export const DecisionView = z.object({
  id: z.string(),
  seq: z.string(),
  type: DecisionType,
  trigger: Trigger.nullable(),
  channel: Channel,
  stream: z.string(),
  subscriber: z.string().nullable(),
  person: z.string().nullable(),
  asked: Asked,
  effective: z.array(z.string()),
  rule: z.string(),
  ruleset: z.string(),
  /** The arm of a rollout that decided; '' while nothing was rolled out. */
  rollout: z.enum(['', 'new', 'old']),
  /** Of the rule; '' where it has none. */
  tag: z.string(),
  /** What the rule offers once the opt-out is made; null: the usual. */
  offers: RuleOffers.nullable(),
  floor: z.array(FloorRowView),
  trace: z.array(TraceStep),
  widened_for: z.array(z.string()),
  flags: z.array(z.string()),
  streams_stopped: z.array(z.string()),
  streams_kept: z.array(z.string()),
  /** Streams a channel-wide opt-out would have closed, minus streams closed. */
  kept_by_scoping: z.int(),
  unsolicited: z.boolean(),
  attributed: z
    .object({
      message_id: z.string(),
      campaign: z.string(),
      delivered_at: z.string(),
      segments: z.array(z.string()),
    })
    .nullable(),
  campaign: z.string(),
  reason: z.string(),
  facts: z.record(z.string(), z.unknown()),
  occurred_at: z.string(),
  received_at: z.string(),
  voided: z.boolean(),
});
export type DecisionView = z.infer<typeof DecisionView>;

/** What the live feed lists. */
export const DecisionSummary = DecisionView.pick({
  id: true,
  seq: true,
  type: true,
  trigger: true,
  channel: true,
  stream: true,
  campaign: true,
  reason: true,
  effective: true,
  widened_for: true,
  streams_stopped: true,
  streams_kept: true,
  kept_by_scoping: true,
  occurred_at: true,
  received_at: true,
}).extend({ segments: z.array(z.string()) });
export type DecisionSummary = z.infer<typeof DecisionSummary>;

export const DecisionPage = z.object({ decisions: z.array(DecisionSummary), next: z.string().nullable() });
export type DecisionPage = z.infer<typeof DecisionPage>;
