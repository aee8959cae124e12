import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { allBuckets } from '../charts/prepare/buckets.js';
import type { SegmentLine } from '../charts/prepare/segments.js';
import { sparklineValues } from '../charts/prepare/sparkline.js';
import { visibleRows } from '../charts/prepare/visible-rows.js';
import { formatCount, formatInterval, formatRate } from '../format.js';
import { firstOrder, type Interval, type SortKey } from '../pages/monitor-search.js';
import { ChangeText } from './change-text.js';
import { IntervalBar } from './interval-bar.js';
import styles from './segments-panel.module.css';
import { TrendLine } from './trend-line.js';

export interface SegmentsDrawing {
  lines: readonly SegmentLine[];
  /** The end of the common scale. */
  top: number;
  overall: number | null;
  window: { from: string; to: string; interval: Interval };
  sort: { by: SortKey; order: 'asc' | 'desc' };
  onSort: (by: SortKey, order: 'asc' | 'desc') => void;
}

/** As the style sheet has it. */
const rowHeight = 46;

/** Draws only the rows in view and a few around them: 500 rows scroll like five. */
export function SegmentsTable({
  lines,
  top,
  overall,
  window: frame,
  sort,
  onSort,
  name,
}: SegmentsDrawing & { name: { many: string; one: string } }) {
  const box = useRef<HTMLElement>(null);
  const [view, setView] = useState({ top: 0, height: 700 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const sized = new ResizeObserver(measure);
    sized.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      sized.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  const { first, last, above, below } = visibleRows(lines.length, rowHeight, view.top, view.height);
  const sized = lines.some((line) => line.row.size !== null);
  const columns = sized ? 7 : 6;
  const header = { sort, onSort };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section ref={box} className={styles.scroll} tabIndex={0} aria-label={`${name.many}, table`}>
      <table className={styles.table} aria-rowcount={lines.length + 1}>
        <colgroup>
          <col />
          {sized && <col style={{ width: 82 }} />}
          <col style={{ width: 90 }} />
          <col style={{ width: 108 }} />
          <col style={{ width: 226 }} />
          <col style={{ width: 106 }} />
          <col style={{ width: 122 }} />
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <Header by="title" {...header} left>
              {name.one.charAt(0).toUpperCase() + name.one.slice(1)}
            </Header>
            {sized && (
              <Header by="size" {...header}>
                Members
              </Header>
            )}
            <Header by="delivered" {...header}>
              Delivered
            </Header>
            <Header by="rate" {...header}>
              Opt-out rate
            </Header>
            <Header by="interval" {...header} left>
              95% interval
            </Header>
            <Header by="change" {...header}>
              Change
            </Header>
            <th scope="col">
              <span className={styles.plain}>Trend</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Gap height={above} columns={columns} />}
          {lines.slice(first, last).map((line, index) => (
            <Row
              key={line.row.key}
              line={line}
              index={first + index + 2}
              top={top}
              overall={overall}
              frame={frame}
              sized={sized}
            />
          ))}
          {below > 0 && <Gap height={below} columns={columns} />}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  line: SegmentLine;
  index: number;
  top: number;
  overall: number | null;
  frame: SegmentsDrawing['window'];
  sized: boolean;
}

const Row = memo(function Row({ line, index, top, overall, frame, sized }: RowProps) {
  const { row, uncertain } = line;
  const { from, to, interval } = frame;
  const trend = useMemo(
    () => sparklineValues(allBuckets(row.trend, from, to, interval)),
    [row.trend, from, to, interval],
  );
  const { value, lower, upper, numerator } = row.opt_out_rate;
  return (
    <tr className={styles.row} aria-rowindex={index}>
      <th
        scope="row"
        className={styles.name}
        title={row.title === row.key ? row.title : `${row.title} (${row.key})`}
      >
        {row.title}
      </th>
      {sized && <td>{row.size === null ? '–' : formatCount(row.size)}</td>}
      <td>{formatCount(row.delivered)}</td>
      <td className={styles.rate} data-uncertain={uncertain || undefined}>
        {formatRate(value)}
        <span className={styles.sub}>
          {formatCount(numerator)} opt-out{numerator === 1 ? '' : 's'}
        </span>
      </td>
      <td>
        <div className={styles.interval}>
          <IntervalBar rate={row.opt_out_rate} top={top} reference={overall} uncertain={uncertain} />
          <span title={uncertain ? 'Few opt-outs: the interval is wider than the rate itself' : undefined}>
            {formatInterval(lower, upper)}
          </span>
        </div>
      </td>
      <td>
        <ChangeText change={line.change} short />
      </td>
      <td className={styles.trend}>
        <TrendLine values={trend} />
      </td>
    </tr>
  );
});

interface HeaderProps extends Pick<SegmentsDrawing, 'sort' | 'onSort'> {
  by: SortKey;
  left?: boolean;
  children: string;
}

function Header({ by, sort, onSort, left, children }: HeaderProps) {
  const on = sort.by === by;
  const next = on ? (sort.order === 'asc' ? 'desc' : 'asc') : firstOrder(by);
  return (
    <th
      scope="col"
      data-left={left || undefined}
      aria-sort={on ? (sort.order === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      <button
        type="button"
        className={styles.sort}
        data-on={on || undefined}
        data-order={on ? sort.order : undefined}
        onClick={() => onSort(by, next)}
      >
        {children}
        <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
          <path
            d="M1 2.4 4 6l3-3.6"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
            strokeLinecap="round"
          />
        </svg>
      </button>
    </th>
  );
}

function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    <tr className={styles.gap}>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}
