import { z } from 'zod';
import { Instant, SpellCause, spellCauses } from './vocabulary.js';

/** What figures are cut by. Trigger and reason are the opt-out's, all others the delivery's. */
export const dimensions = [
  'segment',
  'stream',
  'campaign',
  'channel',
  'category',
  'origin',
  'message_type',
  'audience',
  'trigger',
  'reason',
] as const;
export const Dimension = z.enum(dimensions);
export type Dimension = z.infer<typeof Dimension>;

/** A proportion with its 95 % Wilson interval. `value` is null when nothing was delivered. */
export const Rate = z.object({
  numerator: z.int(),
  denominator: z.int(),
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
});
export type Rate = z.infer<typeof Rate>;

export const Interval = z.enum(['hour', 'day', 'week', 'month']);
export type Interval = z.infer<typeof Interval>;
export const WeekStart = z.enum(['monday', 'sunday', 'saturday']);
export type WeekStart = z.infer<typeof WeekStart>;

export const RatesQuery = z.object({
  from: Instant.optional(),
  to: Instant.optional(),
  interval: Interval.optional(),
  /** An IANA name, by default UTC: where days, weeks and months begin. */
  time_zone: z.string().min(1).max(60).optional(),
  week_start: WeekStart.optional(),
});
export type RatesQuery = z.infer<typeof RatesQuery>;

/** One row of the segments table: a value of the dimension, its rates now and before, and its trend. */
export const RateRow = z.object({
  key: z.string(),
  title: z.string(),
  delivered: z.int(),
  opt_out_rate: Rate,
  complaint_rate: Rate,
  previous_opt_out_rate: Rate,
  /** Opt-out rate by bucket, oldest first; null where nothing was delivered. */
  trend: z.array(z.object({ at: z.string(), rate: Rate, finished: z.boolean() })),
  /** Members now, for segments; null for other dimensions. */
  size: z.int().nullable(),
});
export type RateRow = z.infer<typeof RateRow>;

export const RatesAnswer = z.object({
  dimension: Dimension,
  from: z.string(),
  to: z.string(),
  interval: Interval,
  time_zone: z.string(),
  week_start: WeekStart,
  as_of: z.string(),
  query: z.string(),
  rows: z.array(RateRow),
});
export type RatesAnswer = z.infer<typeof RatesAnswer>;

/** `GET /v1/analytics/overview`: the tiles of the Monitor. */
export const Overview = z.object({
  from: z.string(),
  to: z.string(),
  time_zone: z.string(),
  week_start: WeekStart,
  as_of: z.string(),
  query: z.string(),
  reach: z.object({ value: z.int(), subscribers: z.int(), streams: z.int() }),
  delivered: z.int(),
  opt_out_rate: Rate,
  previous_opt_out_rate: Rate,
  complaint_rate: Rate,
  previous_complaint_rate: Rate,
  unsolicited: Rate,
  unattributed_opt_outs: z.int(),
  permissions_kept: z.int(),
  previous_permissions_kept: z.int(),
  /** Milliseconds from receipt to effect; null when nothing was decided in the window. */
  time_to_honour_p99_ms: z.number().nullable(),
  trend: z.array(z.object({ at: z.string(), rate: Rate, opt_outs: z.int(), finished: z.boolean() })),
});
export type Overview = z.infer<typeof Overview>;

/** `GET /v1/analytics/:metric`: `by` may be given twice. */
export const MetricQuery = RatesQuery.extend({
  by: z.union([Dimension, z.array(Dimension).max(2)]).optional(),
  trend: z.enum(['true', 'false']).optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number from 1 to 1000')
    .optional(),
});
export type MetricQuery = z.infer<typeof MetricQuery>;

/** One value of a metric. What does not apply is null: only shares have bounds, of 95 %. */
export const Figure = z.object({
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  /** What it is made of, or what is to be seen beside it: `unattributed`, `p50`, `began`, `ended`. */
  parts: z.record(z.string(), z.number().nullable()),
});
export type Figure = z.infer<typeof Figure>;

