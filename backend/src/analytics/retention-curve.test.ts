import { describe, expect, test } from 'vitest';
import { type CurveRow, curveOf } from './retention-curve.js';

const row = (t: number, at_risk: number, events: number, survival: number, shown = 1): CurveRow => ({
  curve: 1,
  n: 30,
  t,
  shown,
  at_risk,
  events,
  censored: 1,
  survival,
  std_error: 0.1,
  lower: survival / 2,
  upper: (1 + survival) / 2,
  nelson_aalen: 0.3,
  nelson_aalen_error: 0.2,
  opt_out: 0.1,
  complaint: 0.2,
  hard_bounce: 0,
  erasure: 0,
  consent_expiry: 0,
});
const none = new Set<never>();

describe('a curve of the answer', () => {
  test('of no rows is one of no spells', () => {
    expect(curveOf([], none)).toEqual({
      n: 0,
      curve: [],
      begins_at: null,
      cut_off_at: null,
      median: { value: null, lower: null, upper: null },
      rmst: null,
      risk_table: [],
    });
  });

  test('begins where enough were at risk, and all its figures with it', () => {
    const answer = curveOf(
      [row(1, 3, 0, 1, 0), row(4, 25, 10, 0.6), row(6, 20, 5, 0.4), row(9, 4, 1, 0.3, 0)],
      none,
    );
    expect(answer).toMatchObject({ n: 30, begins_at: 4, cut_off_at: 9 });
    expect(answer.curve.map(({ t }) => t)).toEqual([4, 6]);
    expect(answer.median.value).toBe(6);
    // Two units at 0.6: nothing before the fourth.
    expect(answer.rmst).toMatchObject({ value: 2 * 0.6, from: 4, until: 6 });
    expect(answer.risk_table).toEqual([
      { t: 4, at_risk: 25, events: 10, censored: 1 },
      { t: 5, at_risk: 20, events: 10, censored: 1 },
      { t: 6, at_risk: 20, events: 15, censored: 2 },
    ]);
  });

  test('that is nowhere shown says from when on not', () => {
    const answer = curveOf([row(2, 3, 1, 0.5, 0), row(3, 2, 1, 0.4, 0)], none);
    expect(answer).toMatchObject({ n: 30, curve: [], begins_at: null, cut_off_at: 2, rmst: null });
  });

  test('has shares by cause and cumulative hazard only where they are asked for', () => {
    const rows = [row(1, 30, 1, 0.9)];
    expect(Object.keys(curveOf(rows, none).curve[0] ?? {})).toEqual([
      't',
      'at_risk',
      'events',
      'censored',
      'survival',
      'std_error',
      'lower',
      'upper',
    ]);
    expect(curveOf(rows, new Set(['incidence', 'nelson_aalen'] as const)).curve[0]).toMatchObject({
      incidence: { opt_out: 0.1, complaint: 0.2, hard_bounce: 0, erasure: 0, consent_expiry: 0 },
      nelson_aalen: { value: 0.3, std_error: 0.2 },
    });
  });
});
