import type { TimeToHonour } from '@secateur/backend/contract';
import { formatCount, instant } from './format.js';

/** What the tile says about the time in which requests are honoured where others have to be told. */
export interface HonourWords {
  foot: string;
  /** What is still owed; '' when nothing is. */
  owed: string;
  /** Somebody should look: a target is late, or left something out. */
  isLate: boolean;
}

/** Word usually takes seconds; whoever waits longer than this is late. */
const usualWait = 60_000;

export function honourWords(
  { decisions, honoured, waiting, dead, oldest_waiting_at: oldest }: TimeToHonour,
  now: number,
  locale?: string,
): HonourWords {
  const count = (value: number) => formatCount(value, locale);
  const owed = [
    waiting === 0 ? '' : `${count(waiting)} still ${waiting === 1 ? 'waits' : 'wait'}`,
    dead === 0 ? '' : `${count(dead)} given up`,
  ].filter((part) => part !== '');
  return {
    foot:
      decisions === 0 ? 'nobody had to be told' : `${count(honoured)} of ${count(decisions)} acknowledged`,
    owed: owed.join(' · '),
    isLate: dead > 0 || (oldest !== null && waiting > 0 && now - instant(oldest) > usualWait),
  };
}
