import type { DecisionSummary, DecisionType } from '@secateur/backend/contract';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { formatCount } from '../format.js';
import { type NameOfStream, outcomeSentence, requestWords, whyKind, wideningWords } from '../plain-words.js';
import { decisionQuery } from '../queries.js';
import styles from './feed.module.css';
import { CutIcon, KeptIcon, PauseIcon } from './icons.js';
import { When } from './when.js';
import { WhyBadge } from './why-badge.js';

interface Props {
  decision: DecisionSummary;
  selected: boolean;
  nameOf: NameOfStream;
}

/** One decision in the feed: a link to its reasons, so that it can be opened, shared and middle-clicked. */
export const FeedRow = memo(function FeedRow({ decision, selected, nameOf }: Props) {
  const client = useQueryClient();
  const kind = whyKind(decision);
  return (
    <li className={styles.item}>
      <div className={styles.clip}>
        <Link
          to="/monitor"
          search={(before) => ({ ...before, decision: decision.id })}
          resetScroll={false}
          preload={false}
          className={styles.row}
          data-selected={selected || undefined}
          onPointerEnter={() => void client.prefetchQuery(decisionQuery(decision.id))}
        >
          <span className={styles.icon} data-tone={tone(decision.type)}>
            <TypeIcon type={decision.type} />
          </span>
          <span className={styles.text}>
            <span className={styles.first}>
              <strong>{requestWords(decision)}</strong>
              <span className={styles.time}>
                <When at={decision.received_at} />
              </span>
            </span>
            <span className={styles.outcome}>{outcomeSentence(decision, nameOf)}</span>
            {decision.streams_stopped.length > 1 && decision.type !== 'bounced' && decision.stream !== '' && (
              <span className={styles.stream}>about {nameOf(decision.stream)}</span>
            )}
            <span className={styles.badges}>
              {kind && <WhyBadge kind={kind} />}
              {decision.widened_for.map((want) => (
                <span key={want} className={styles.widened} title={wideningWords(want).advice}>
                  Widened: {wideningWords(want).short}
                </span>
              ))}
              {decision.kept_by_scoping > 0 && (
                <span className={styles.saved}>{formatCount(decision.kept_by_scoping)} kept by scoping</span>
              )}
            </span>
          </span>
        </Link>
      </div>
    </li>
  );
});

function tone(type: DecisionType): 'stop' | 'start' | 'quiet' {
  if (type === 'opted_in' || type === 'undone') return 'start';
  return ['paused', 'capped', 'bounced', 'consent_expired'].includes(type) ? 'quiet' : 'stop';
}

function TypeIcon({ type }: { type: DecisionType }) {
  if (type === 'opted_in' || type === 'undone') return <KeptIcon size={14} />;
  if (type === 'paused' || type === 'capped' || type === 'bounced') return <PauseIcon size={14} />;
  return <CutIcon size={14} />;
}
