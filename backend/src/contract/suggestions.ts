import { z } from 'zod';
import { Share } from './backtests.js';
import { ArmDifference, ArmMean } from './rollouts.js';
import { Rule, RuleId, RulesetDraft } from './rules.js';

/**
 * - narrower: the stream alone stops, where the rule that decides stops more
 * - wider: the whole category stops, where the stream alone does and people have to say it again
 * - offer_pause, offer_cap: what the page offers once the opt-out is made
 * - threshold: a number of a rule in force moves by a step
 */
export const suggestionKinds = ['narrower', 'wider', 'offer_pause', 'offer_cap', 'threshold'] as const;

const Estimate = z.object({ mean: z.number(), lower: z.number(), upper: z.number() });

/** What the log says of the decisions that the edit would decide. All of it is association unless `experiment` says more. */
export const SuggestionEvidence = z.object({
  from: z.string(),
  to: z.string(),
  /** Decisions of the window that rules were open to, without those of people who object to profiling. */
  decisions: z.int(),
  /** Those of them that the edit would decide. */
  affected: z.int(),
  /** Streams that would go on beside what the rules in force leave, over all decisions; negative: that would stop beside. */
  streams_kept: z.int(),
  /** Of the affected: people who ended something else, or complained, within 30 days of it. */
  repeated: Share,
  complained: Share,
  /** The same of all other decisions. */
  others: z.object({ repeated: Share, complained: Share }),
  /** Affected less others. */
  difference: z.object({ repeated: ArmDifference, complained: ArmDifference }),
  /** Of offers: how often people of the segment and stream (or, of too few, everybody) took one when they were shown it. */
  taken: Share.nullable(),
});
export type SuggestionEvidence = z.infer<typeof SuggestionEvidence>;

/** A rollout that drew by lot who is decided by such a rule: its differences are effects, new minus old. */
export const SuggestionExperiment = z.object({
  ruleset: z.string(),
  number: z.int(),
  from: z.string(),
  to: z.string().nullable(),
  people: z.object({ new: z.int(), old: z.int() }),
  repeat_rate: ArmDifference,
  complaint_rate: ArmDifference,
  kept_per_person: ArmDifference,
  arms: z.object({ new: ArmMean, old: ArmMean }),
});
export type SuggestionExperiment = z.infer<typeof SuggestionExperiment>;

export const Suggestion = z.object({
  /** The same edit for the same segment and stream has the same id. */
  id: z.string(),
  kind: z.enum(suggestionKinds),
  title: z.string(),
  /** Why it is suggested, and what is not known of it. */
  detail: z.string(),
  /** null: of every segment or stream that the rule is for. */
  segment: z.string().nullable(),
  segment_title: z.string(),
  stream: z.string().nullable(),
  stream_title: z.string(),
  /** Of the segment on the stream, by the latest scoring. */
  risk: z.object({ subscriptions: z.int(), risk_30d: Estimate, expected_30d: z.number() }),
  /** The rule as it would be; `replaces` names the one in force that it takes the place of, null where it is new. */
  rule: Rule,
  replaces: RuleId.nullable(),
  /** The rules in force now with this edit, ready for `POST /v1/rulesets`. */
  draft: RulesetDraft,
  claim: z.enum(['association', 'experiment']),
  evidence: SuggestionEvidence,
  experiment: SuggestionExperiment.nullable(),
  /** Streams that would go on in 30 days beside those that go on anyway, as far as the log can say: what it is ranked by. */
  expected_kept_30d: z.number(),
  /** Against other decisions: may_rise where the affected complained more for certain. */
  complaints: z.enum(['not_higher', 'untold', 'may_rise']),
});
export type Suggestion = z.infer<typeof Suggestion>;

/** `GET /v1/churn/suggestions`. */
export const SuggestionsAnswer = z.object({
  /** `not_yet`: none were worked out, or the rules in force have changed since; `none`: there is nothing to suggest. */
  state: z.enum(['told', 'none', 'not_yet']),
  why: z.array(z.string()),
  computed_at: z.string().nullable(),
  model: z.uuid().nullable(),
  /** The version that they edit; null: no rules are published. */
  ruleset: z.uuid().nullable(),
  query: z.string(),
  rows: z.array(Suggestion),
});
export type SuggestionsAnswer = z.infer<typeof SuggestionsAnswer>;
