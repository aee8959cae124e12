import { wilson } from '../analytics/wilson.js';
import type {
  BacktestCell,
  BacktestReport,
  BacktestVerdict,
  Followed,
  Share,
} from '../contract/backtests.js';
import type { Trigger } from '../contract/vocabulary.js';
import { type ClusterSums, followDays, type ReplayRow, type RuleSums } from './replay-sql.js';

/** More would be read by nobody, and a row of segments × streams × triggers each is a lot. */
const mostCells = 2000;
/** Below so many decisions on either side nothing is said. */
const fewest = 30;

export function reportOf(
  rows: readonly ReplayRow[],
): Omit<BacktestReport, 'samples' | 'checked' | 'rollouts'> & { seqs: number[] } {
  const whole = rows.find((row) => row.segment === '' && row.stream === '' && row.trigger === '');
  const parts = rows.filter((row) => row !== whole && row.also + row.spared > 0);
  parts.sort((a, b) => b.also + b.spared - (a.also + a.spared) || (keyOf(a) < keyOf(b) ? -1 : 1));
  const all = whole?.decisions ?? 0;
  const [open, unrecorded, unknown] = [whole?.open ?? 0, whole?.unrecorded ?? 0, whole?.unknown ?? 0];
  const total = cellOf(whole ?? nothing);
  return {
    decisions: {
      all,
      chosen: all - open - unrecorded - unknown,
      replayed: all - unrecorded - unknown,
      not_evaluable: { unrecorded, unknown },
      changed: whole?.changed ?? 0,
    },
    total,
    cells: parts.slice(0, mostCells).map(cellOf),
    cells_left_out: Math.max(0, parts.length - mostCells),
    verdict: verdictOf(total),
    still_followed: whole?.following ?? 0,
    seqs: whole?.samples ?? [],
  };
}

/** What other rules would have made of the past, in sums. */
export interface TriedOut {
  /** Decisions that were open to rules and can be told. */
  readonly decisions: number;
  /** Streams that they would stop in all of them. */
  readonly wouldStop: number;
  /** By the number of the rule that would decide, from 1; 0: none. */
  readonly byRule: ReadonlyMap<number, RuleSums>;
}

export function triedOut(rows: readonly ReplayRow[]): TriedOut {
  const whole = rows.find((row) => row.segment === '' && row.stream === '' && row.trigger === '') ?? nothing;
  const byRule = new Map(Object.entries(whole.by_rule).map(([rule, sums]) => [Number(rule), sums]));
  const decisions = [...byRule.values()].reduce((sum, { n }) => sum + n, 0);
  return { decisions, wouldStop: whole.would_stop, byRule };
}

const keyOf = ({ segment, stream, trigger }: ReplayRow): string => `${segment}\n${stream}\n${trigger}`;

function cellOf(row: ReplayRow): BacktestCell {
  return {
    segment: row.segment === '' ? null : row.segment,
    stream: row.stream === '' ? null : row.stream,
    trigger: row.trigger === '' ? null : (row.trigger as Trigger),
    decisions: row.decisions - row.unrecorded - row.unknown,
    changed: row.changed,
    stopped: row.stopped,
    would_stop: row.would_stop,
    also: row.also,
    spared: row.spared,
    would_end: followed(row.also_kept),
    stays: followed(row.stays),
  };
}

function followed(sums: ClusterSums): Followed {
  const { n, p, e, repeats, complaints } = sums;
  return {
    decisions: n,
    ended: { n: e, of: p, ...clusteredShare(sums) },
    repeated: shareOf(repeats, n),
    complained: shareOf(complaints, n),
  };
}

const shareOf = (n: number, of: number): Share => ({ n, of, ...wilson(n, of) });

