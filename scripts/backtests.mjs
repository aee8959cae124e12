// Decides a generated log of over 100,000 decisions anew, in the engine and one by one, and compares every count; then
// prints over 24 seeds how often a backtest finds the rule that is better by construction, and falls for those that are not.
// SECATEUR_SEED repeats a printed run; other arguments go to vitest.
import { spawn } from 'node:child_process';
import { root, toolEnvironment } from './run.mjs';

const args = process.argv.slice(2).filter((word) => word !== '--');
const files = args.some((word) => word.startsWith('backtests')) ? [] : ['backtests'];
const vitest = spawn('vitest', ['run', '--project', 'api', ...files, ...args], {
  cwd: root,
  env: toolEnvironment({ SECATEUR_BACKTEST: 'full' }),
  stdio: 'inherit',
});
vitest.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
vitest.on('close', (status) => process.exit(status ?? 1));
