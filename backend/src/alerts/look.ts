import { type Baseline, baselineOf, type Past } from './baseline.js';
import { type Level, levels, type Metric, metrics } from './cell.js';
import { type Drift, driftOf, leastEvents, limitFor } from './drifts.js';
import type { History, Series } from './history.js';
import { judge, type Look, type Observed } from './spikes.js';

/**
 * When a day of deliveries is looked at: hours after its midnight (UTC). Each look is made once, so that running the job more
 * often tests nothing more. Each is made at level q: what an early one counts has not had its time yet and is held against
 * days that had, so it errs towards silence, and all look at counts that only grow. What the six spend together, `pnpm
 * simulate` counts on clean logs: less than the day's q.
 */
export const lookHours = [12, 15, 18, 21, 24, 48] as const;
/** Days of the past that a day is held against: 56, without the two before it, whose opt-outs still come in. */
const pastDays = 56;
const settlingDays = 3;
/** A drift is looked for in so many days, and held against the 56 before them. */
const driftDays = 28;
/** How far back counts are needed. */
export const historyDays = pastDays + driftDays + 1;

export interface DetectionSettings {
  /** Chance of a false spike on a day. */
  readonly q: number;
  /** False drifts a year. */
  readonly drifts_per_year: number;
  readonly min_events: number;
  readonly min_deliveries: number;
  readonly min_ratio: number;
}

/** The spikes that one look at one day finds. */
export function lookAt(history: History, on: number, settings: DetectionSettings): Look {
  const observed = metrics.flatMap((metric) =>
    levels.flatMap((level) => expectedOn(history, metric, level, on, settings.min_deliveries)),
  );
  return judge(observed, {
    q: settings.q,
    minEvents: settings.min_events,
    minDeliveries: settings.min_deliveries,
    minRatio: settings.min_ratio,
  });
}

/** The cells of a level on a day, and what is usual of each; those of whom too little is known are left out. */
export function expectedOn(
  history: History,
  metric: Metric,
  level: Level,
  on: number,
  minDeliveries = 1,
): Observed[] {
  const pasts = pastsOf(history, metric, level, on - settlingDays - pastDays + 1, on - settlingDays);
  const baseline = baselineOf([...pasts.values()]);
  return history.all(metric, level).flatMap(({ cell, days }) => {
    const day = days.get(on);
    const past = pasts.get(level === 'segment' ? `${cell.stream} ${cell.key}` : cell.stream);
    if (day === undefined || day.n < minDeliveries || past === undefined) return [];
    const expectation = baseline.expect(past, on);
    return expectation === null ? [] : [{ cell, on, n: day.n, x: day.x, expectation }];
  });
}

/** By stream; by stream and segment for segments. A campaign has no past: it is held against its stream's campaigns. */
function pastsOf(
  history: History,
  metric: Metric,
  level: Level,
  from: number,
  to: number,
): Map<string, Past> {
  const own = history.all(metric, level);
  if (level !== 'campaign')
    return new Map(
      own.map((series) => {
        const days = history.past(series, from, to);
        const { stream, key } = series.cell;
        return [level === 'segment' ? `${stream} ${key}` : stream, { days, parts: days }];
      }),
    );
  const parts = new Map<string, Past['parts'][number][]>();
  for (const series of own) {
    const days = history.past(series, from, to);
    const found = parts.get(series.cell.stream);
    if (found === undefined) parts.set(series.cell.stream, days);
    else found.push(...days);
  }
  return new Map(
    history.all(metric, 'stream').map((series) => {
      const { stream } = series.cell;
      return [stream, { days: history.past(series, from, to), parts: parts.get(stream) ?? [] }];
    }),
  );
}

/** The drifts that stand at the end of a day. Campaigns come and go, and have none. */
export function driftsAt(
  history: History,
  on: number,
  settings: DetectionSettings,
): { tests: number; drifts: Drift[] } {
  const from = on - driftDays + 1;
  const watched: { series: Series; past: Past; baseline: Baseline }[] = [];
  for (const metric of metrics)
    for (const level of ['stream', 'segment'] as const) {
      const pasts = pastsOf(history, metric, level, from - pastDays, from - 1);
      const baseline = baselineOf([...pasts.values()]);
      for (const series of history.all(metric, level)) {
        const { stream, key } = series.cell;
        const past = pasts.get(level === 'segment' ? `${stream} ${key}` : stream);
        if (past === undefined || !isKnown(past, baseline, on) || !series.days.has(on)) continue;
        watched.push({ series, past, baseline });
      }
    }
  const limit = limitFor(watched.length, settings.drifts_per_year);
  const asked = {
    falsePerYear: settings.drifts_per_year,
    minDeliveries: settings.min_deliveries,
    minRatio: settings.min_ratio,
  };
  const drifts = watched.flatMap(
    ({ series, past, baseline }) =>
      driftOf(series.cell, past, history.past(series, from, on), baseline, limit, asked) ?? [],
  );
  return { tests: watched.length, drifts };
}

const isKnown = (past: Past, baseline: Baseline, on: number): boolean =>
  (baseline.expect(past, on)?.events ?? 0) >= leastEvents;
