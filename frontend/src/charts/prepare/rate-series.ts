import type { Overview } from '@secateur/backend/contract';
import { formatRate } from '../../format.js';
import type { Interval } from '../../pages/monitor-search.js';
import { allBuckets, bucketTitle } from './buckets.js';
import { niceTop, ticksTo } from './scale.js';
import { timeAxis } from './time-axis.js';

export interface RatePlotPoint {
  at: number;
  title: string;
  /** Drawn solid; null is a gap. */
  rate: number | null;
  band: [number, number] | null;
  /** Drawn dashed: from the last finished bucket into the one that still fills. */
  openRate: number | null;
  openBand: [number, number] | null;
  /** A point that no line touches would be invisible without its dot. */
  dot: boolean;
  delivered: number | null;
  optOuts: number | null;
  lower: number | null;
  upper: number | null;
  value: number | null;
  finished: boolean;
}

export interface RatePlot {
  points: RatePlotPoint[];
  top: number;
  ticks: number[];
  tickLabels: Map<number, string>;
  /** Where the time axis is labelled. */
  timeTicks: number[];
  timeLabels: Map<number, string>;
  deliveredTop: number;
  /** No bucket has a rate: there is nothing to draw, and the panel says so. */
  empty: boolean;
}

/** Everything that the opt-out chart draws is decided here. */
export function prepareRatePlot(
  answer: Pick<Overview, 'from' | 'to' | 'trend'>,
  interval: Interval,
  locale?: string,
  timeZone?: string,
): RatePlot {
  const buckets = allBuckets(answer.trend, answer.from, answer.to, interval);
  const points = buckets.map(({ at, point }): RatePlotPoint => {
    const value = point?.rate.value ?? null;
    const lower = point?.rate.lower ?? null;
    const upper = point?.rate.upper ?? null;
    const finished = point?.finished ?? true;
    const band: [number, number] | null = lower === null || upper === null ? null : [lower, upper];
    return {
      at,
      title: bucketTitle(at, interval, locale, timeZone),
      rate: finished ? value : null,
      band: finished ? band : null,
      openRate: finished ? null : value,
      openBand: finished ? null : band,
      dot: false,
      delivered: point?.rate.denominator ?? null,
      optOuts: point?.opt_outs ?? null,
      lower,
      upper,
      value,
      finished,
    };
  });
  joinOpenBucket(points);
  markLonelyPoints(points);
  const top = niceTop(rateTop(points));
  const ticks = ticksTo(top);
  return {
    points,
    top,
    ticks,
    tickLabels: new Map(ticks.map((tick) => [tick, formatRate(tick, locale)])),
    ...timeAxis(points, interval, locale, timeZone),
    deliveredTop: Math.max(1, ...points.map((point) => point.delivered ?? 0)),
    empty: points.every((point) => point.value === null),
  };
}

/** The dashed piece starts at the last finished bucket, if that one is its neighbour and has a rate. */
function joinOpenBucket(points: RatePlotPoint[]): void {
  const open = points.findIndex((point) => !point.finished);
  const before = points[open - 1];
  if (open > 0 && before?.finished && before.rate !== null) {
    before.openRate = before.rate;
    before.openBand = before.band;
  }
}

function markLonelyPoints(points: RatePlotPoint[]): void {
  points.forEach((point, index) => {
    const left = points[index - 1]?.value ?? null;
    const right = points[index + 1]?.value ?? null;
    point.dot = point.value !== null && (!point.finished || (left === null && right === null));
  });
}

/**
 * The top of the axis: above every rate that its opt-outs bear out, and above the upper limit of nine in ten
 * deliveries. An hour with three deliveries has an interval up to 70 %: it may run out of the picture rather than
 * flatten all others.
 */
function rateTop(points: readonly RatePlotPoint[]): number {
  const uppers = points
    .flatMap(({ upper, delivered }) => (upper === null ? [] : [{ upper, weight: delivered ?? 0 }]))
    .sort((a, b) => a.upper - b.upper);
  const enough = 0.9 * uppers.reduce((sum, { weight }) => sum + weight, 0);
  let reached = 0;
  const usual = uppers.find(({ weight }) => {
    reached += weight;
    return reached >= enough;
  });
  const known = points.map(({ value, lower, upper }) =>
    value === null || lower === null || upper === null || upper - lower > value ? 0 : value,
  );
  return Math.min(1, Math.max(usual?.upper ?? 0, ...known.map((value) => value * 1.15)));
}
