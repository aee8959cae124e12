import { useMediaQuery } from '@mantine/hooks';
import type { DecisionSummary } from '@secateur/backend/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { feedPath, feedQuery } from '../queries.js';
import { Bone } from './bone.js';
import styles from './feed.module.css';
import { FeedRow } from './feed-row.js';
import { PauseIcon, PlayIcon } from './icons.js';
import { Panel, Provenance, QueryBody } from './panel.js';
import { useStreamNames } from './use-stream-names.js';

const phoneStep = 6;

/** Decisions as they are made. Rows stay still while somebody reads, hovers or has scrolled; what is new is counted. */
export function Feed({ selected }: { selected: string | null }) {
  const client = useQueryClient();
  const [paused, setPaused] = useState(false);
  const result = useQuery(feedQuery(client, !paused));
  return (
    <Panel
      name="Decisions"
      title={
        <>
          Decisions
          <Pulse state={paused ? 'paused' : result.isError ? 'failing' : 'live'} />
        </>
      }
      lead="what stopped, and what goes on"
      actions={
        <button
          type="button"
          className={styles.pause}
          aria-pressed={paused}
          aria-label="Pause the live feed"
          title={paused ? 'Go on' : 'Pause'}
          onClick={() => setPaused(!paused)}
        >
          {paused ? <PlayIcon size={14} /> : <PauseIcon size={14} />}
        </button>
      }
      footer={<Provenance path={() => feedPath(null)} />}
    >
      <QueryBody name="Decisions" result={result} waiting={<Waiting />}>
        {({ decisions }) => <List decisions={decisions} selected={selected} />}
      </QueryBody>
    </Panel>
  );
}

function List({ decisions, selected }: { decisions: DecisionSummary[]; selected: string | null }) {
  const stacked = useMediaQuery('(max-width: 1280px)', false, { getInitialValueInEffect: false });
  const box = useRef<HTMLElement>(null);
  const [held, setHeld] = useState<DecisionSummary[] | null>(null);
  const [count, setCount] = useState(phoneStep);
  const nameOf = useStreamNames();
  const live = useAfterFirstPaint();
  const hold = () => setHeld((before) => before ?? decisions);
  const pointing = useRef(false);
  const release = () => {
    const element = box.current;
    const walking = element?.querySelector(':focus-visible') != null;
    if (!pointing.current && !walking && (element?.scrollTop ?? 0) <= 8) setHeld(null);
  };
  /** A mouse rests on what it reads; a finger is gone as soon as it has touched. */
  const point = (inside: boolean) => {
    pointing.current = inside;
    if (inside) hold();
    else release();
  };
  if (decisions.length === 0) {
    return (
      <p className={styles.nothing}>No decision yet. Each request to stop appears here as it is decided.</p>
    );
  }
  const all = held ?? decisions;
  const shown = stacked ? all.slice(0, count) : all;
  const fresh = held === null ? 0 : newerThan(held[0], decisions);
  return (
    <div className={styles.frame}>
      {fresh > 0 && (
        <button
          type="button"
          className={styles.fresh}
          onClick={() => {
            setHeld(null);
            box.current?.scrollTo({ top: 0 });
          }}
        >
          {fresh >= decisions.length ? `${fresh}+` : fresh} new
        </button>
      )}
      <section
        ref={box}
        aria-label="Newest decisions"
        className={styles.box}
        onPointerEnter={(event) => event.pointerType === 'mouse' && point(true)}
        onPointerLeave={() => point(false)}
        onFocus={(event) => event.target.matches(':focus-visible') && hold()}
        onBlur={() => setTimeout(release)}
        onScroll={() => ((box.current?.scrollTop ?? 0) > 8 ? hold() : undefined)}
      >
        <ul className={styles.list} data-live={live || undefined}>
          {shown.map((decision) => (
            <FeedRow
              key={decision.id}
              decision={decision}
              selected={decision.id === selected}
              nameOf={nameOf}
            />
          ))}
        </ul>
      </section>
      {stacked && count < all.length && (
        <button type="button" className={styles.more} onClick={() => setCount(count + phoneStep)}>
          Show more
        </button>
      )}
    </div>
  );
}

function newerThan(top: DecisionSummary | undefined, decisions: readonly DecisionSummary[]): number {
  if (top === undefined) return decisions.length;
  const place = decisions.findIndex((decision) => decision.id === top.id);
  return place === -1 ? decisions.length : place;
}

/** Rows that are there at first just stand there; only later ones slide in. */
function useAfterFirstPaint(): boolean {
  const [after, setAfter] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setAfter(true));
    return () => cancelAnimationFrame(frame);
  }, []);
  return after;
}

const pulseWords = { live: 'live', paused: 'paused', failing: 'not reachable' };

function Pulse({ state }: { state: keyof typeof pulseWords }): ReactNode {
  return (
    <span className={styles.pulse} data-state={state}>
      {pulseWords[state]}
    </span>
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <div key={row}>
          <Bone width="62%" />
          <Bone width="90%" height={12} />
        </div>
      ))}
    </div>
  );
}
