import { z } from 'zod';
import { Rate } from './analytics.js';

/** A difference, new minus old, with its 95 % interval for one look; nulls where an arm has nobody. */
export const ArmDifference = z.object({
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
});
export type ArmDifference = z.infer<typeof ArmDifference>;

/** A mean with its 95 % interval; the interval is null below two people. */
export const ArmMean = z.object({
  n: z.int(),
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
});
export type ArmMean = z.infer<typeof ArmMean>;

/** What became of those whose first opt-out or complaint in the rollout this arm decided. */
export const RolloutArm = z.object({
  /** The versions that decided for it: several in the old arm where another was put in force meanwhile. */
  rulesets: z.array(z.string()),
  people: z.int(),
  decisions: z.int(),
  streams_stopped: z.int(),
  streams_kept: z.int(),
  /** People whose 30 days are over: the denominator of the two rates below. */
  followed_people: z.int(),
  /** People who left or complained again within 30 days, and stopped something. */
  repeat_rate: Rate,
  /** People who complained after their first decision, within 30 days. */
  complaint_rate: Rate,
  /** Streams that a person's first decision kept. */
  kept_per_person: ArmMean,
  /** The same of everybody, though their 30 days may not be over: what the guard looks at. */
  repeats_so_far: Rate,
  complaints_so_far: Rate,
});
export type RolloutArm = z.infer<typeof RolloutArm>;

/**
 * - too_few: an arm has fewer people than the guard wants
 * - worse: complaints of the new arm are higher by more than the margin, however often one looked
 * - not_worse: they are not higher by more than the margin
 * - open: neither is certain yet
 */
export const rolloutVerdicts = ['too_few', 'worse', 'not_worse', 'open'] as const;
export const RolloutVerdict = z.enum(rolloutVerdicts);
export type RolloutVerdict = z.infer<typeof RolloutVerdict>;

/** What the guard sees: the difference of complaints so far, new minus old, in bounds that hold at every look. */
export const GuardView = z.object({
  verdict: RolloutVerdict,
  difference: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  margin: z.number(),
  min_people: z.int(),
  alpha: z.number(),
});
export type GuardView = z.infer<typeof GuardView>;

/** Settings of the guard, `PUT /v1/rollouts/guard`. */
export const GuardSettings = z.strictObject({
  /** By how much the new arm's share of people who complain may exceed the old arm's: 0.002 are 0.2 percentage points. */
  margin: z.number().min(0).max(0.1),
  /** People that each arm must have before the guard judges. */
  min_people: z.int().min(50).max(1_000_000),
});
export type GuardSettings = z.infer<typeof GuardSettings>;

/** How a rollout ended; `running` while it has not. */
export const rolloutEnds = ['running', 'share_changed', 'published', 'rolled_back'] as const;

/** One version at one share of people, from its publication to what ended that. Another share is another rollout. */
export const Rollout = z.object({
  ruleset: z.string(),
  number: z.int(),
  percent: z.int(),
  from: z.string(),
  /** null while it runs. */
  to: z.string().nullable(),
  end: z.enum(rolloutEnds),
  /** Who ended it: `guard`, or the id of a user or key; null while it runs. */
  ended_by: z.string().nullable(),
  /** Arms are drawn by a keyed hash of the person, so differences are effects of the rules. */
  design: z.literal('randomised'),
  as_of: z.string(),
  query: z.string(),
  new_arm: RolloutArm,
  old_arm: RolloutArm,
  differences: z.object({
    repeat_rate: ArmDifference,
    complaint_rate: ArmDifference,
    kept_per_person: ArmDifference,
    repeats_so_far: ArmDifference,
    complaints_so_far: ArmDifference,
  }),
  guard: GuardView,
});
export type Rollout = z.infer<typeof Rollout>;

/** `GET /v1/rollouts` and `GET /v1/rollouts/:ruleset`: the newest first. */
export const Rollouts = z.object({ rollouts: z.array(Rollout) });
export type Rollouts = z.infer<typeof Rollouts>;
