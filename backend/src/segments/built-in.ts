import type { Subject } from '../subscribers/subject.js';

const day = 86_400_000;

/** Last delivery, open and click of a person in ms since the epoch; 0 stands for never. */
export interface Engagement {
  lastDeliveredAt: number;
  lastOpenedAt: number;
  lastClickedAt: number;
}

export const noEngagement: Engagement = { lastDeliveredAt: 0, lastOpenedAt: 0, lastClickedAt: 0 };

/**
 * Engagement tier by the last open or click that was not a machine's: active within 30 days, lapsing within 90,
 * dormant beyond; new in the first 14 days while nothing was opened yet.
 */
export function engagementTier(engagement: Engagement, firstSeenAt: number, at: number): string {
  const last = Math.max(engagement.lastOpenedAt, engagement.lastClickedAt);
  if (last > at - 30 * day && last > 0) return 'active';
  if (last > at - 90 * day && last > 0) return 'lapsing';
  return last === 0 && firstSeenAt > at - 14 * day ? 'new' : 'dormant';
}

/** The built-in segments a person is in at an instant: `country:DE`, `plan:free`, `engagement:active`. */
export function builtInSegments(subject: Subject | null, engagement: Engagement, at: number): string[] {
  if (subject === null) return [];
  const segments: string[] = [];
  const country = subject.attributes.country ?? subject.jurisdiction.slice(0, 2);
  if (typeof country === 'string' && country !== '') segments.push(`country:${country}`);
  const plan = subject.attributes.plan;
  if (typeof plan === 'string' && plan !== '') segments.push(`plan:${plan}`);
  segments.push(`engagement:${engagementTier(engagement, subject.firstSeenAt, at)}`);
  return segments;
}
