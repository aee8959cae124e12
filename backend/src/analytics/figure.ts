import type { Figure } from '../contract/analytics.js';
import type { MetricId } from './metrics.js';
import { rateOf } from './rate.js';

/** What a query counted in one cell, by the names of its columns. */
export type Counts = Readonly<Record<string, number | null>>;

const plain = { lower: null, upper: null, numerator: null, denominator: null, parts: {} };

/**
 * The figure of a cell. Without a row an additive metric is 0 and any other a gap.
 * @param weeks of the window, for what is told by the week
 */
export function figureOf(metric: MetricId, counts: Counts | undefined, weeks: number): Figure {
  const of = (name: string): number => counts?.[name] ?? 0;
  const share = (numerator: string, denominator: string): Figure => ({
    ...rateOf(of(numerator), of(denominator)),
    parts: {},
  });
  const count = (name: string): Figure => ({ ...plain, value: of(name) });
  switch (metric) {
    case 'opt_out_rate':
      return share('opt_outs', 'delivered');
    case 'complaint_rate':
      return share('complaints', 'delivered');
    case 'unsolicited_share':
      return share('unsolicited', 'requests');
    case 'repeat_opt_outs':
      return share('repeats', 'stops');
    case 'permissions_kept':
      return count('kept');
    case 'pauses':
      return count('pauses');
    case 'caps':
      return count('caps');
    case 'unattributed_opt_outs':
      return count('unattributed');
    case 'suspected_machine_opt_outs':
      return count('suspected');
    case 'delivered':
      return count('delivered');
    case 'list_growth':
      return {
        ...plain,
        value: of('began') - of('ended'),
        parts: { began: of('began'), ended: of('ended') },
      };
    case 'reach':
      return {
        ...plain,
        value: counts === undefined ? null : of('spells'),
        parts: { subscribers: counts?.subscribers ?? null, streams: counts?.streams ?? null },
      };
    case 'time_to_honour':
      return {
        ...plain,
        value: counts?.p99_ms ?? null,
        parts: {
          p50: counts?.p50_ms ?? null,
          p99: counts?.p99_ms ?? null,
          requests: of('requests'),
          acknowledged_p50: counts?.acknowledged_p50_ms ?? null,
          acknowledged_p99: counts?.acknowledged_p99_ms ?? null,
          owed: of('owed'),
          acknowledged: of('acknowledged'),
          waiting: of('waiting'),
          dead: of('dead'),
        },
      };
    case 'send_pressure': {
      const people = of('subscribers');
      const value = people === 0 ? null : of('messages') / people / weeks;
      return { ...plain, value, numerator: of('messages'), denominator: people, parts: { weeks } };
    }
  }
}
