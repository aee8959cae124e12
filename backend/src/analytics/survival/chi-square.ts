/** Smallest change that still counts against what is summed. */
const precise = 1e-16;
const mostTerms = 10_000;

/**
 * Probability that a chi-square variable with that many degrees of freedom exceeds x: Q(df/2, x/2), the regularised upper
 * incomplete gamma function. By the power series of P below a + 1, by Legendre's continued fraction (modified Lentz) above,
 * so that small tails keep their digits.
 *
 * @param degrees at least 1, a whole number
 * @see DLMF 8.7.1 and 8.9.2, https://dlmf.nist.gov/8
 * @example chiSquareTail(3.841458820694124, 1) // 0.05
 */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(degrees >= 1) || !Number.isInteger(degrees))
    throw new RangeError(`${degrees} are no degrees of freedom`);
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 1;
  const a = degrees / 2;
  const z = x / 2;
  const front = Math.exp(a * Math.log(z) - z - logGammaOfHalf(degrees));
  return z < a + 1 ? 1 - front * series(a, z) : front * fraction(a, z);
}

/** Σ z^n / (a (a + 1) … (a + n)) */
function series(a: number, z: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < mostTerms && term > sum * precise; n++) {
    term *= z / (a + n);
    sum += term;
  }
  return sum;
}

/** 1 / (z + 1 − a − 1(1 − a)/(z + 3 − a − 2(2 − a)/(z + 5 − a − …))) */
function fraction(a: number, z: number): number {
  let b = z + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < mostTerms; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) < precise) break;
  }
  return value;
}

/** log Γ(k/2) from Γ(1) = 1 and Γ(1/2) = √π by Γ(a + 1) = a Γ(a). */
function logGammaOfHalf(k: number): number {
  let sum = k % 2 === 0 ? 0 : Math.log(Math.PI) / 2;
  for (let a = k % 2 === 0 ? 1 : 0.5; a < k / 2; a += 1) sum += Math.log(a);
  return sum;
}
