import type { ReactNode } from 'react';
import styles from './state-mark.module.css';

export type Tone = 'good' | 'quiet' | 'warn' | 'bad';

/** How something stands: the words say it, the dot only repeats it. */
export function StateMark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={styles.state} data-tone={tone}>
      {children}
    </span>
  );
}