/** One cell: a value of each dimension. */
export const MetricRow = z.object({
  keys: z.array(z.string()),
  titles: z.array(z.string()),
  figure: Figure,
  /**
   * Of a share: drawn towards the mean of its siblings (`towards`) as far as its own counts say little. null for what is no
   * share, is not cut, or has too few siblings. The raw figure is `figure`.
   */
  shrunk: z
    .object({ value: z.number(), lower: z.number(), upper: z.number(), towards: z.number() })
    .nullable(),
  /** Of the window before, as long as this one; of reach, at the beginning of this one. */
  previous: Figure,
  /** Oldest first; a bucket without rows is a gap, or 0 where the metric is additive. null unless asked for. */
  trend: z.array(z.object({ at: z.string(), finished: z.boolean(), figure: Figure })).nullable(),
});
export type MetricRow = z.infer<typeof MetricRow>;

export const MetricAnswer = z.object({
  metric: z.string(),
  title: z.string(),
  unit: z.string(),
  definition: z.string(),
  numerator: z.string(),
  denominator: z.string().nullable(),
  additive: z.boolean(),
  attribution_window: z.string(),
  /** What `shrunk` means; null where nothing is shrunk. */
  shrinkage: z.string().nullable(),
  by: z.array(Dimension),
  from: z.string(),
  to: z.string(),
  /** Of the figures to compare with. */
  previous_from: z.string(),
  interval: Interval,
  time_zone: z.string(),
  week_start: WeekStart,
  as_of: z.string(),
  known_at: z.string(),
  query: z.string(),
  /** Cells before the limit. */
  cells: z.int(),
  rows: z.array(MetricRow),
});
export type MetricAnswer = z.infer<typeof MetricAnswer>;

export const UnsolicitedKind = z.enum([
  'complaint',
  'suppression',
  'free_text',
  'agent',
  'regulator',
  'privacy_signal',
  'objection',
  'erasure',
  'late',
]);
export type UnsolicitedKind = z.infer<typeof UnsolicitedKind>;

export const UnsolicitedQuery = z.object({ from: Instant.optional(), to: Instant.optional() });
export type UnsolicitedQuery = z.infer<typeof UnsolicitedQuery>;

/** `GET /v1/analytics/unsolicited`: who left without being invited by a link of the sender, where, and in which way. */
export const UnsolicitedAnswer = z.object({
  from: z.string(),
  to: z.string(),
  as_of: z.string(),
  definition: z.string(),
  query: z.string(),
  rows: z.array(
    z.object({
      /** '' is everybody: those rows come first. */
      segment: z.string(),
      stream: z.string(),
      titles: z.object({ segment: z.string(), stream: z.string() }),
      /** Of all who left there. */
      share: Rate,
      kinds: z.array(z.object({ kind: UnsolicitedKind, count: z.int() })),
      examples: z.array(
        z.object({
          decision: z.string(),
          kind: UnsolicitedKind,
          at: z.string(),
          trigger: z.string(),
          campaign: z.string(),
        }),
      ),
    }),
  ),
});
export type UnsolicitedAnswer = z.infer<typeof UnsolicitedAnswer>;

export const DriverDimension = z.enum(['campaign', 'message_type', 'channel', 'origin', 'frequency']);
export type DriverDimension = z.infer<typeof DriverDimension>;

export const DriversQuery = z.object({ from: Instant.optional(), to: Instant.optional() });
export type DriversQuery = z.infer<typeof DriversQuery>;

