import type { WhyKind } from '../plain-words.js';
import styles from './feed.module.css';

const words: Record<WhyKind, { label: string; title: string }> = {
  asked: { label: 'As asked', title: 'Exactly what the person asked for was stopped' },
  floor: { label: 'Floor', title: 'Law, standards or the person’s own words ask for at least this much' },
  wider: {
    label: 'Wider',
    title: 'More than the one stream was stopped: open it to see by whose words, floor or rule',
  },
};

export function WhyBadge({ kind }: { kind: WhyKind }) {
  return (
    <span className={styles.badge} data-kind={kind} title={words[kind].title}>
      {words[kind].label}
    </span>
  );
}
