/** `pnpm simulate` makes the counts that are promised; a usual test run makes a small slice of them. */
export const isFull = process.env.SECATEUR_SIMULATE === 'full';

/** Fixed, so that a usual run never fails by chance: the first of consecutive seeds. SECATEUR_SIMULATE_SEED takes others. */
export const firstSeed = Number(process.env.SECATEUR_SIMULATE_SEED ?? 1);

export const seedsOf = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => firstSeed + index);

/** Printed again at the end of `pnpm simulate`. */
export function print(line: string): void {
  process.stdout.write(`simulate: ${line}\n`);
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The q quantile of numbers, the nearest rank. */
export function quantileOf(values: readonly number[], q: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** How often an interval held the truth. */
export class Coverage {
  held = 0;
  asked = 0;

  note(lower: number, truth: number, upper: number): void {
    this.asked += 1;
    if (lower <= truth && truth <= upper) this.held += 1;
  }

  get share(): number {
    return this.held / this.asked;
  }
}
