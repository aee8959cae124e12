import { person } from '../analytics/rows.js';

type Row = Record<string, unknown>;

/** A line of the ledger of spells by person 1: `cause` ends (1 opt-out, 3 bounce), 0 begins. */
export const mark = (at: string, cause: number, change: Row = {}): Row => ({
  ...{ selector: 'promotions', person: person(1), at, received_at: at, cause, grade: 1, tolerance: 0 },
  ...{ subject: person(1), decision: person(100 + Date.parse(at) / 1000) },
  ...{ voids: '00000000-0000-0000-0000-000000000000', ...change },
});

/** The selector of the ledger covers the stream of the same name. */
export const cover = {
  cover_selectors: ['promotions', 'news'],
  cover_streams: ['promotions', 'news'],
  cover_until: [8_640_000_000_000_000, 8_640_000_000_000_000],
  cover_since: [-8_640_000_000_000_000, -8_640_000_000_000_000],
};

export const modelId = (number: number): string => person(500 + number);
export const t0 = '2026-11-20T00:00:00.000Z';

export const score = (who: number, risk: number, change: Row = {}): Row => ({
  ...{ t0, model: modelId(1), person: person(who), stream: 'news', in_segments: ['country:DE'] },
  ...{ risk_7d: risk / 4, risk_30d: risk, risk_90d: risk * 2, groups: [risk, -risk], ...change },
});

/** A statement by which somebody ends being profiled, or allows it again. */
export const profiling = (who: number, effect: 'opt_out' | 'opt_in', at: string): Row => ({
  ...{ subject: person(who), person: person(who), order_at: at, received_at: at, id: person(900 + who) },
  ...{ binds: 'person', selector: 'class=profiling', effect },
});

export const model = (number: number, change: Row = {}): Row => ({
  ...{
    id: modelId(number),
    kind: 'model',
    trained_at: `2026-11-1${number}T00:00:00.000Z`,
    trained_by: 'ada',
  },
  ...{ cut: '2026-10-01T00:00:00.000Z', until: '2026-11-01T00:00:00.000Z', report: '{}' },
  ...{ model: `m${number}`, scaling: `s${number}`, weights: `w${number}`, ...change },
});
