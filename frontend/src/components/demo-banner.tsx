import type { DemoProgress } from '@secateur/backend/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { formatCount } from '../format.js';
import { demoPercent } from '../queries.js';
import styles from './demo-banner.module.css';

/** A slim line while the demo loads. Without the demo, and once it is there, nothing. */
export function DemoBanner({ result }: { result: UseQueryResult<DemoProgress> }) {
  const progress = result.data;
  if (progress === undefined) {
    if (!result.error) return null;
    return <Line tone="warn">How far the demo has loaded is not known: {result.error.message}</Line>;
  }
  if (progress.state === 'failed')
    return <Line tone="warn">The demo data could not be loaded: {progress.detail}</Line>;
  if (progress.state !== 'loading' && progress.state !== 'waiting') return null;
  const percent = demoPercent(progress);
  return (
    <Line tone="calm" percent={percent}>
      <strong>Demo data is loading: {percent}%</strong>
      {progress.total > 0 && (
        <span>
          {formatCount(progress.loaded)} of {formatCount(progress.total)} {progress.detail || 'events'}
        </span>
      )}
    </Line>
  );
}

function Line({
  tone,
  percent,
  children,
}: {
  tone: 'calm' | 'warn';
  percent?: number;
  children: React.ReactNode;
}) {
  return (
    <div className={styles.banner} data-tone={tone} role={tone === 'warn' ? 'alert' : undefined}>
      <div className={styles.text}>{children}</div>
      {percent !== undefined && (
        <div
          className={styles.track}
          role="progressbar"
          aria-label="Demo data"
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <div className={styles.fill} style={{ transform: `scaleX(${percent / 100})` }} />
        </div>
      )}
    </div>
  );
}
