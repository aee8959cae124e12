import { wilson } from '../analytics/wilson.js';
import type { RuleSums, TriedOut } from '../backtests/index.js';
import type { Share } from '../contract/backtests.js';
import type { Suggestion, SuggestionEvidence } from '../contract/suggestions.js';
import { newcombe } from '../rollouts/compare.js';

/** Fewer decisions than that say nothing of a rule, and too much of people. */
export const fewest = 30;

/** What the log says of an edit. */
export interface Weighed {
  readonly evidence: Omit<SuggestionEvidence, 'from' | 'to' | 'taken'>;
  readonly complaints: Suggestion['complaints'];
}

const none: RuleSums = { n: 0, followed: 0, repeats: 0, complaints: 0 };

/**
 * Decisions that a new rule would decide, beside all others.
 *
 * @param base what the rules in force make of the window
 * @param tried what the rules with the edit make of it
 * @param places number of the edit's rule among the rules, from 1: in `tried`, and in `base` where its condition alone moves
 */
export function weigh(
  base: TriedOut,
  tried: TriedOut,
  places: { tried: number; base: number | null },
): Weighed {
  const own = tried.byRule.get(places.tried) ?? none;
  // Of a threshold that moves the one set lies within the other: the affected are what lies between.
  const affected = places.base === null ? own : apart(own, base.byRule.get(places.base) ?? none);
  const all = [...base.byRule.values()].reduce(plus, none);
  const others = minus(all, affected);
  const difference = {
    repeated: newcombe([affected.repeats, affected.followed], [others.repeats, others.followed]),
    complained: newcombe([affected.complaints, affected.followed], [others.complaints, others.followed]),
  };
  return {
    evidence: {
      decisions: base.decisions,
      affected: affected.n,
      streams_kept: base.wouldStop - tried.wouldStop,
      repeated: shareOf(affected.repeats, affected.followed),
      complained: shareOf(affected.complaints, affected.followed),
      others: {
        repeated: shareOf(others.repeats, others.followed),
        complained: shareOf(others.complaints, others.followed),
      },
      difference,
    },
    complaints: verdictOf(difference.complained),
  };
}

/** By how much complaints may differ and still count as not higher: 0.5 percentage points. */
const margin = 0.005;

function verdictOf({
  lower,
  upper,
}: SuggestionEvidence['difference']['complained']): Suggestion['complaints'] {
  if (lower === null || upper === null) return 'untold';
  if (lower > 0) return 'may_rise';
  return upper <= margin ? 'not_higher' : 'untold';
}

/** Why an edit is not suggested; null where it may be. */
export function objectionTo(kind: Suggestion['kind'], { evidence, complaints }: Weighed): string | null {
  if (evidence.affected < fewest)
    return `fewer than ${fewest} opt-outs in the window would be decided otherwise`;
  if (kind === 'offer_pause' || kind === 'offer_cap')
    return complaints === 'may_rise'
      ? 'people there complain more than others: more mail is no answer'
      : null;
  if (evidence.streams_kept === 0) return 'it would change nothing';
  if (evidence.streams_kept > 0)
    return complaints === 'may_rise'
      ? 'people there complain more than others: they are not to be sent more'
      : null;
  const { repeated } = evidence.difference;
  return complaints === 'may_rise' || (repeated.lower ?? 0) > 0
    ? null
    : 'people there do not have to say it again more often than others';
}

const shareOf = (n: number, of: number): Share => ({ n, of, ...wilson(n, of) });

const plus = (one: RuleSums, other: RuleSums): RuleSums => combined(one, other, (a, b) => a + b);
const minus = (one: RuleSums, other: RuleSums): RuleSums =>
  combined(one, other, (a, b) => Math.max(0, a - b));
const apart = (one: RuleSums, other: RuleSums): RuleSums => combined(one, other, (a, b) => Math.abs(a - b));

const combined = (one: RuleSums, other: RuleSums, how: (a: number, b: number) => number): RuleSums => ({
  n: how(one.n, other.n),
  followed: how(one.followed, other.followed),
  repeats: how(one.repeats, other.repeats),
  complaints: how(one.complaints, other.complaints),
});
