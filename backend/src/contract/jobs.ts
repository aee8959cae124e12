import { z } from 'zod';

export const JobRun = z.object({
  /** The instant that the run was for. */
  due: z.iso.datetime(),
  started_at: z.iso.datetime(),
  ms: z.int(),
  state: z.enum(['done', 'failed']),
  /** '' unless it failed. */
  error: z.string(),
  /** What it did. */
  counts: z.record(z.string(), z.number()),
});
export type JobRun = z.infer<typeof JobRun>;

export const JobView = z.object({
  name: z.string(),
  title: z.string(),
  /** Cron with seconds, in UTC. */
  schedule: z.string(),
  /** Does this process run it? */
  enabled: z.boolean(),
  running: z.boolean(),
  /** null where this process does not run it. */
  next_due: z.iso.datetime().nullable(),
  last: JobRun.nullable(),
});
export type JobView = z.infer<typeof JobView>;
