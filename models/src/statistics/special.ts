/** Lanczos approximation of log Γ, g = 607/128: full double precision for x > 0. */
const lanczos = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
  3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125,
  -0.00021026444172410488, 0.00021743961811521265, -0.0001643181065367639, 8.441822398385275e-5,
  -2.6190838401581408e-5, 3.6899182659531625e-6,
] as const;

/**
 * log Γ(x) for x > 0.
 * @see Lanczos (1964), SIAM J. Numer. Anal. 1; coefficients by Godfrey (2001)
 * @example logGamma(0.5) // 0.5723649429
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma of ${x}`);
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  let sum: number = lanczos[0];
  for (let i = 1; i < lanczos.length; i += 1) sum += (lanczos[i] as number) / (z + i);
  const t = z + 607 / 128 + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * ψ(x), the derivative of log Γ, for x > 0: recurrence up to 12, then the asymptotic series.
 * @see DLMF 5.5.2 and 5.11.2
 */
export function digamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`digamma of ${x}`);
  let shift = 0;
  let z = x;
  for (; z < 12; z += 1) shift -= 1 / z;
  const square = 1 / (z * z);
  const series =
    square *
    (1 / 12 -
      square *
        (1 / 120 - square * (1 / 252 - square * (1 / 240 - square * (1 / 132 - square * (691 / 32_760))))));
  return shift + Math.log(z) - 0.5 / z - series;
}

export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

export const logChoose = (n: number, k: number): number =>
  k === 0 || k === n ? 0 : -Math.log(n + 1) - logBeta(n - k + 1, k + 1);

const precise = 1e-16;
const mostTerms = 10_000;

/**
 * Regularised incomplete beta I_x(a, b), the distribution function of the beta distribution, by a continued fraction.
 * @see DLMF 8.17.22
 */
export function betaShare(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0)) throw new RangeError('the beta distribution needs positive parameters');
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** 1 − I_x(a, b), with its digits where it is small. */
export const betaTail = (x: number, a: number, b: number): number => betaShare(1 - x, b, a);

function betaFraction(x: number, a: number, b: number): number {
  const held = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1;
  let d = 1 / held(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < mostTerms; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / held(1 + even * d);
    c = held(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / held(1 + odd * d);
    c = held(1 + odd / c);
    const change = d * c;
    value *= change;
    if (Math.abs(change - 1) < precise) break;
  }
  return value;
}

/** The quantile of the beta distribution, by bisection and Newton steps that stay inside the bracket. */
export function betaQuantile(share: number, a: number, b: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return 1;
  const scale = logBeta(a, b);
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let step = 0; step < 200; step += 1) {
    const error = betaShare(x, a, b) - share;
    if (error > 0) high = x;
    else low = x;
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - scale);
    let next = x - error / density;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (Math.abs(next - x) <= 1e-16 * Math.abs(next)) return next;
    x = next;
  }
  return x;
}

/**
 * P(Z > z) of the standard normal distribution, with its digits where it is small: a Taylor series of the distribution
 * function near 0, a continued fraction in the tail.
 * @see DLMF 7.9.3; Marsaglia (2004), Evaluating the normal distribution, J. Stat. Softw. 11(4)
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let n = 3; term > sum * precise; n += 2) {
      term *= (z * z) / n;
      sum += term;
    }
    return 0.5 - sum * density;
  }
  let fraction = 0;
  for (let n = 200; n >= 1; n -= 1) fraction = n / (z + fraction);
  return density / (z + fraction);
}

/** The quantile of the standard normal distribution, by Newton steps on the tail from a rough start. */
export function normalQuantile(share: number): number {
  if (share === 0.5) return 0;
  if (share > 0.5) return -normalQuantile(1 - share);
  if (!(share > 0)) return Number.NEGATIVE_INFINITY;
  let z = Math.sqrt(-2 * Math.log(share));
  for (let step = 0; step < 100; step += 1) {
    const tail = normalTail(z);
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    // Halley's step: the second derivative of the tail is z times the density.
    const newton = (tail - share) / density;
    const change = newton / (1 - (z * newton) / 2);
    z += change;
    if (Math.abs(change) <= 1e-15 * (1 + z)) break;
  }
  return -z;
}
