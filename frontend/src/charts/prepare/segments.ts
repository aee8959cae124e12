import type { RateRow } from '@secateur/backend/contract';
import type { SortKey } from '../../pages/monitor-search.js';
import { type Change, changeBetween, isUncertain } from './change.js';
import { niceTop } from './scale.js';

export interface SegmentLine {
  row: RateRow;
  change: Change | null;
  uncertain: boolean;
}

export function segmentLines(rows: readonly RateRow[]): SegmentLine[] {
  return rows.map((row) => ({
    row,
    change: changeBetween(row.opt_out_rate, row.previous_opt_out_rate),
    uncertain: isUncertain(row.opt_out_rate),
  }));
}

/** Rows whose name or key holds every word of the filter, in any order and any case. */
export function filterLines(lines: readonly SegmentLine[], filter: string): SegmentLine[] {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter(({ row }) => {
    const text = `${row.title} ${row.key}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * Sorted copy. Rows without the value stand last in either order, and by the interval those that say little stand
 * behind those that say something. Equal rows keep an order of their own, by key.
 */
export function sortLines(lines: readonly SegmentLine[], by: SortKey, order: 'asc' | 'desc'): SegmentLine[] {
  const sign = order === 'asc' ? 1 : -1;
  const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  return [...lines].sort((a, b) => {
    if (by === 'title') return sign * names.compare(a.row.title, b.row.title) || compareKeys(a, b);
    if (by === 'interval' && a.uncertain !== b.uncertain) return a.uncertain ? 1 : -1;
    const left = sortValue(a, by);
    const right = sortValue(b, by);
    if (left === null || right === null) {
      return left === right ? compareKeys(a, b) : left === null ? 1 : -1;
    }
    return sign * (left - right) || compareKeys(a, b);
  });
}

function sortValue({ row, change }: SegmentLine, by: Exclude<SortKey, 'title'>): number | null {
  switch (by) {
    case 'size':
      return row.size;
    case 'delivered':
      return row.delivered;
    case 'rate':
      return row.opt_out_rate.value;
    // By the lower limit: what the rate is at least. Sorted by the rate itself, chance would lead the list.
    case 'interval':
      return row.opt_out_rate.lower;
    case 'change':
      return change?.difference ?? null;
  }
}

function compareKeys(a: SegmentLine, b: SegmentLine): number {
  return a.row.key < b.row.key ? -1 : a.row.key > b.row.key ? 1 : 0;
}

/**
 * The common scale of the interval bars: above every well-known rate, not above what three deliveries might mean.
 * Bars of uncertain rows may run out of it; they are drawn open at that end.
 */
export function rateScale(lines: readonly SegmentLine[]): number {
  const known = lines.filter((line) => !line.uncertain).map((line) => line.row.opt_out_rate.upper ?? 0);
  const all = lines.map((line) => line.row.opt_out_rate.value ?? 0);
  return niceTop(known.length > 0 ? Math.max(...known) : Math.max(0, ...all) * 1.5);
}

export interface BarGeometry {
  /** All in percent of the bar's width. */
  left: number;
  width: number;
  mark: number;
  /** The interval goes on beyond the scale. */
  open: boolean;
}

export function barGeometry(
  rate: { value: number | null; lower: number | null; upper: number | null },
  top: number,
): BarGeometry | null {
  if (rate.value === null || rate.lower === null || rate.upper === null) return null;
  const place = (value: number) => Math.min(100, Math.max(0, (value / top) * 100));
  const left = place(rate.lower);
  return {
    left,
    width: Math.max(place(rate.upper) - left, 0.5),
    mark: place(rate.value),
    open: rate.upper > top,
  };
}