export const Driver = z.object({
  /** `last_touch`: an opt-out is the last message's. `dose`: all messages of the seven days before share it. */
  view: z.enum(['last_touch', 'dose']),
  dimension: DriverDimension,
  key: z.string(),
  title: z.string(),
  /** Messages; of them those that there was something to compare with. */
  delivered: z.int(),
  compared: z.int(),
  opt_outs: z.number(),
  /** What others of the same stream and engagement tier would have had with as many messages; null: nothing to compare. */
  expected: z.number().nullable(),
  excess: z.number().nullable(),
  /** Mantel–Haenszel risk ratio to the others, with 95 %. */
  ratio: z.object({ value: z.number(), lower: z.number(), upper: z.number() }).nullable(),
  /** The same, drawn towards the mean of its dimension as far as its own figures say little. */
  shrunk: z.object({ value: z.number(), lower: z.number(), upper: z.number() }).nullable(),
  /** Cochran–Mantel–Haenszel; null where nothing varies. */
  p: z.number().nullable(),
  /** Benjamini–Hochberg over all cells of the answer. */
  q: z.number().nullable(),
});
export type Driver = z.infer<typeof Driver>;

/** `GET /v1/analytics/drivers`: what goes with more or fewer opt-outs than its exposure predicts. Association, not effect. */
export const DriversAnswer = z.object({
  from: z.string(),
  to: z.string(),
  as_of: z.string(),
  claim: z.literal('association'),
  definition: z.object({ last_touch: z.string(), dose: z.string(), strata: z.string(), tests: z.int() }),
  queries: z.array(z.string()),
  /** The greatest excess first. */
  rows: z.array(Driver),
});
export type DriversAnswer = z.infer<typeof DriversAnswer>;

/** `GET /v1/demo`: how far the demo has loaded; `state` is `off` without the demo. */
export const DemoProgress = z.object({
  state: z.enum(['off', 'waiting', 'loading', 'ready', 'failed']),
  loaded: z.int(),
  total: z.int(),
  detail: z.string(),
});
export type DemoProgress = z.infer<typeof DemoProgress>;

/** Why spells end, as retention asks it: one of the causes, the others censored; or all of them. */
export const retentionCauses = ['any', ...spellCauses] as const;
export const RetentionCause = z.enum(retentionCauses);
export type RetentionCause = z.infer<typeof RetentionCause>;

/** A month is 30 days. */
export const RetentionUnit = z.enum(['hour', 'day', 'week', 'month']);
export type RetentionUnit = z.infer<typeof RetentionUnit>;

const oneOrMore = <Item extends z.ZodType>(item: Item) => z.union([item, z.array(item)]);
const Key = z.string().min(1).max(200);

/** Repeated, `stream` and `segment` compare: one curve for each pair of them. */
export const RetentionQuery = z.object({
  stream: oneOrMore(Key).optional(),
  segment: oneOrMore(Key).optional(),
  cause: RetentionCause.optional(),
  as_of: Instant.optional(),
  known_at: Instant.optional(),
  unit: RetentionUnit.optional(),
  /** `whole`: a unit that has begun counts. `exact`: to the millisecond. */
  times: z.enum(['whole', 'exact']).optional(),
  min_at_risk: z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number from 0 to 999999999')
    .optional(),
  /** Censor where the person leaves the segment, in place of following to the end. */
  while_in_segment: z.enum(['true', 'false']).optional(),
  include: oneOrMore(z.enum(['incidence', 'nelson_aalen'])).optional(),
});
export type RetentionQuery = z.infer<typeof RetentionQuery>;

const Estimate = z.object({ value: z.number(), std_error: z.number() });
const Bounded = z.object({
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
});

export const RetentionPoint = z.object({
  t: z.number(),
  at_risk: z.number(),
  events: z.number(),
  censored: z.number(),
  survival: z.number(),
  /** Greenwood; null where nobody is left. */
  std_error: z.number().nullable(),
  /** Log-log band of 95 %; null where the survival is 0 or 1. */
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** Aalen–Johansen: the share that has ended by each cause. */
  incidence: z.record(SpellCause, z.number()).optional(),
  nelson_aalen: Estimate.optional(),
});
export type RetentionPoint = z.infer<typeof RetentionPoint>;

