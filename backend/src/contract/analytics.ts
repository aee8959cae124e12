import { z } from 'zod';
import { Instant } from './vocabulary.js';

/** The dimensions of the hourly rates. */
export const dimensions = [
  'segment',
  'stream',
  'campaign',
  'channel',
  'category',
  'origin',
  'message_type',
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

export const RatesQuery = z.object({
  from: Instant.optional(),
  to: Instant.optional(),
  interval: z.enum(['hour', 'day', 'week']).optional(),
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
  interval: z.string(),
  as_of: z.string(),
  query: z.string(),
  rows: z.array(RateRow),
});
export type RatesAnswer = z.infer<typeof RatesAnswer>;

/** `GET /v1/analytics/overview`: the tiles of the Monitor. */
export const Overview = z.object({
  from: z.string(),
  to: z.string(),
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

/** `GET /v1/demo`: how far the demo has loaded; `state` is `off` without the demo. */
export const DemoProgress = z.object({
  state: z.enum(['off', 'waiting', 'loading', 'ready', 'failed']),
  loaded: z.int(),
  total: z.int(),
  detail: z.string(),
});
export type DemoProgress = z.infer<typeof DemoProgress>;
