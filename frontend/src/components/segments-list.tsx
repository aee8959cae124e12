import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { formatCompact, formatCount, formatInterval, formatRate } from '../format.js';
import { firstOrder, type SortKey, sortKeys } from '../pages/monitor-search.js';
import { ChangeText } from './change-text.js';
import { IntervalBar } from './interval-bar.js';
import styles from './segments-panel.module.css';
import type { SegmentsDrawing } from './segments-table.js';

const sortNames: Record<SortKey, string> = {
  title: 'Name',
  size: 'Members',
  delivered: 'Delivered',
  rate: 'Opt-out rate',
  interval: 'Surely high first',
  change: 'Change',
};

const step = 10;

/** The same rows for a phone: two lines each, a long list ten at a time. */
export function SegmentsList({ lines, top, overall, sort, onSort }: SegmentsDrawing) {
  const [count, setCount] = useState(step);
  return (
    <>
      <div className={styles.listSort}>
        <NativeSelect
          size="xs"
          aria-label="Sort by"
          value={sort.by}
          onChange={(event) => {
            const by = sortKeys.find((key) => key === event.currentTarget.value);
            if (by) onSort(by, firstOrder(by));
          }}
          data={sortKeys.map((value) => ({ value, label: sortNames[value] }))}
        />
      </div>
      <ul>
        {lines.slice(0, count).map(({ row, change, uncertain }) => (
          <li key={row.key} className={styles.item}>
            <span className={styles.itemName}>{row.title}</span>
            <span className={styles.itemRate} data-uncertain={uncertain || undefined}>
              {formatRate(row.opt_out_rate.value)}
            </span>
            <span className={styles.itemBar}>
              <IntervalBar rate={row.opt_out_rate} top={top} reference={overall} uncertain={uncertain} />
            </span>
            <span className={styles.itemSmall}>
              {formatInterval(row.opt_out_rate.lower, row.opt_out_rate.upper)}
            </span>
            <span className={styles.itemSmall}>
              {formatCount(row.opt_out_rate.numerator)} of {formatCount(row.delivered)} delivered
              {row.size === null ? '' : ` · ${formatCompact(row.size)} members`}
            </span>
            <span className={styles.itemRight}>
              <ChangeText change={change} short />
            </span>
          </li>
        ))}
      </ul>
      {count < lines.length && (
        <button type="button" className={styles.more} onClick={() => setCount(count + step)}>
          Show {Math.min(step, lines.length - count)} more of {formatCount(lines.length - count)}
        </button>
      )}
    </>
  );
}
