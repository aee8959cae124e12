/**
 * A seeded source of randomness: the same seed gives the same numbers on every machine and in every version of Node.
 * Not for secrets.
 */
export interface Random {
  /** Uniform on [0, 1) with 53 random bits. */
  uniform(): number;
  /** 32 random bits as an unsigned integer. */
  bits(): number;
  /** Uniform on [low, high). */
  between(low: number, high: number): number;
  /** Uniform over 0 … count − 1. The bias of scaling 53 bits is below count · 2⁻⁵³. */
  integer(count: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  normal(mean?: number, deviation?: number): number;
  exponential(mean: number): number;
  gamma(shape: number, scale?: number): number;
  beta(alpha: number, beta: number): number;
  poisson(mean: number): number;
  choice<T>(items: readonly T[]): T;
  /** One of the items, each with probability weight / sum of weights. */
  weighted<T>(items: readonly (readonly [T, number])[]): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** An independent source for one purpose, so that drawing more for one leaves the others as they were. */
  fork(label: string): Random;
}

/** The largest mean for which exp(−mean) leaves room for Knuth's product; larger means are split. */
const poissonStep = 25;

/**
 * @param seed any finite number; its 32 low bits and the bits above them are both used
 * @example createRandom(7).integer(1000) // 427
 */
export function createRandom(seed: number): Random {
  return fromWords(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0);
}

function fromWords(low: number, high: number): Random {
  const bits = sfc32(low, high);

  const uniform = (): number => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53;
  const integer = (count: number): number => Math.floor(uniform() * count);

  /** Box and Muller (1958), A note on the generation of random normal deviates; the second deviate is dropped. */
  const normal = (mean = 0, deviation = 1): number =>
    mean + deviation * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

  /**
   * Gamma with mean shape · scale and variance shape · scale².
   * @see Marsaglia and Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26(3)
   */
  const gamma = (shape: number, scale = 1): number => {
    if (!(shape > 0 && scale > 0)) throw new RangeError('gamma needs a positive shape and scale');
    if (shape < 1) return gamma(shape + 1, scale) * (1 - uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * scale;
    }
  };

  /**
   * Poisson by Knuth's product of uniforms. A Poisson of a large mean is a sum of Poissons of smaller ones, so large
   * means are split: exact, and linear in the mean.
   * @see Knuth, The Art of Computer Programming, vol. 2, section 3.4.1
   */
  const poisson = (mean: number): number => {
    if (!(mean >= 0)) throw new RangeError('poisson needs a mean of zero or more');
    let count = 0;
    for (let rest = mean; rest > 0; rest -= poissonStep) {
      const limit = Math.exp(-Math.min(rest, poissonStep));
      for (let product = uniform(); product > limit; product *= uniform()) count += 1;
    }
    return count;
  };

  const choice = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('nothing to choose from');
    return items[integer(items.length)] as T;
  };

  const weighted = <T>(items: readonly (readonly [T, number])[]): T => {
    let left = uniform() * items.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    const last = items.at(-1);
    if (last === undefined) throw new RangeError('nothing to choose from');
    return last[0];
  };

  /** Fisher–Yates, as in Durstenfeld (1964), Algorithm 235. */
  const shuffle = <T>(items: readonly T[]): T[] => {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i -= 1) {
      const j = integer(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
    }
    return shuffled;
  };

  return {
    uniform,
    bits,
    between: (from, to) => from + (to - from) * uniform(),
    integer,
    chance: (probability) => uniform() < probability,
    normal,
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    gamma,
    beta: (a, b) => {
      const x = gamma(a);
      return x / (x + gamma(b));
    },
    poisson,
    choice,
    weighted,
    shuffle,
    fork: (label) => fromWords((low ^ hash(label)) >>> 0, (high ^ hash(`${label}'`)) >>> 0),
  };
}

/**
 * Small fast chaotic generator of 32 bits: 128 bits of state, period at least 2³² and about 2¹²⁷ on average.
 * @see Doty-Humphrey, PractRand 0.95 (sfc32), seeded as there: two words, a counter of 1, 12 rounds thrown away
 */
function sfc32(seedLow: number, seedHigh: number): () => number {
  let a = 0;
  let b = seedLow | 0;
  let c = seedHigh | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

/** FNV-1a of 32 bits over UTF-16 units (Fowler, Noll, Vo). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}
