import { at, uuid } from '../permissions/rows.js';

/** A backtest that ended, with what a test does not care about filled in. */
export function stored(number: number, startedAt: string, change: Record<string, unknown> = {}) {
  return {
    id: uuid(number),
    ruleset: uuid(50),
    state: 'done',
    from_at: at('00:00'),
    to_at: at('09:00'),
    known_seq: 7,
    started_at: startedAt,
    started_by: 'ada',
    ms: 12,
    error: '',
    report: '{"a":1}',
    ...change,
  };
}
