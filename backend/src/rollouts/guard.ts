import type { GuardSettings, GuardView, Rollout, RolloutArm } from '../contract/rollouts.js';

/** People of an arm, and those of them who complained after their first decision. */
export interface Complaints {
  readonly people: number;
  readonly complaints: number;
}

/** How often, at most, a rollout is rolled back though its new arm is worse by no more than the margin. */
export const alpha = 0.05;

/** Where the bounds are narrowest: at about so many people in both arms together. */
const narrowestAt = 1000;

/**
 * ρ for bounds that are narrowest at n people: √((−2 ln α + ln(1 − 2 ln α)) / n), here 0.0891. Another ρ is as valid and
 * narrower elsewhere; it may not depend on the data.
 *
 * @see Waudby-Smith et al. (2021), the appendix on tuning Robbins' normal mixture
 */
export const rho = Math.sqrt((-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / narrowestAt);

/**
 * Half width of an asymptotic confidence sequence for a mean of n values with standard deviation σ:
 *
 *   σ √(2(nρ² + 1)/(n²ρ²) · ln(√(nρ² + 1)/α))
 *
 * With a chance of 1 − α the mean is inside at every n at once, so looking again and again costs nothing. It is two-sided;
 * used on one side it errs towards waiting.
 *
 * @see Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas (2021), Time-uniform central limit theory and asymptotic confidence
 *   sequences, arXiv:2103.06476, theorem 2.2
 */
export function sequenceHalfWidth(deviation: number, n: number): number {
  const grown = n * rho * rho + 1;
  return deviation * Math.sqrt(((2 * grown) / (n * n * rho * rho)) * Math.log(Math.sqrt(grown) / alpha));
}

/**
 * Is the new arm worse? The difference of the shares of people who complained, new minus old, in bounds that hold at every
 * look. It is the mean of n values, one a person of either arm, whose variance is n(v₁/n₁ + v₂/n₂): the paper's estimate of
 * an average effect under known chances of treatment, with the arms' means as regression.
 *
 * Complaints that are yet to come are missing from both arms alike. Each v is p(1 − p) of one complaint and one person
 * without more than there are, so that an arm without complaints is not taken for certain. With few complaints the normal
 * approximation is rough, which `min_people` and the simulation in the test answer for.
 */
export function judge(fresh: Complaints, old: Complaints, { margin, min_people }: GuardSettings): GuardView {
  const setting = { margin, min_people, alpha };
  if (fresh.people === 0 || old.people === 0) {
    return { verdict: 'too_few', difference: null, lower: null, upper: null, ...setting };
  }
  const n = fresh.people + old.people;
  const difference = fresh.complaints / fresh.people - old.complaints / old.people;
  const half = sequenceHalfWidth(Math.sqrt(n * (varianceOfRate(fresh) + varianceOfRate(old))), n);
  const bounds = { difference, lower: difference - half, upper: difference + half, ...setting };
  if (Math.min(fresh.people, old.people) < min_people) return { verdict: 'too_few', ...bounds };
  if (bounds.lower > margin) return { verdict: 'worse', ...bounds };
  return { verdict: bounds.upper <= margin ? 'not_worse' : 'open', ...bounds };
}

function varianceOfRate({ people, complaints }: Complaints): number {
  const rate = (complaints + 1) / (people + 2);
  return (rate * (1 - rate)) / people;
}

/** One line with the numbers, for the version's events. */
export function reasonOf({
  new_arm,
  old_arm,
  guard,
}: Pick<Rollout, 'new_arm' | 'old_arm' | 'guard'>): string {
  const of = ({ complaints_so_far: { numerator, denominator } }: RolloutArm) =>
    `${numerator} of ${denominator} people`;
  return (
    `complaints: ${of(new_arm)} in the new arm, ${of(old_arm)} in the old; difference ` +
    `${points(guard.difference)}, at least ${points(guard.lower)} at every look (95 %), more than the margin of ` +
    points(guard.margin)
  );
}

const points = (share: number | null): string => `${((share ?? 0) * 100).toFixed(2)} percentage points`;
