/** Vitest global set-up, once a run and not once a project: says how to repeat this run's random tests. */
export default function printSeed(): void {
  if (process.env.SECATEUR_SEED_PRINTED === undefined) {
    console.log(`Random tests use seed ${process.env.SECATEUR_SEED}; SECATEUR_SEED=… repeats them.`);
  }
  process.env.SECATEUR_SEED_PRINTED = 'yes';
}
