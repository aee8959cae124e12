import { z } from 'zod';
import { Rollout } from './rollouts.js';
import { Trigger } from './vocabulary.js';

/** Body of `POST /v1/backtests`. */
export const BacktestRequest = z.strictObject({
  ruleset: z.uuid(),
  /** Days of the past that are replayed, up to now. */
  days: z.int().min(1).max(730).default(90),
});
export type BacktestRequest = z.infer<typeof BacktestRequest>;

/** A share with a 95 % interval; nulls where there is nothing to divide by. */
export const Share = z.object({
  n: z.int(),
  of: z.int(),
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
});
export type Share = z.infer<typeof Share>;

/** Streams that went on after a decision, and what became of them within 30 days. */
export const Followed = z.object({
  /** Decisions of which at least one stream in question went on, and whose 30 days are over. */
  decisions: z.int(),
  /** Of the streams that went on: those that the same person ended within 30 days. The interval counts decisions, not streams. */
  ended: Share,
  /** Of the decisions: those that the same person followed by another opt-out or complaint, of whatever stream. */
  repeated: Share,
  /** … by a complaint. */
  complained: Share,
});
export type Followed = z.infer<typeof Followed>;

export const BacktestCell = z.object({
  /** null: all. */
  segment: z.string().nullable(),
  stream: z.string().nullable(),
  trigger: Trigger.nullable(),
  /** Decisions that could be replayed, and those of them that change. */
  decisions: z.int(),
  changed: z.int(),
  /** Streams stopped then, and by the version that is tested. */
  stopped: z.int(),
  would_stop: z.int(),
  /** Streams that it would stop beside, and that it would leave. */
  also: z.int(),
  spared: z.int(),
  /** Streams that went on and that it would stop: what became of them. */
  would_end: Followed,
  /** Streams that went on and that it would leave. */
  stays: Followed,
});
export type BacktestCell = z.infer<typeof BacktestCell>;

export const backtestVerdicts = ['ended_more', 'ended_less', 'no_difference', 'not_enough'] as const;

/**
 * Were the streams that this version would stop beside ended more often by the people themselves than those it leaves?
 * `difference` is the one share less the other, with a 95 % interval.
 */
export const BacktestVerdict = z.object({
  verdict: z.enum(backtestVerdicts),
  difference: z.object({
    value: z.number().nullable(),
    lower: z.number().nullable(),
    upper: z.number().nullable(),
  }),
  /** The past was decided by other rules and nobody was drawn by lot: other differences may be the reason. */
  design: z.literal('observational'),
  detail: z.string(),
});
export type BacktestVerdict = z.infer<typeof BacktestVerdict>;

/** A decision that changes. `GET /v1/backtests/:id/decisions/:decision` opens it. */
export const BacktestSample = z.object({
  decision: z.string(),
  occurred_at: z.string(),
  trigger: Trigger.nullable(),
  stream: z.string(),
  rule_then: z.string(),
  rule: z.string(),
  also: z.array(z.string()),
  spared: z.array(z.string()),
});
export type BacktestSample = z.infer<typeof BacktestSample>;

export const BacktestReport = z.object({
  /** Opt-outs and complaints of the window. */
  decisions: z.object({
    all: z.int(),
    /** The person chose: rules are not asked. */
    chosen: z.int(),
    replayed: z.int(),
    not_evaluable: z.object({
      /** Made before facts were recorded. */
      unrecorded: z.int(),
      /** A rule that comes into question asks for what is not recorded: permissions, or a segment that was defined or changed later. */
      unknown: z.int(),
    }),
    changed: z.int(),
  }),
  total: BacktestCell,
  /** By segment × stream × trigger, the largest changes first. */
  cells: z.array(BacktestCell),
  cells_left_out: z.int(),
  verdict: BacktestVerdict,
  /**
   * Where rules were drawn by lot: rollouts of which any part lies in the window, each as a whole, as of the end of the
   * window. Their arms are compared, named by the versions that decided: of the version that is tested they tell only
   * where it is one of these.
   */
  rollouts: z.array(Rollout.omit({ guard: true })),
  /** Streams that went on and whose 30 days are not over: not counted. */
  still_followed: z.int(),
  samples: z.array(BacktestSample),
  /** Samples that were decided again one by one, and those that came out differently: must be 0. */
  checked: z.object({ decisions: z.int(), differ: z.int() }),
});
export type BacktestReport = z.infer<typeof BacktestReport>;

export const backtestStates = ['waiting', 'running', 'done', 'cancelled', 'failed'] as const;

export const Backtest = z.object({
  id: z.string(),
  ruleset: z.string(),
  state: z.enum(backtestStates),
  /** From 0 to 1. */
  progress: z.number(),
  from: z.string(),
  to: z.string(),
  started_at: z.string(),
  started_by: z.string(),
  ms: z.int(),
  error: z.string(),
  /** null until it is done, and in lists. */
  report: BacktestReport.nullable(),
});
export type Backtest = z.infer<typeof Backtest>;

/** One decision, as it was made and as the version that is tested would make it. */
export const BacktestedDecision = z.object({
  decision: z.string(),
  /** null: it cannot be told. */
  would: z
    .object({
      rule: z.string(),
      trace: z.array(z.object({ rule: z.string(), matched: z.boolean(), detail: z.string() })),
      effective: z.array(z.string()),
      streams_stopped: z.array(z.string()),
      streams_kept: z.array(z.string()),
    })
    .nullable(),
  did: z.object({
    ruleset: z.string(),
    rule: z.string(),
    streams_stopped: z.array(z.string()),
    streams_kept: z.array(z.string()),
  }),
  also: z.array(z.string()),
  spared: z.array(z.string()),
});
export type BacktestedDecision = z.infer<typeof BacktestedDecision>;
