import { leavesOf } from '../conditions/index.js';
import type { ReadRule } from '../rules/compiled-rules.js';
import { mentionedSegments } from '../segments/references.js';
import { isRecorded } from './decision-sql.js';

/** A rule of the version that is replayed, and from when on it can be. */
export interface ReplayedRule extends ReadRule {
  /**
   * Decisions with a smaller sequence number do not tell whether it would have matched: a segment that it asks for was
   * defined or changed later. Infinity where no decision tells.
   */
  readonly knownFrom: number;
}

/** @param unchangedSince since when a segment says what it says now, ms since the epoch; 0 for built-in ones */
export function replayed(
  rules: readonly ReadRule[],
  unchangedSince: (segment: string) => number,
): ReplayedRule[] {
  return rules.map((read) => {
    const asks = leavesOf(read.condition).map(({ field }) => field);
    const instants = mentionedSegments(read.rule.when).map(unchangedSince);
    // Sequence numbers are microseconds since the epoch.
    const knownFrom = asks.every(isRecorded) ? Math.max(0, ...instants) * 1000 : Number.POSITIVE_INFINITY;
    return { ...read, knownFrom };
  });
}
