import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { useNow } from '../components/use-now.js';
import { formatCount, instant } from '../format.js';
import { allGroups, isUnmapped } from '../provider-groups.js';
import { providersQuery, quarantineLength, quarantineQuery } from '../settings-queries.js';
import { targetsQuery } from '../target-queries.js';
import { targetState } from '../target-words.js';
import styles from './settings.module.css';
import type { Section } from './settings-search.js';

const names: Record<Section, string> = {
  providers: 'Providers',
  'word-back': 'Word back',
  quarantine: 'Quarantine',
  streams: 'Streams',
};

export function SettingsPage() {
  return (
    <>
      <div className={styles.head}>
        <h1 className={styles.title}>Settings</h1>
        <p className={styles.lead}>Where word comes from, where it goes, and what waits for somebody.</p>
      </div>
      <div className={styles.page}>
        <nav aria-label="Settings" className={styles.nav}>
          <SectionLink section="providers" note={useUnmapped()} />
          <SectionLink section="word-back" note={useTrouble()} />
          <SectionLink section="quarantine" note={useWaiting()} />
          <SectionLink section="streams" />
        </nav>
        <div className={styles.section}>
          <Outlet />
        </div>
      </div>
    </>
  );
}

/** What waits for somebody in a section. */
interface Note {
  count: string;
  words: string;
  tone: 'warn' | 'bad' | 'quiet';
}

function SectionLink({ section, note = null }: { section: Section; note?: Note | null }) {
  return (
    <Link to={`/settings/${section}`} className={styles.link} activeProps={{ 'aria-current': 'page' }}>
      {names[section]}
      {note && (
        <span
          className={styles.count}
          data-tone={note.tone}
          role="img"
          aria-label={note.words}
          title={note.words}
        >
          {note.count}
        </span>
      )}
    </Link>
  );
}

// A section whose query fails says so itself; here a count that is not known is no count.

function useUnmapped(): Note | null {
  const { data } = useQuery(providersQuery);
  const count = allGroups(data?.providers ?? []).filter(isUnmapped).length;
  return count === 0
    ? null
    : {
        count: formatCount(count),
        words: `${formatCount(count)} ${count === 1 ? 'group' : 'groups'} not mapped`,
        tone: 'quiet',
      };
}

function useTrouble(): Note | null {
  const { data } = useQuery(targetsQuery);
  const now = useNow();
  const count = (data?.targets ?? []).filter(
    (target) => targetState(target, now).tone === 'bad' || target.summary.dead > 0,
  ).length;
  return count === 0
    ? null
    : {
        count: formatCount(count),
        words: `${formatCount(count)} ${count === 1 ? 'target is' : 'targets are'} away or left something out`,
        tone: 'bad',
      };
}

function useWaiting(): Note | null {
  const { data } = useQuery(quarantineQuery);
  const now = useNow();
  const rows = data?.rows ?? [];
  if (rows.length === 0) return null;
  const count = `${formatCount(rows.length)}${rows.length < quarantineLength ? '' : '+'}`;
  const overdue = rows.some(({ deadline_at }) => instant(deadline_at) < now);
  return {
    count,
    words: `${count} ${rows.length === 1 ? 'row waits' : 'rows wait'}${overdue ? ', some of them overdue' : ''}`,
    tone: overdue ? 'bad' : 'warn',
  };
}
