import { z } from 'zod';

const Estimate = z.object({ mean: z.number(), lower: z.number(), upper: z.number() });

/** How a model forecast what happened within so many days after everything that it was trained on. */
export const HorizonReport = z.object({
  days: z.int(),
  rows: z.int(),
  events: z.int(),
  roc_auc: z.number().nullable(),
  pr_auc: z.number().nullable(),
  log_loss: z.number(),
  brier: z.number(),
  lift10: z.number().nullable(),
  ece15: z.number(),
  ece15_null_p95: z.number(),
  calibration_slope: z.number().nullable(),
  calibration_slope_error: z.number().nullable(),
  calibration_intercept: z.number().nullable(),
  log_loss_skill: z.number(),
  brier_skill: z.number(),
  /** Log losses of what it has to beat. */
  baselines: z.object({ rate: z.number(), stream_tenure: z.number(), logistic: z.number() }),
  /** Log loss saved against the rate of stream and tenure, a row, resampled by person. */
  gain: Estimate,
});

export const LeakReport = z.object({
  test: z.enum(['features_without_the_future', 'permuted_labels', 'single_feature', 'later_snapshot']),
  holds: z.boolean(),
  features: z.array(z.string()),
  value: z.number().nullable(),
  bound: z.number(),
});

export const ModelReport = z.object({
  train: z.object({
    snapshots: z.int(),
    rows: z.int(),
    events: z.number(),
    /** Days that rows were followed by: a risk of more days carries the last hazard on. */
    followed_days: z.int(),
  }),
  horizons: z.array(HorizonReport),
  streams: z.array(
    z.object({
      stream: z.string(),
      rows: z.int(),
      events: z.int(),
      expected: z.number(),
      holds: z.boolean(),
    }),
  ),
  reliability: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      rows: z.int(),
      forecast: z.number(),
      happened: z.number(),
    }),
  ),
  leaks: z.array(LeakReport),
  /** Log loss of the champion less that of this model, a row. */
  comparison: Estimate.nullable(),
  /** Why the smoothed rate is told and not the model. */
  refusals: z.array(z.string()),
});
export type ModelReport = z.infer<typeof ModelReport>;

export const modelStates = ['champion', 'former', 'rejected', 'rolled_back'] as const;

export const ChurnModel = z.object({
  id: z.uuid(),
  /** `rate`: no skill was proven, and the smoothed rate of stream and tenure is told. */
  kind: z.enum(['model', 'rate']),
  state: z.enum(modelStates),
  why: z.string(),
  trained_at: z.string(),
  trained_by: z.string(),
  /** What had happened by then was learnt from; what happened from then to `until` was tested on. */
  cut: z.string(),
  until: z.string(),
  report: ModelReport,
  history: z.array(z.object({ at: z.string(), event: z.string(), by: z.string(), why: z.string() })),
});
export type ChurnModel = z.infer<typeof ChurnModel>;

/** What trains now, or how the last training of this process ended. */
export const ChurnTraining = z.object({
  state: z.enum(['idle', 'running', 'done', 'failed', 'cancelled']),
  /** `snapshots`, `learning`, `scoring` and how far it is. */
  stage: z.string(),
  detail: z.string(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  error: z.string(),
});
export type ChurnTraining = z.infer<typeof ChurnTraining>;

export const RisksQuery = z.object({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'must be a whole number from 1 to 999')
    .optional(),
  /** Segments with fewer open subscriptions are left out; by default 20. */
  min_people: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')
    .optional(),
});
export type RisksQuery = z.infer<typeof RisksQuery>;

/** Open subscriptions of a segment on a stream, with what the model says of them. */
export const RiskRow = z.object({
  segment: z.string(),
  segment_title: z.string(),
  stream: z.string().nullable(),
  stream_title: z.string(),
  subscriptions: z.int(),
  /** Calibrated probability of opting out within 30 days, with the interval that chance alone gives the share that will. */
  risk_30d: Estimate,
  /** Drawn to the mean of everybody on the stream, the fewer subscriptions the more. */
  shrunk_30d: z.number(),
  /** Means of the last 90 days as they were told, one a day (UTC), the oldest first. */
  trend: z.array(z.object({ day: z.string(), mean: z.number() })),
  expected: z.object({ days_7: z.number(), days_30: z.number(), days_90: z.number() }),
  /** Times the odds of everybody, by what is associated with it, the farthest from 1 first. */
  reasons: z.array(z.object({ group: z.string(), odds: z.number() })),
});
export type RiskRow = z.infer<typeof RiskRow>;

/** `GET /v1/churn/risks`. */
export const RisksAnswer = z.object({
  model: z.uuid().nullable(),
  kind: z.enum(['model', 'rate', 'none']),
  /** Why there is no model, or why the rate is told. */
  why: z.array(z.string()),
  /** When what is told was known. */
  as_of: z.string().nullable(),
  subscriptions: z.int(),
  claim: z.literal('association'),
  query: z.string(),
  rows: z.array(RiskRow),
});
export type RisksAnswer = z.infer<typeof RisksAnswer>;

const Shift = z.object({
  feature: z.string(),
  /** Population stability index against when the model was tested. */
  psi: z.number(),
  /** Above it chance does not explain the move, and it is of consequence. */
  threshold: z.number(),
  drifted: z.boolean(),
});

export const DriftOutcome = z.object({
  stream: z.string(),
  stream_title: z.string(),
  /** Weeks that are over, the oldest first: opt-outs that were forecast, and that happened. */
  weeks: z.array(
    z.object({
      from: z.string(),
      until: z.string(),
      subscriptions: z.int(),
      expected: z.number(),
      observed: z.int(),
      /** Observed of expected, with the exact 95 % interval of a Poisson count; null where nothing was expected. */
      ratio: z.object({ value: z.number(), lower: z.number(), upper: z.number() }).nullable(),
    }),
  ),
  /** Sums of log likelihood ratios (CUSUM) of half as many again, and of two thirds, against the forecast. */
  rising: z.number(),
  falling: z.number(),
  /** A sum above it is an alarm: by chance once in five years, over all streams, at most. */
  limit: z.number(),
  drifted: z.boolean(),
});
export type DriftOutcome = z.infer<typeof DriftOutcome>;

/** `GET /v1/churn/drift`: whether the model that holds still fits. */
export const DriftAnswer = z.object({
  model: z.uuid().nullable(),
  kind: z.enum(['model', 'rate', 'none']),
  /** The scoring that was looked at. */
  as_of: z.string().nullable(),
  /** Days of the last seven that were scored: their average is held against the week that the model was tested in. */
  days: z.int(),
  /** Seven days of risks, or what happened, are not as they were when it was tested: train it anew, and look what changed. */
  drifted: z.boolean(),
  risk: Shift.nullable(),
  /** The farthest moved first. */
  features: z.array(Shift.extend({ group: z.string() })),
  outcomes: z.array(DriftOutcome),
  query: z.string(),
});
export type DriftAnswer = z.infer<typeof DriftAnswer>;
