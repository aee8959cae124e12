import type { Rollout } from '../contract/rollouts.js';
import type { Ruleset } from '../contract/rules.js';

/** When a version was published to a share of people, and what ended that. */
export type RolloutWindow = Pick<
  Rollout,
  'ruleset' | 'number' | 'percent' | 'from' | 'to' | 'end' | 'ended_by'
>;

/**
 * Every rollout of a version, oldest first. Another share is another rollout: pooled, the arms would differ by when their
 * people came.
 */
export function windowsOf({
  id,
  number,
  events,
}: Pick<Ruleset, 'id' | 'number' | 'events'>): RolloutWindow[] {
  const windows: RolloutWindow[] = [];
  let open: RolloutWindow | null = null;
  for (const { event, at, by, percent = 100 } of events) {
    const isPublished = event === 'published';
    if (!isPublished && event !== 'rolled_back') continue;
    if (open !== null) {
      const end = isPublished ? (percent < 100 ? 'share_changed' : 'published') : 'rolled_back';
      windows.push({ ...open, to: at, end, ended_by: by });
    }
    const starts = isPublished && percent < 100;
    open = starts
      ? { ruleset: id, number, percent, from: at, to: null, end: 'running', ended_by: null }
      : null;
  }
  return open === null ? windows : [...windows, open];
}
