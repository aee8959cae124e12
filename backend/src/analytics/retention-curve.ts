import type { Queries } from '@secateur/sql';
import type { RetentionCurve, RetentionPoint } from '../contract/analytics.js';
import { spellCauses } from '../contract/vocabulary.js';
import { quantile, readAt, restrictedMean } from './survival/index.js';
import { z95 } from './wilson.js';

export type CurveRow = Queries['analytics/retention_curve']['row'];
type Includes = ReadonlySet<'incidence' | 'nelson_aalen'>;

/** Lines of a table under a chart. */
const riskTableLines = 6;

/** One curve of the answer, from its rows in order of time. Without rows there are no spells. */
export function curveOf(
  rows: readonly CurveRow[],
  includes: Includes,
): Omit<RetentionCurve, 'stream' | 'segment' | 'title'> {
  const shown = rows.filter((row) => row.shown !== 0);
  const first = rows.findIndex((row) => row.shown !== 0);
  const after = first === -1 ? rows[0] : rows.slice(first).find((row) => row.shown === 0);
  const beginsAt = first > 0 ? (rows[first]?.t ?? null) : null;
  const origin = beginsAt ?? 0;
  return {
    n: rows[0]?.n ?? 0,
    curve: shown.map((row) => pointOf(row, includes)),
    begins_at: beginsAt,
    cut_off_at: after?.t ?? null,
    median: shown.length === 0 ? { value: null, lower: null, upper: null } : quantile(shown, 0.5, origin),
    rmst: meanOf(shown, origin),
    risk_table: riskTable(shown, origin),
  };
}

function pointOf(row: CurveRow, includes: Includes): RetentionPoint {
  return {
    t: row.t,
    at_risk: row.at_risk,
    events: row.events,
    censored: row.censored,
    survival: row.survival,
    std_error: row.std_error,
    lower: row.lower,
    upper: row.upper,
    ...(includes.has('incidence')
      ? {
          incidence: Object.fromEntries(
            spellCauses.map((cause) => [cause, row[cause]]),
          ) as RetentionPoint['incidence'],
        }
      : {}),
    ...(includes.has('nelson_aalen')
      ? { nelson_aalen: { value: row.nelson_aalen, std_error: row.nelson_aalen_error } }
      : {}),
  };
}

function meanOf(shown: readonly CurveRow[], origin: number): RetentionCurve['rmst'] {
  const until = shown.at(-1)?.t;
  if (until === undefined) return null;
  const { value, std_error } = restrictedMean(shown, until, origin);
  const half = z95 * std_error;
  return { value, std_error, lower: value - half, upper: value + half, from: origin, until };
}

/** At risk at even times, with what had happened up to each of them. */
function riskTable(shown: readonly CurveRow[], origin: number): RetentionCurve['risk_table'] {
  const end = shown.at(-1)?.t;
  if (end === undefined) return [];
  const step = Math.max(1, Math.ceil((end - origin) / riskTableLines));
  const table: RetentionCurve['risk_table'] = [];
  for (let t = origin; t <= end; t += step) {
    const passed = shown.filter((row) => row.t <= t);
    table.push({
      t,
      at_risk: readAt(shown, t).at_risk,
      events: passed.reduce((sum, row) => sum + row.events, 0),
      censored: passed.reduce((sum, row) => sum + row.censored, 0),
    });
  }
  return table;
}
