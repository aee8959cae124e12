import type { RatePrior } from './beta-binomial.js';

/**
 * Retention beyond what was seen: everybody leaves with a chance of their own, drawn from Beta(α, β), so those who stay are
 * ever more loyal. An extrapolation, and to be labelled as one.
 *
 * @see Fader and Hardie (2007), How to project customer retention, J. Interact. Mark. 21(1)
 */
export function survivalShiftedBeta({ alpha, beta }: RatePrior, periods: number): number {
  let survival = 1;
  for (let t = 1; t <= periods; t += 1) survival *= retentionShiftedBeta({ alpha, beta }, t);
  return survival;
}

/** The share of those who stayed t − 1 periods who stay the t-th. */
export const retentionShiftedBeta = ({ alpha, beta }: RatePrior, t: number): number =>
  (beta + t - 1) / (alpha + beta + t - 1);

/** @param active how many of a cohort are left after 0, 1, 2 … periods */
export function likelihoodShiftedBeta(active: readonly number[], prior: RatePrior): number {
  let likelihood = 0;
  let survival = 1;
  for (let t = 1; t < active.length; t += 1) {
    const stays = survival * retentionShiftedBeta(prior, t);
    likelihood += ((active[t - 1] as number) - (active[t] as number)) * Math.log(survival - stays);
    survival = stays;
  }
  return likelihood + (active.at(-1) as number) * Math.log(survival);
}

const mostSteps = 200;

/** α and β of highest likelihood, by Newton's method on their logarithms. */
export function fitShiftedBeta(active: readonly number[]): RatePrior {
  let [a, b] = [0, 0];
  const likelihood = (u: number, v: number): number =>
    likelihoodShiftedBeta(active, { alpha: Math.exp(u), beta: Math.exp(v) });
  let best = likelihood(a, b);
  for (let step = 0; step < mostSteps; step += 1) {
    const [da, db] = ascent(active, a, b);
    let share = 1;
    while (likelihood(a + share * da, b + share * db) < best && share > 1e-9) share /= 2;
    if (share <= 1e-9) break;
    a += share * da;
    b += share * db;
    best = likelihood(a, b);
    if (Math.abs(da) + Math.abs(db) < 1e-12) break;
  }
  return { alpha: Math.exp(a), beta: Math.exp(b) };
}

/**
 * Leaving in period t has the chance α/(α+β+t−1) among those who are left, so the likelihood is a sum over periods of
 * l log α + s log(β+t−1) − (l+s) log(α+β+t−1) with l who left and s who stayed.
 */
function ascent(active: readonly number[], a: number, b: number): [number, number] {
  const [alpha, beta] = [Math.exp(a), Math.exp(b)];
  let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0];
  for (let t = 1; t < active.length; t += 1) {
    const before = active[t - 1] as number;
    const stayed = active[t] as number;
    const all = alpha + beta + t - 1;
    const loyal = beta + t - 1;
    ga += (before - stayed) / alpha - before / all;
    gb += stayed / loyal - before / all;
    haa += before / (all * all) - (before - stayed) / (alpha * alpha);
    hbb += before / (all * all) - stayed / (loyal * loyal);
    hab += before / (all * all);
  }
  const [ua, ub] = [alpha * ga, beta * gb];
  const [kaa, kab, kbb] = [alpha * alpha * haa + ua, alpha * beta * hab, beta * beta * hbb + ub];
  const determinant = kaa * kbb - kab * kab;
  if (!(kaa < 0 && determinant > 0)) {
    const size = Math.max(1, Math.hypot(ua, ub));
    return [ua / size, ub / size];
  }
  return [(kab * ub - kbb * ua) / determinant, (kab * ua - kaa * ub) / determinant];
}
