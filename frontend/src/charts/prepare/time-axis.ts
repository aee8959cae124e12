import type { Interval } from '../../pages/monitor-search.js';

const hour = 3_600_000;
const day = 24 * hour;

/**
 * Which buckets are labelled, and how. Days and weeks by their UTC date; hours by the clock, or, over more than two
 * days, by the date at each midnight of the reader.
 */
export function timeAxis(
  points: readonly { at: number }[],
  interval: Interval,
  locale?: string,
  timeZone?: string,
): { timeTicks: number[]; timeLabels: Map<number, string> } {
  const span = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  if (interval !== 'hour') return labelled(points, () => true, dates(locale, 'UTC'));
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone });
  const hourOf = (at: number) => Number(clock.format(at));
  if (span > 2 * day) return labelled(points, (at) => hourOf(at) === 0, dates(locale, timeZone));
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone });
  return labelled(points, (at) => hourOf(at) % 3 === 0, time);
}

function dates(locale: string | undefined, timeZone: string | undefined): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone });
}

function labelled(
  points: readonly { at: number }[],
  wanted: (at: number) => boolean,
  format: Intl.DateTimeFormat,
) {
  const timeTicks = points.map(({ at }) => at).filter(wanted);
  return { timeTicks, timeLabels: new Map(timeTicks.map((at) => [at, format.format(at)])) };
}
