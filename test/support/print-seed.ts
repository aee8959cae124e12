/** Vitest global set-up: says how to repeat this run's random tests. */
export default function printSeed(): void {
  console.log(`Random tests use seed ${process.env.SECATEUR_SEED}; SECATEUR_SEED=… repeats them.`);
}
