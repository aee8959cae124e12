import { z } from 'zod';
import { Condition } from './conditions.js';
import { Cap } from './events.js';
import { Selector } from './selectors.js';
import { Name, wellFormed } from './vocabulary.js';

/**
 * What a rule stops beside what was asked and what the floor demands, where the person left the reach open.
 * - stream: nothing more than the stream of the message
 * - category: everything of its category, on every channel
 * - channel: all advertising on the channel of the request
 * - origin, brand, audience: everything from that system, of that brand, or aimed at that audience
 * - all_marketing: all advertising, on every channel
 * - selectors: as they are named
 */
export const RuleScope = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['stream', 'category', 'channel', 'origin', 'brand', 'audience', 'all_marketing']),
  }),
  z.strictObject({ kind: z.literal('selectors'), selectors: z.array(Selector).min(1).max(20) }),
]);
export type RuleScope = z.infer<typeof RuleScope>;

/** What the page offers once the opt-out is made: never in its place (INV-GD-4). */
export const RuleOffers = z.strictObject({
  /** Days of a pause; an empty list offers none. */
  pause: z.array(z.int().min(1).max(365)).max(3).optional(),
  cap: Cap.optional(),
});
export type RuleOffers = z.infer<typeof RuleOffers>;

export const RuleId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, 'may contain small letters, digits, dash and underscore');

export const Rule = z.strictObject({
  id: RuleId,
  name: Name.refine(...wellFormed),
  /** The lowest is looked at first. Two rules of one priority that can both match are a conflict. */
  priority: z.int().min(0).max(10_000),
  enabled: z.boolean().default(true),
  when: Condition,
  // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
  then: z.strictObject({
    scope: RuleScope.default({ kind: 'stream' }),
    offers: RuleOffers.optional(),
    /** Stands in the decision, to tell decisions apart in analytics. */
    tag: Name.refine(...wellFormed).optional(),
  }),
});
export type Rule = z.infer<typeof Rule>;

export const mostRules = 200;

/** Body of `POST /v1/rulesets`: a draft. */
export const RulesetDraft = z.strictObject({
  rules: z.array(Rule).max(mostRules),
  note: z
    .string()
    .max(500)
    .refine(...wellFormed)
    .default(''),
  /** The version that it was edited from. */
  based_on: z.uuid().optional(),
});
export type RulesetDraft = z.infer<typeof RulesetDraft>;

export const rulesetEvents = [
  'created',
  'checked',
  'backtested',
  'approved',
  'published',
  'superseded',
  'rolled_back',
  'discarded',
] as const;

/** What became of a version: who, when, why. */
export const RulesetEvent = z.object({
  event: z.enum(rulesetEvents),
  at: z.string(),
  by: z.string(),
  why: z.string(),
  /** Of `published`: the share of people, in percent. */
  percent: z.int().optional(),
  /**
   * The other version that it concerns. Of `published`: the one whose place it took; of `superseded`: the one that took its
   * place; of `rolled_back`: the one that decides again.
   */
  other: z.uuid().optional(),
});
export type RulesetEvent = z.infer<typeof RulesetEvent>;

export const rulesetStates = [
  'draft',
  'checked',
  'approved',
  'rollout',
  'published',
  'superseded',
  'rolled_back',
  'discarded',
] as const;
export const RulesetState = z.enum(rulesetStates);
export type RulesetState = z.infer<typeof RulesetState>;

/** How often rules of a version threw since the process that answers was started. */
export const RuleFailureCount = z.object({
  count: z.int(),
  /** The last one: `reason` is the name of the error. */
  last: z.object({ rule: z.string(), reason: z.string(), at: z.string() }),
});
export type RuleFailureCount = z.infer<typeof RuleFailureCount>;

/** One version, immutable but for its events. */
export const Ruleset = z.object({
  id: z.string(),
  /** Counts up with each version. */
  number: z.int(),
  state: RulesetState,
  /** While it is rolled out: the share of people whose requests it decides, in percent. */
  percent: z.int().nullable(),
  rules: z.array(Rule),
  /** Each rule's condition in one readable line, by id. */
  texts: z.record(z.string(), z.string()),
  note: z.string(),
  based_on: z.string().nullable(),
  created_at: z.string(),
  created_by: z.string(),
  events: z.array(RulesetEvent),
  /** null: none. */
  failures: RuleFailureCount.nullable(),
});
export type Ruleset = z.infer<typeof Ruleset>;

/** Body of approve, roll back and discard. */
export const RulesetReason = z.strictObject({
  why: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .refine(...wellFormed),
});
export type RulesetReason = z.infer<typeof RulesetReason>;

/** Body of `POST /v1/rulesets/:id/publish`. Below 100 it is rolled out beside the version in force. */
export const RulesetPublication = RulesetReason.extend({ percent: z.int().min(1).max(100).default(100) });
export type RulesetPublication = z.infer<typeof RulesetPublication>;

/** Settings of the life cycle, `PUT /v1/rulesets/settings`. */
export const RuleSettings = z.strictObject({
  /** Whoever approves must be another than whoever made the draft. */
  two_person: z.boolean(),
});
export type RuleSettings = z.infer<typeof RuleSettings>;

export const findingKinds = [
  'unsatisfiable',
  /** It asks, and the answer is always yes. A rule without a condition says so itself and is none of these. */
  'always_true',
  'covered',
  'duplicate',
  'conflict',
  'gap',
  'essential',
  'touches_choice',
  'widens_only',
  'unsafe',
  /** The search was given up before its end. */
  'untold',
] as const;

/** One thing that is wrong with a set of rules. An error keeps it from being approved. */
export const Finding = z.object({
  kind: z.enum(findingKinds),
  severity: z.enum(['error', 'warning']),
  /** Ids: the one at fault first. */
  rules: z.array(z.string()),
  detail: z.string(),
  /** Facts under which it shows, by field; null where none can be named. */
  example: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]))
    .nullable(),
});
export type Finding = z.infer<typeof Finding>;

/** What `POST /v1/rulesets/:id/check` answers. */
export const CheckReport = z.object({
  /** No errors: it may be approved. */
  passed: z.boolean(),
  findings: z.array(Finding),
  /** How many cells of trigger × channel × jurisdiction × class × asked × rule the safety proof went through. */
  cells: z.int(),
  milliseconds: z.int(),
});
export type CheckReport = z.infer<typeof CheckReport>;
