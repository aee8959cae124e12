import type { Change } from '../charts/prepare/change.js';
import { formatPoints } from '../format.js';
import styles from './change-text.module.css';

/** A change with its arrow; grey and in words when the figures cannot tell it from chance. */
export function ChangeText({ change, short = false }: { change: Change | null; short?: boolean }) {
  if (change === null) return <span className={styles.none}>{short ? '–' : 'no earlier figures'}</span>;
  const range = `95% interval of the change: ${formatPoints(change.lower)} to ${formatPoints(change.upper)}`;
  if (change.verdict === 'unclear') {
    return (
      <span className={styles.none} title={`${formatPoints(change.difference)}. ${range}. It may be chance.`}>
        {short ? `≈ ${formatPoints(change.difference)}` : 'no clear change'}
      </span>
    );
  }
  const up = change.verdict === 'higher';
  return (
    <span className={styles.change} data-verdict={change.verdict} title={range}>
      <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
        <path d={up ? 'M4 1 7.5 7h-7z' : 'M4 7 .5 1h7z'} fill="currentColor" />
      </svg>
      {formatPoints(change.difference)}
    </span>
  );
}
