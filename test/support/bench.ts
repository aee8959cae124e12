/** One line of the table, as DESIGN.md section 11 wants it. */
export interface BenchResult {
  readonly name: string;
  readonly ours: number;
  /** null: measured against a figure and not against somebody. */
  readonly peer: number | null;
  readonly ratio: number | null;
  readonly unit: string;
  /** What the ratio, or without a peer our figure, must reach; null: shown only. */
  readonly budget: number | null;
  readonly holds: boolean | null;
}

export function benchResult(
  name: string,
  unit: string,
  ours: number,
  peer: number | null = null,
  budget: number | null = null,
): BenchResult {
  const ratio = peer === null ? null : ours / peer;
  return { name, ours, peer, ratio, unit, budget, holds: budget === null ? null : (ratio ?? ours) >= budget };
}

/** Something to be done again and again, and how often that was in a second. */
export interface Contender {
  readonly name: string;
  /** @returns how often it was done, the more at once the less the clock counts */
  run(): number | Promise<number>;
  /** Count the processor's time and not the clock's: for one thread on a machine that others use. */
  readonly byProcessor?: boolean;
}

const rounds = 5;
const milliseconds = 600;

/** Times a second, the median of five rounds in which all take their turn: what disturbs one disturbs the others. */
export async function ratesOf(contenders: readonly Contender[]): Promise<ReadonlyMap<string, number>> {
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const contender of contenders) {
      const rate = await rateOf(contender);
      // The first round warms up.
      if (round >= 0) rates.get(contender.name)?.push(rate);
    }
  }
  return new Map([...rates].map(([name, each]) => [name, median(each)]));
}

async function rateOf({ run, byProcessor = false }: Contender): Promise<number> {
  const began = performance.now();
  const used = process.cpuUsage();
  let count = 0;
  while (performance.now() - began < milliseconds) count += await run();
  const { user, system } = process.cpuUsage(used);
  return byProcessor ? (count / (user + system)) * 1e6 : (count / (performance.now() - began)) * 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** For scripts/bench.mjs, which makes the table. */
export function reportBench(results: readonly BenchResult[]): void {
  for (const result of results) process.stdout.write(`bench: ${JSON.stringify(result)}\n`);
}
