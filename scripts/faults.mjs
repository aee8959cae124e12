// The fault tests with the counts that the project promises: 50 kills, 10,000 reads, a minute without the engine.
// `--small` takes the counts of the normal run; other arguments go to vitest, as in `node scripts/faults.mjs sigkill`.
// SECATEUR_SEED repeats a printed run. The figures are printed again at the end.
import { longRun } from './long-run.mjs';

const words = process.argv.slice(2).filter((word) => word !== '--');
const isSmall = words.includes('--small');
const args = words.filter((word) => word !== '--small');

process.exit(
  await longRun(
    // One file at a time: the figures of one test are not those of its neighbours.
    ['--project', 'faults', '--no-file-parallelism', '--testTimeout=1800000', ...args],
    { env: isSmall ? {} : { SECATEUR_FAULTS: 'full' }, figure: 'faults: ' },
  ),
);
