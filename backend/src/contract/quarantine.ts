import { z } from 'zod';

/** A row that was not taken, without what it held: that stays sealed. */
export const QuarantineRow = z.object({
  id: z.string(),
  received_at: z.string(),
  /** When somebody must have looked at it: it may hold an opt-out. */
  deadline_at: z.string(),
  /** Where it came in: `events`, `deliveries`, `opt-outs`, `mail`, or a provider. */
  door: z.string(),
  code: z.string(),
  /** Names the field and the reason, never a value. */
  detail: z.string(),
  field: z.string(),
});
export type QuarantineRow = z.infer<typeof QuarantineRow>;

/** `GET /v1/quarantine`: what waits, the nearest deadline first. */
export const QuarantineRows = z.object({ rows: z.array(QuarantineRow) });
export type QuarantineRows = z.infer<typeof QuarantineRows>;

/** `POST /v1/quarantine/:id/dismiss`: somebody has looked at it, and nobody asked for it. */
export const Dismissal = z.strictObject({
  /** What shows that it was not the person's: kept with the end of the pause. */
  reason: z.string().trim().min(1).max(500),
});
export type Dismissal = z.infer<typeof Dismissal>;
