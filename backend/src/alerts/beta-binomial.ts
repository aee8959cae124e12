/** Smallest share of the sum that still counts. */
const precise = 1e-17;
/** Below this the beta-binomial is the binomial, and log Γ would lose the digits that tell them apart. */
const leastRho = 1e-7;

/**
 * P(X ≥ x) of a beta-binomial of n trials with mean rate μ and intra-class correlation ρ: each day's own rate is drawn from
 * Beta(μ(1 − ρ)/ρ, (1 − μ)(1 − ρ)/ρ), so the variance is nμ(1 − μ)(1 + (n − 1)ρ). With ρ → 0 it is the binomial.
 *
 * The tail is summed from x upwards where x lies above the mean, so that small tails keep their digits, else from below.
 *
 * @param x whole, at least 0
 * @param mean in (0, 1)
 * @param rho in [0, 1)
 * @see Johnson, Kemp, Kotz (2005), Univariate discrete distributions, 3rd ed., section 6.2.2
 * @example betaBinomialTail(1, 1, 0.25, 0.1) // 0.25: one trial knows nothing of ρ
 */
export function betaBinomialTail(x: number, n: number, mean: number, rho: number): number {
  if (!(mean > 0 && mean < 1 && rho >= 0 && rho < 1))
    throw new RangeError(`no beta-binomial of ${mean}, ${rho}`);
  if (x <= 0) return 1;
  if (x > n) return 0;
  const { a, b } = shapes(mean, rho);
  return x > n * mean ? Math.min(1, upwards(x, n, a, b)) : Math.max(0, 1 - upTo(x, n, a, b));
}

function shapes(mean: number, rho: number): { a: number; b: number } {
  const spread = Math.max(rho, leastRho);
  const size = (1 - spread) / spread;
  return { a: mean * size, b: (1 - mean) * size };
}

/**
 * log P(X = x) of the same distribution, up to log C(n, x), which ratios of two means do not hold.
 *
 * @example Math.exp(logLikelihood(1, 1, 0.25, 0.1)) // 0.25
 */
export function logLikelihood(x: number, n: number, mean: number, rho: number): number {
  const { a, b } = shapes(mean, rho);
  return rise(a, x) + rise(b, n - x) - rise(a + b, n);
}

/** Σ P(k), k from x to n. P(k + 1)/P(k) = (n − k)(k + a) / ((k + 1)(n − k − 1 + b)). */
function upwards(x: number, n: number, a: number, b: number): number {
  let term = Math.exp(logProbability(x, n, a, b));
  let sum = 0;
  for (let k = x; ; k++) {
    sum += term;
    if (k === n || term < sum * precise) return sum;
    term *= ((n - k) * (k + a)) / ((k + 1) * (n - k - 1 + b));
  }
}

/** Σ P(k), k from x − 1 down to 0. */
function upTo(x: number, n: number, a: number, b: number): number {
  let term = Math.exp(logProbability(x - 1, n, a, b));
  let sum = 0;
  for (let k = x - 1; ; k--) {
    sum += term;
    if (k === 0 || term < sum * precise) return sum;
    term *= (k * (n - k + b)) / ((n - k + 1) * (k - 1 + a));
  }
}

/** log of C(n, x) B(x + a, n − x + b) / B(a, b). */
function logProbability(x: number, n: number, a: number, b: number): number {
  const choose = logGamma(n + 1) - logGamma(x + 1) - logGamma(n - x + 1);
  return choose + rise(a, x) + rise(b, n - x) - rise(a + b, n);
}

/** log Γ(a + k) − log Γ(a). */
const rise = (a: number, k: number): number => (k === 0 ? 0 : logGamma(a + k) - logGamma(a));

/**
 * log Γ(z) for z > 0 by Stirling's series with five terms, shifted above 12 by Γ(z + 1) = zΓ(z).
 *
 * @see DLMF 5.11.1, https://dlmf.nist.gov/5.11
 * @example logGamma(5) // 3.1780538303479458, log 24
 */
export function logGamma(z: number): number {
  let shift = 0;
  let at = z;
  for (; at < 12; at += 1) shift += Math.log(at);
  const inverse = 1 / at;
  const square = inverse * inverse;
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