export const RetentionCurve = z.object({
  stream: z.string().nullable(),
  segment: z.string().nullable(),
  title: z.string(),
  /** Spells; with `while_in_segment` the stretches in which one was in the segment. */
  n: z.int(),
  curve: z.array(RetentionPoint),
  /** Where too few were at risk before: all that follows is on condition of having stayed until then. Else null. */
  begins_at: z.number().nullable(),
  /** The first time that is not shown, because fewer than `min_at_risk` were at risk. Else null. */
  cut_off_at: z.number().nullable(),
  /** By when half have left; null: not reached. */
  median: Bounded,
  /** Mean time stayed between `from` and `until`; null where there is no curve. */
  rmst: Estimate.extend({
    lower: z.number(),
    upper: z.number(),
    from: z.number(),
    until: z.number(),
  }).nullable(),
  risk_table: z.array(
    z.object({ t: z.number(), at_risk: z.number(), events: z.number(), censored: z.number() }),
  ),
});
export type RetentionCurve = z.infer<typeof RetentionCurve>;

export const LogRankTest = z.object({
  chi_square: z.number().nullable(),
  degrees: z.int(),
  p: z.number().nullable(),
  /** False where a spell may count in two curves: then p is only a hint. */
  is_disjoint: z.boolean(),
  curves: z.array(z.object({ n: z.int(), observed: z.number(), expected: z.number() })),
  variance: z.array(z.array(z.number())),
});
export type LogRankTest = z.infer<typeof LogRankTest>;

/** `GET /v1/analytics/retention`: the first curve asked for, those it is compared with, and what the figures mean. */
export const RetentionAnswer = RetentionCurve.extend({
  compared: z.array(RetentionCurve),
  /** null for a single curve. */
  log_rank: LogRankTest.nullable(),
  definition: z.object({
    as_of: z.string(),
    known_at: z.string(),
    cause: RetentionCause,
    /** What censors besides the end of observation. */
    censored_by: z.array(z.string()),
    unit: RetentionUnit,
    times: z.enum(['whole', 'exact']),
    /** Zero of the time axis. */
    clock: z.literal('since_spell_began'),
    following: z.enum(['to_the_end', 'while_in_segment']),
    min_at_risk: z.int(),
    level: z.literal(0.95),
    interval: z.literal('log-log'),
  }),
  query: z.string(),
});
export type RetentionAnswer = z.infer<typeof RetentionAnswer>;

export const CohortsQuery = z.object({
  stream: Key.optional(),
  period: z.enum(['day', 'week', 'month']).optional(),
  /** `rolling`: from each person's own beginning. `calendar`: UTC days, weeks from Monday, months. */
  windows: z.enum(['rolling', 'calendar']).optional(),
  periods: z
    .string()
    .regex(/^(?:[1-9]|[1-5]\d|60)$/, 'must be a number from 1 to 60')
    .optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  as_of: Instant.optional(),
  known_at: Instant.optional(),
});
export type CohortsQuery = z.infer<typeof CohortsQuery>;

/** One period after the beginning; 0 is the first. Periods that were over for nobody are left out. */
export const CohortCell = z.object({
  n: z.int(),
  /** People whose period was over at `as_of`: of these the others are counted. */
  eligible: z.int(),
  /** Opened or clicked in exactly this period. */
  on: z.int(),
  /** In it or a later one: may still rise. */
  on_or_after: z.int(),
  /** False where the period was not over for everybody. */
  is_complete: z.boolean(),
});
export type CohortCell = z.infer<typeof CohortCell>;

/** `GET /v1/analytics/cohorts`: who comes back, and when. Staying subscribed is another thing: `retention`. */
export const CohortsAnswer = z.object({
  measure: z.literal('opened_or_clicked'),
  rows: z.array(z.object({ cohort: z.string(), size: z.int(), cells: z.array(CohortCell) })),
  /** All cohorts together. */
  total: z.object({ size: z.int(), cells: z.array(CohortCell) }),
  definition: z.object({
    stream: z.string().nullable(),
    period: z.enum(['day', 'week', 'month']),
    windows: z.enum(['rolling', 'calendar']),
    from: z.string(),
    to: z.string(),
    as_of: z.string(),
    known_at: z.string(),
    time_zone: z.literal('UTC'),
  }),
  query: z.string(),
});
export type CohortsAnswer = z.infer<typeof CohortsAnswer>;

