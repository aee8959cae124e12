import type { LaneOptions, LaneStats } from './lane-options.js';

/** How large the groups of a lane are and how long they take. Times in milliseconds. */
export class LanePace {
  private groups = 0;
  private requests = 0;
  private lastGroupSize = 0;
  private lastFsyncMs = 0;
  /** Smoothed: each group counts for a fifth. */
  private groupMs = 0;

  count(size: number, fsyncMs: number, groupMs: number): void {
    this.groupMs = this.groups === 0 ? groupMs : 0.8 * this.groupMs + 0.2 * groupMs;
    this.groups += 1;
    this.requests += size;
    this.lastGroupSize = size;
    this.lastFsyncMs = fsyncMs;
  }

  stats(): Pick<LaneStats, 'groups' | 'lastGroupSize' | 'meanGroupSize' | 'lastFsyncMs'> {
    const { groups, requests, lastGroupSize, lastFsyncMs } = this;
    return { groups, lastGroupSize, meanGroupSize: groups === 0 ? 0 : requests / groups, lastFsyncMs };
  }

  /** Whole seconds until so many groups are likely to be done, from 1 to 60. */
  secondsFor(groups: number): number {
    return Math.min(60, Math.max(1, Math.ceil((groups * this.groupMs) / 1000)));
  }
}

/** Milliseconds before the next probe: doubles with each failure, ± 25 % so that lanes do not knock together. */
export function probeWait<Request, Result>(options: LaneOptions<Request, Result>, failures: number): number {
  const { first, most } = options.probeMs ?? { first: 50, most: 2000 };
  const random = options.random?.() ?? Math.random();
  return Math.min(most, first * 2 ** Math.min(failures, 30)) * (0.75 + random / 2);
}
