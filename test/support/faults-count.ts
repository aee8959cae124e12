/** Small counts in every run; `SECATEUR_FAULTS=full` for the counts that the project promises. */
const isFull = process.env.SECATEUR_FAULTS === 'full';

export function counted(small: number, full: number): number {
  return isFull ? full : small;
}

/** One line in the report of the run. */
export function report(what: string, figures: Readonly<Record<string, unknown>>): void {
  const text = Object.entries(figures).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? round(value) : value}`,
  );
  process.stdout.write(`faults: ${what}: ${text.join(', ')}\n`);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The value below which that share of the values lies (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export type Random = () => number;

/** Seeded, so that a run can be repeated: `SECATEUR_SEED` takes a printed one. mulberry32. */
export function seeded(): { seed: number; random: Random } {
  const seed = Number(process.env.SECATEUR_SEED ?? Math.floor(Math.random() * 2 ** 31));
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, random };
}

/** A whole number from `from` up to, not including, `to`. */
export function between(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from));
}

export function oneOf<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[between(random, 0, values.length)];
  if (value === undefined) throw new Error('nothing to choose from');
  return value;
}
