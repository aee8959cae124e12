import { betaShare, logBeta, logChoose, logGamma } from './special.js';

/** P(X ≥ x) of a binomial count of n with chance p. */
export function binomialTail(x: number, n: number, p: number): number {
  if (x <= 0) return 1;
  if (x > n) return 0;
  return betaShare(p, x, n - x + 1);
}

/** P(X ≥ x) of a Poisson count: terms from the side that is short, so that small tails keep their digits. */
export function poissonTail(x: number, mean: number): number {
  if (x <= 0) return 1;
  if (mean <= 0) return 0;
  const upper = x > mean;
  let term = Math.exp((upper ? x : x - 1) * Math.log(mean) - mean - logGamma(upper ? x + 1 : x));
  let sum = 0;
  for (let k = upper ? x : x - 1; term > 0 && (upper || k >= 0); k += upper ? 1 : -1) {
    sum += term;
    if (term < sum * 1e-17) break;
    term *= upper ? mean / (k + 1) : k / mean;
  }
  return upper ? sum : 1 - sum;
}

/** log P(X = x) of a beta-binomial count: the chance is itself drawn from Beta(α, β). */
export function betaBinomialLog(x: number, n: number, alpha: number, beta: number): number {
  return logChoose(n, x) + logBeta(x + alpha, n - x + beta) - logBeta(alpha, beta);
}

/** P(X ≥ x) of a beta-binomial count, summed over the shorter side. */
export function betaBinomialTail(x: number, n: number, alpha: number, beta: number): number {
  if (x <= 0) return 1;
  if (x > n) return 0;
  const mean = (n * alpha) / (alpha + beta);
  const sumOver = (from: number, to: number): number => {
    let sum = 0;
    for (let k = from; k <= to; k += 1) sum += Math.exp(betaBinomialLog(k, n, alpha, beta));
    return sum;
  };
  return x > mean ? sumOver(x, n) : 1 - sumOver(0, x - 1);
}

/** P(X > x) + ½ P(X = x): on average ½ where nothing is out of order, however discrete the count. */
export function betaBinomialMidTail(x: number, n: number, alpha: number, beta: number): number {
  return betaBinomialTail(x, n, alpha, beta) - Math.exp(betaBinomialLog(x, n, alpha, beta)) / 2;
}
