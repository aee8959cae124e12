import type { Queries } from '@secateur/sql';
import type { CohortCell, CohortsAnswer, CohortsQuery } from '../contract/analytics.js';
import { InvalidInputError } from '../errors.js';
import { type Clocks, clocksOf, instantOf } from './clocks.js';

type CellRow = Queries['analytics/engagement_cohorts']['row'];

const day = 86_400_000;
const length = { day, week: 7 * day, month: 30 * day };
const defaultPeriods = 12;
/** Lines of a heat map that somebody still reads. */
const mostCohorts = 400;

export interface CohortsQuestion extends Clocks {
  readonly stream: string | null;
  readonly period: 'day' | 'week' | 'month';
  readonly windows: 'rolling' | 'calendar';
  readonly periods: number;
  readonly from: Date;
  readonly to: Date;
}

/**
 * By default the cohorts of the last twelve periods.
 * @throws InvalidInputError that names the field
 */
export function cohortsQuestionOf(asked: CohortsQuery, now: Date): CohortsQuestion {
  const clocks = clocksOf(asked, now);
  const period = asked.period ?? 'week';
  const periods = asked.periods === undefined ? defaultPeriods : Number(asked.periods);
  const to = instantOf('to', asked.to, clocks.asOf);
  const from = instantOf('from', asked.from, new Date(Math.max(0, to.getTime() - periods * length[period])));
  if (from >= to) throw InvalidInputError.field('from', 'must be before to');
  if (to.getTime() - from.getTime() > mostCohorts * length[period]) {
    throw InvalidInputError.field('period', `must be longer for this window: at most ${mostCohorts} cohorts`);
  }
  return {
    ...clocks,
    stream: asked.stream ?? null,
    period,
    windows: asked.windows ?? 'rolling',
    periods,
    from,
    to,
  };
}

/** Cohorts with the periods that were over for somebody, and all of them together. */
export function heatMapOf(cells: readonly CellRow[]): Pick<CohortsAnswer, 'rows' | 'total'> {
  const rows = new Map<string, { size: number; cells: CohortCell[] }>();
  const total = new Map<number, Omit<CohortCell, 'n' | 'is_complete'>>();
  for (const { cohort, n, size, eligible, on, on_or_after } of cells) {
    const row = rows.get(cohort) ?? { size, cells: [] };
    rows.set(cohort, row);
    if (eligible === 0) continue;
    row.cells.push({ n, eligible, on, on_or_after, is_complete: eligible === size });
    const sum = total.get(n) ?? { eligible: 0, on: 0, on_or_after: 0 };
    total.set(n, {
      eligible: sum.eligible + eligible,
      on: sum.on + on,
      on_or_after: sum.on_or_after + on_or_after,
    });
  }
  const everybody = [...rows.values()].reduce((sum, { size }) => sum + size, 0);
  return {
    rows: [...rows].map(([cohort, row]) => ({ cohort, ...row })),
    total: {
      size: everybody,
      cells: [...total]
        .sort(([a], [b]) => a - b)
        .map(([n, sum]) => ({ n, ...sum, is_complete: sum.eligible === everybody })),
    },
  };
}
