import type { Batch } from './sender.js';

/** Columns of `rates`, for a bulk insert. */
export const rollupColumns = [
  'segment',
  'quarter_hour',
  'stream',
  'campaign',
  'message_type',
  'channel',
  'category',
  'origin',
  'delivered',
  'opened',
  'clicked',
  'opt_outs',
  'complaints',
] as const;

/**
 * What the views would write of a batch: once for everybody and once for its segment.
 *
 * @param known hours since the epoch: reactions after it are not there yet
 */
export function rollupLines(batch: Batch, known = Number.POSITIVE_INFINITY): string[] {
  const { stream, campaign, messageType, segment, hour, delivered } = batch;
  const count = (delays: readonly number[]): number => delays.filter((delay) => hour + delay <= known).length;
  const at = new Date(hour * 3_600_000).toISOString();
  const place = [at, stream, campaign, messageType, 'email', stream, 'shop'];
  const counts = [delivered, 0, 0, count(batch.optOuts), count(batch.complaints)];
  return ['', segment].map((one) => JSON.stringify([one, ...place, ...counts]));
}
