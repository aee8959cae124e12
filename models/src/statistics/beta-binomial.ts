import { betaQuantile, digamma } from './special.js';
import { betaBinomialLog } from './tails.js';

/** The spread of rates over siblings: rates are as drawn from Beta(α, β). */
export interface RatePrior {
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Moments of analysis of variance: pooled mean p, S = Σ n (x/n − p)², and the correlation ρ = 1/(α + β + 1) of two trials of
 * one segment that explains S. ρ ≤ 0: segments differ no more than chance, and there is no prior but one rate for all.
 *
 * @see Kleinman (1973), Proportions with extraneous variance, JASA 68
 */
export function betaBinomialMoments(successes: readonly number[], trials: readonly number[]) {
  const total = trials.reduce((sum, n) => sum + n, 0);
  const mean = successes.reduce((sum, x) => sum + x, 0) / total;
  let spread = 0;
  let squares = 0;
  let segments = 0;
  for (const [i, n] of trials.entries()) {
    if (n === 0) continue;
    segments += 1;
    spread += n * ((successes[i] as number) / n - mean) ** 2;
    squares += n * n;
  }
  const variance = mean * (1 - mean);
  const degrees = segments - 1;
  const rho = (spread - variance * degrees) / (variance * (total - squares / total - degrees));
  return { mean, spread, rho, alpha: (mean * (1 - rho)) / rho, beta: ((1 - mean) * (1 - rho)) / rho };
}

export function betaBinomialLikelihood(
  successes: readonly number[],
  trials: readonly number[],
  { alpha, beta }: RatePrior,
): number {
  return trials.reduce((sum, n, i) => sum + betaBinomialLog(successes[i] as number, n, alpha, beta), 0);
}

const mostSteps = 200;
/** Where the likelihood is nearly flat, Newton's step may leave all numbers: its length in log α and log β is bounded. */
const longestStep = 5;
/** Where α or β is beyond e³⁰, Beta(α, β) is one rate and the likelihood rises for ever; below e⁻³⁰ all or nothing happens. */
const mostLog = 30;
/** Moments can say more than 1 where in each segment all or nothing happened. */
const mostRho = 0.9;

/**
 * α and β of highest likelihood, by Newton's method on their logarithms from the moments. null where segments differ no more
 * than chance: then pool them. Segments without a trial say nothing.
 */
export function fitBetaBinomial(successes: readonly number[], trials: readonly number[]): RatePrior | null {
  const { mean, rho } = betaBinomialMoments(successes, trials);
  if (!(rho > 0)) return null;
  const size = 1 / Math.min(mostRho, rho) - 1;
  let [a, b] = [Math.log(mean * size), Math.log((1 - mean) * size)];
  const likelihood = (u: number, v: number): number =>
    betaBinomialLikelihood(successes, trials, { alpha: Math.exp(u), beta: Math.exp(v) });
  let best = likelihood(a, b);
  for (let step = 0; step < mostSteps; step += 1) {
    const [da, db] = ascent(successes, trials, a, b);
    let share = Math.min(1, longestStep / Math.max(Math.abs(da), Math.abs(db)));
    let next = likelihood(a + share * da, b + share * db);
    // Where the likelihood is flat to its last digits, the gradient still knows the way.
    while (!(next >= best - 1e-12 * Math.abs(best)) && share > 1e-6) {
      share /= 2;
      next = likelihood(a + share * da, b + share * db);
    }
    if (share <= 1e-6) break;
    a += share * da;
    b += share * db;
    best = next;
    if (a > mostLog || b > mostLog) return null;
    if (a < -mostLog || b < -mostLog || Math.abs(da) + Math.abs(db) < 1e-13) break;
  }
  return { alpha: Math.exp(a), beta: Math.exp(b) };
}

/** Newton step of the log likelihood in log α and log β; uphill along the gradient where it is not concave. */
function ascent(
  successes: readonly number[],
  trials: readonly number[],
  a: number,
  b: number,
): [number, number] {
  const [alpha, beta] = [Math.exp(a), Math.exp(b)];
  let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0];
  for (const [i, n] of trials.entries()) {
    const x = successes[i] as number;
    const [ofAll, ofAll2] = difference(n, alpha + beta);
    const [ofYes, ofYes2] = difference(x, alpha);
    const [ofNo, ofNo2] = difference(n - x, beta);
    ga += ofYes - ofAll;
    gb += ofNo - ofAll;
    haa += ofYes2 - ofAll2;
    hbb += ofNo2 - ofAll2;
    hab -= ofAll2;
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

/** ψ(count + z) − ψ(z) and its derivative, by sums where they are short: the digits of a difference of two logs are lost. */
function difference(count: number, z: number): [number, number] {
  if (count > 5000) {
    const second = (at: number) => (digamma(at * (1 + 1e-5)) - digamma(at * (1 - 1e-5))) / (2e-5 * at);
    return [digamma(count + z) - digamma(z), second(count + z) - second(z)];
  }
  let sum = 0;
  let slope = 0;
  for (let k = 0; k < count; k += 1) {
    sum += 1 / (z + k);
    slope -= 1 / ((z + k) * (z + k));
  }
  return [sum, slope];
}

/** A segment's rate drawn towards its siblings', with the interval that holds 95 % of what it may be. */
export function shrunkRate(successes: number, trials: number, { alpha, beta }: RatePrior, level = 0.95) {
  const [a, b] = [successes + alpha, trials - successes + beta];
  const outside = (1 - level) / 2;
  return { value: a / (a + b), lower: betaQuantile(outside, a, b), upper: betaQuantile(1 - outside, a, b) };
}
