import type { Rate } from '@secateur/backend/contract';
import { barGeometry } from '../charts/prepare/segments.js';
import styles from './interval-bar.module.css';

interface Props {
  rate: Rate;
  top: number;
  /** The overall rate, as a line to compare with. */
  reference: number | null;
  uncertain: boolean;
}

/** A rate with its interval on the table's common scale. The numbers stand beside it, so it is a picture only. */
export function IntervalBar({ rate, top, reference, uncertain }: Props) {
  const bar = barGeometry(rate, top);
  return (
    <span className={styles.track} aria-hidden="true">
      {reference !== null && reference <= top && (
        <span className={styles.reference} style={{ left: `${(reference / top) * 100}%` }} />
      )}
      {bar && (
        <>
          <span
            className={styles.band}
            data-uncertain={uncertain || undefined}
            data-open={bar.open || undefined}
            style={{ left: `${bar.left}%`, width: `${bar.width}%` }}
          />
          <span
            className={styles.mark}
            data-uncertain={uncertain || undefined}
            style={{ left: `${bar.mark}%` }}
          />
        </>
      )}
    </span>
  );
}