/**
 * Share of streams that ended, r = Σe / Σp, with a Wilson interval for as many independent streams as the sample is worth:
 * streams of one decision end together, so that n_eff = r(1 − r) / var(r), with the linearised variance of a ratio over m
 * clusters, var(r) = m/(m − 1) · Σ(e − r p)² / (Σp)². Never more than Σp, nor fewer than the decisions where none or all
 * ended, or where fewer than two decisions leave no variance.
 *
 * @see Cochran (1977), Sampling Techniques, 3rd ed., section 6.3 and 9A.2
 * @see Korn & Graubard (1998), Confidence intervals for proportions with small expected number of positive counts
 *   estimated from survey data, Survey Methodology 24(2): the effective sample size
 */
export function clusteredShare({
  n,
  p,
  e,
  pp,
  ee,
  pe,
}: ClusterSums): Pick<Share, 'value' | 'lower' | 'upper'> {
  if (p === 0) return { value: null, lower: null, upper: null };
  const r = e / p;
  const squares = ee - 2 * r * pe + r * r * pp;
  const variance = n < 2 ? 0 : ((n / (n - 1)) * squares) / (p * p);
  const effective = variance > 0 ? Math.min(p, (r * (1 - r)) / variance) : Math.min(n, p);
  const { lower, upper } = wilson(r * effective, effective);
  return { value: r, lower, upper };
}

/**
 * Difference of two independent shares by Newcombe's square-and-add of their own intervals.
 * @see Newcombe (1998), Interval estimation for the difference between independent proportions, Stat. Med. 17, method 10
 */
export function difference(
  a: Pick<Share, 'value' | 'lower' | 'upper'>,
  b: Pick<Share, 'value' | 'lower' | 'upper'>,
): BacktestVerdict['difference'] {
  if (a.value === null || b.value === null) return { value: null, lower: null, upper: null };
  const value = a.value - b.value;
  const down = Math.hypot(a.value - (a.lower ?? 0), (b.upper ?? 1) - b.value);
  const up = Math.hypot((a.upper ?? 1) - a.value, b.value - (b.lower ?? 0));
  return { value, lower: value - down, upper: value + up };
}

export function verdictOf({ would_end, stays, spared }: BacktestCell): BacktestVerdict {
  const found = difference(would_end.ended, stays.ended);
  const words = wordsOf(found, would_end.decisions, stays.decisions, spared);
  return { ...words, difference: found, design: 'observational' };
}

function wordsOf(
  { lower, upper }: BacktestVerdict['difference'],
  ending: number,
  staying: number,
  spared: number,
): Pick<BacktestVerdict, 'verdict' | 'detail'> {
  const unseen =
    spared === 0
      ? ''
      : ` It would leave ${spared} streams that were stopped: what they would have come to was never seen.`;
  if (ending < fewest || staying < fewest || lower === null || upper === null) {
    const detail = `At least ${fewest} decisions on either side must have been followed for ${followDays} days; there are ${ending} and ${staying}.`;
    return { verdict: 'not_enough', detail: detail + unseen };
  }
  if (lower > 0) {
    const detail = `People ended the streams that it would stop beside more often within ${followDays} days than those it leaves.`;
    return { verdict: 'ended_more', detail: detail + unseen };
  }
  if (upper < 0) {
    const detail = `People ended the streams that it would stop beside less often within ${followDays} days than those it leaves.`;
    return { verdict: 'ended_less', detail: detail + unseen };
  }
  return {
    verdict: 'no_difference',
    detail: `No difference can be told between the streams that it would stop beside and those it leaves.${unseen}`,
  };
}

const noSums: ClusterSums = { n: 0, p: 0, e: 0, pp: 0, ee: 0, pe: 0, repeats: 0, complaints: 0 };
const nothing: ReplayRow = {
  segment: '',
  stream: '',
  trigger: '',
  decisions: 0,
  open: 0,
  unrecorded: 0,
  unknown: 0,
  changed: 0,
  stopped: 0,
  would_stop: 0,
  also: 0,
  spared: 0,
  also_kept: noSums,
  stays: noSums,
  following: 0,
  samples: [],
  by_rule: {},
};
