// Asks 100,000 conditions in four ways, and prints what was asked and which wrong evaluators were found out:
// closure, tracing twin, SQL on the embedded engine, and an interpreter that shares nothing with them.
// SECATEUR_SEED repeats a printed run; other arguments go to vitest.
import { spawn } from 'node:child_process';
import { root, toolEnvironment } from './run.mjs';

const args = process.argv.slice(2).filter((word) => word !== '--');
const vitest = spawn('vitest', ['run', '--project', 'sql', 'condition-parity', ...args], {
  cwd: root,
  env: toolEnvironment({ SECATEUR_PARITY: 'full' }),
  stdio: 'inherit',
});
vitest.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
vitest.on('close', (status) => process.exit(status ?? 1));