/** `first`: published at the end of the hour. `complete`: seven days later, when only requests that name a message still come. */
export const publicationStages = ['first', 'complete'] as const;
export const PublicationStage = z.enum(publicationStages);
export type PublicationStage = z.infer<typeof PublicationStage>;

export const PublishedQuery = z.object({
  segment: Key.optional(),
  stream: Key.optional(),
  stage: PublicationStage.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  interval: z.enum(['hour', 'day']).optional(),
});
export type PublishedQuery = z.infer<typeof PublishedQuery>;

/** Why a figure of now is another than the published one. */
export const changeReasons = [
  /** Requests made after the publication, which belong to deliveries from before: the attribution window was open. */
  'made_later',
  /** Reports of what had happened before the publication that arrived after it. */
  'arrived_late',
  /** Requests known then that count at another delivery now, because of a delivery that became known later. */
  'counted_anew',
] as const;

const PublishedCounts = z.object({
  delivered: z.int(),
  opt_outs: z.int(),
  complaints: z.int(),
  opt_out_rate: Rate,
  complaint_rate: Rate,
});
const ChangedCounts = z.object({ delivered: z.int(), opt_outs: z.int(), complaints: z.int() });

/** An hour or UTC day of deliveries: what was published of it, what is known of it now, and why that differs. */
export const PublishedRow = z.object({
  at: z.string(),
  /** Hours of it that were published. */
  hours: z.int(),
  /** All of it was published. */
  whole: z.boolean(),
  /** From the first to the last publication of its hours. */
  as_of: z.object({ first: z.string(), last: z.string() }),
  known_at: z.object({ first: z.string(), last: z.string() }),
  published: PublishedCounts,
  now: PublishedCounts,
  difference: ChangedCounts,
  /** Their sum is the difference; a reason that changed nothing is left out. */
  reasons: z.array(ChangedCounts.extend({ reason: z.enum(changeReasons) })),
});
export type PublishedRow = z.infer<typeof PublishedRow>;

/** `GET /v1/analytics/published`. */
export const PublishedAnswer = z.object({
  segment: z.string().nullable(),
  stream: z.string().nullable(),
  title: z.string(),
  stage: PublicationStage,
  from: z.string(),
  to: z.string(),
  interval: z.enum(['hour', 'day']),
  time_zone: z.literal('UTC'),
  /** Of `now`. */
  as_of: z.string(),
  known_at: z.string(),
  query: z.string(),
  rows: z.array(PublishedRow),
});
export type PublishedAnswer = z.infer<typeof PublishedAnswer>;

export const PublishedRetentionQuery = z.object({
  segment: Key.optional(),
  stream: Key.optional(),
  /** The curve that was published last by then; by default the latest. */
  as_of: Instant.optional(),
});
export type PublishedRetentionQuery = z.infer<typeof PublishedRetentionQuery>;

/** `GET /v1/analytics/published_retention`: the curve as published, and what became known since of the time before. */
export const PublishedRetentionAnswer = z.object({
  published: RetentionAnswer,
  /** The same question by what is known now, of the same `as_of`. */
  now: RetentionAnswer,
  difference: z.object({
    n: z.int(),
    events: z.int(),
    /** Where the curves are farthest apart; null where they are equal at each time that both show. */
    survival: z.object({ t: z.number(), published: z.number(), now: z.number() }).nullable(),
    /** All that can differ is what became known after the publication. */
    reason: z.enum(['arrived_late', 'none']),
  }),
  /** When it was published, the latest first; at most 400. */
  days: z.array(z.string()),
});
export type PublishedRetentionAnswer = z.infer<typeof PublishedRetentionAnswer>;
