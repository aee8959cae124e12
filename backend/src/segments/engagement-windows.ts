import type { Queries } from '@secateur/sql';
import { type Engagement, noEngagement } from './built-in.js';

/** What is counted, and over how many days. */
const counted = ['sends', 'opens', 'clicks'] as const;
const windows = [7, 30, 90] as const;
export type WindowCount = `${(typeof counted)[number]}_${(typeof windows)[number]}d`;

export const windowCounts: readonly WindowCount[] = counted.flatMap((what) =>
  windows.map((days): WindowCount => `${what}_${days}d`),
);

/** Counts of one person and stream in the 7, 30 and 90 days before an instant; machines are left out. */
export interface StreamWindows extends Readonly<Record<WindowCount, number>> {
  readonly stream: string;
  readonly channel: string;
  readonly category: string;
}

/** Last delivery, open and click (0: never), and counts by stream; a stream without any is absent. */
export interface EngagementWindows extends Engagement {
  readonly streams: readonly StreamWindows[];
}

export const noWindows: EngagementWindows = { ...noEngagement, streams: [] };

export function streamWindowsOf(row: Queries['segments/engagement_windows_by_person']['row']): StreamWindows {
  const { person: _, ...windows } = row;
  return windows;
}
