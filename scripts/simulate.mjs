// Holds intervals, curves and alarms against logs whose truth is known, over hundreds of seeds, and prints what came of it:
// how often intervals hold the truth, false incidents against the budget, and which planted incidents are found, how late.
// SECATEUR_SIMULATE_SEED takes other seeds; other arguments go to vitest. About ten minutes.
import { longRun } from './long-run.mjs';

const args = process.argv.slice(2).filter((word) => word !== '--');
process.exit(
  await longRun(['--project', 'simulator', ...args], {
    env: { SECATEUR_SIMULATE: 'full' },
    figure: 'simulate: ',
  }),
);
