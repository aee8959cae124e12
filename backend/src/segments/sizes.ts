import type { SegmentSizes } from '../contract/segments.js';

const hour = 3_600_000;
const lengths = { hour, day: 24 * hour } as const;
/** A year of days, or a month of hours. */
const mostBuckets = 750;
const usualBuckets = { hour: 48, day: 30 } as const;

export interface SizesWindow {
  from?: string | undefined;
  to?: string | undefined;
  interval?: 'hour' | 'day' | undefined;
}

interface Window {
  from: Date;
  to: Date;
  interval: 'hour' | 'day';
}

/** Whole buckets in UTC; the last one may be unfinished. @returns the reason where it cannot be */
export function windowOf({ from, to, interval = 'day' }: SizesWindow, now: Date): Window | string {
  const length = lengths[interval];
  const end = to === undefined ? now.getTime() : Date.parse(to);
  const last = Math.ceil(end / length) * length;
  const start = from === undefined ? last - usualBuckets[interval] * length : Date.parse(from);
  const first = Math.floor(start / length) * length;
  if (first >= last) return 'must lie before to';
  if ((last - first) / length > mostBuckets) return `may lie ${mostBuckets} ${interval}s before to at most`;
  return { from: new Date(first), to: new Date(last), interval };
}

/** @param flows by bucket, null for all before the window */
export function sizesOf(
  flows: readonly { bucket: string | null; entered: number; left: number }[],
  { from, to, interval }: Window,
): SegmentSizes['buckets'] {
  const byStart = new Map(
    flows.map((flow) => [flow.bucket === null ? null : Date.parse(flow.bucket), flow] as const),
  );
  const before = byStart.get(null);
  let size = (before?.entered ?? 0) - (before?.left ?? 0);
  const buckets: SegmentSizes['buckets'] = [];
  for (let start = from.getTime(); start < to.getTime(); start += lengths[interval]) {
    const { entered, left } = byStart.get(start) ?? { entered: 0, left: 0 };
    size += entered - left;
    buckets.push({ start: new Date(start).toISOString(), size, entered, left });
  }
  return buckets;
}
