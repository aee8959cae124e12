import type { Queries } from '@secateur/sql';
import { rateOf } from '../analytics/rate.js';
import { wilson, z95 } from '../analytics/wilson.js';
import type { ArmDifference, ArmMean, Rollout, RolloutArm } from '../contract/rollouts.js';

export type ArmCounts = Omit<Queries['rollouts/arms']['row'], 'arm'>;

export const nobody: ArmCounts = {
  rulesets: [],
  people: 0,
  decisions: 0,
  streams_stopped: 0,
  streams_kept: 0,
  first_kept: 0,
  first_kept_squares: 0,
  repeats: 0,
  complaints: 0,
  followed_people: 0,
  followed_repeats: 0,
  followed_complaints: 0,
};

const unknown: ArmDifference = { value: null, lower: null, upper: null };

/** Both arms with intervals, and their differences. Arms are drawn by a keyed hash, so this is an experiment. */
export function compareArms(
  fresh: ArmCounts,
  old: ArmCounts,
): Pick<Rollout, 'design' | 'new_arm' | 'old_arm' | 'differences'> {
  const [newArm, oldArm] = [armOf(fresh), armOf(old)];
  return {
    design: 'randomised',
    new_arm: newArm,
    old_arm: oldArm,
    differences: {
      repeat_rate: newcombe(
        [fresh.followed_repeats, fresh.followed_people],
        [old.followed_repeats, old.followed_people],
      ),
      complaint_rate: newcombe(
        [fresh.followed_complaints, fresh.followed_people],
        [old.followed_complaints, old.followed_people],
      ),
      kept_per_person: differenceOfMeans(newArm.kept_per_person, oldArm.kept_per_person),
      repeats_so_far: newcombe([fresh.repeats, fresh.people], [old.repeats, old.people]),
      complaints_so_far: newcombe([fresh.complaints, fresh.people], [old.complaints, old.people]),
    },
  };
}

function armOf(counts: ArmCounts): RolloutArm {
  return {
    rulesets: counts.rulesets,
    people: counts.people,
    decisions: counts.decisions,
    streams_stopped: counts.streams_stopped,
    streams_kept: counts.streams_kept,
    followed_people: counts.followed_people,
    repeat_rate: rateOf(counts.followed_repeats, counts.followed_people),
    complaint_rate: rateOf(counts.followed_complaints, counts.followed_people),
    kept_per_person: meanOf(counts.people, counts.first_kept, counts.first_kept_squares),
    repeats_so_far: rateOf(counts.repeats, counts.people),
    complaints_so_far: rateOf(counts.complaints, counts.people),
  };
}

/**
 * Newcombe's hybrid score interval of the difference p̂₁ − p̂₂ of two independent proportions, from the Wilson bounds l, u
 * of each:
 *
 *   d − √((p̂₁ − l₁)² + (u₂ − p̂₂)²)  to  d + √((u₁ − p̂₁)² + (p̂₂ − l₂)²)
 *
 * 95 %, for one look. It stays in [−1, 1], and has width at 0 of n against 0 of m. Nulls where an arm has nobody.
 *
 * @param first successes and trials
 * @param second successes and trials
 * @see Newcombe (1998), Interval estimation for the difference between independent proportions, Stat. Med. 17, method 10
 * @example newcombe([56, 70], [48, 80]) // { value: 0.2, lower: 0.0524, upper: 0.3339 }
 */
export function newcombe(first: readonly [number, number], second: readonly [number, number]): ArmDifference {
  const [one, two] = [wilson(...first), wilson(...second)];
  if (one.value === null || one.lower === null || one.upper === null) return unknown;
  if (two.value === null || two.lower === null || two.upper === null) return unknown;
  const value = one.value - two.value;
  return {
    value,
    lower: value - Math.hypot(one.value - one.lower, two.upper - two.value),
    upper: value + Math.hypot(one.upper - one.value, two.value - two.lower),
  };
}

/**
 * Mean of n values with its normal 95 % interval x̄ ± z s/√n, from their sum and the sum of their squares. Whole numbers
 * below 2^53, so nothing is lost in the difference.
 */
export function meanOf(n: number, sum: number, squares: number): ArmMean {
  if (n === 0) return { n, value: null, lower: null, upper: null };
  const value = sum / n;
  if (n === 1) return { n, value, lower: null, upper: null };
  const variance = Math.max(0, (n * squares - sum * sum) / (n * (n - 1)));
  const half = z95 * Math.sqrt(variance / n);
  return { n, value, lower: value - half, upper: value + half };
}

/** Independent means: the squares of their half widths add up. */
function differenceOfMeans(first: ArmMean, second: ArmMean): ArmDifference {
  if (first.value === null || second.value === null) return unknown;
  const value = first.value - second.value;
  if (first.upper === null || second.upper === null) return { value, lower: null, upper: null };
  const half = Math.hypot(first.upper - first.value, second.upper - second.value);
  return { value, lower: value - half, upper: value + half };
}
