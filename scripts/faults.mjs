// The fault tests with the counts that the project promises: 50 kills, 10,000 reads, a minute without the engine.
// `--small` takes the counts of the normal run; other arguments go to vitest, as in `node scripts/faults.mjs sigkill`.
// SECATEUR_SEED repeats a printed run. The figures are printed again at the end.
import { spawn } from 'node:child_process';
import { root, toolEnvironment } from './run.mjs';

const words = process.argv.slice(2).filter((word) => word !== '--');
const isSmall = words.includes('--small');
const args = words.filter((word) => word !== '--small');
const figures = [];

const code = await new Promise((resolve) => {
  const vitest = spawn(
    'vitest',
    // One file at a time: the figures of one test are not those of its neighbours.
    ['run', '--project', 'faults', '--no-file-parallelism', '--testTimeout=1800000', ...args],
    {
      cwd: root,
      env: toolEnvironment(isSmall ? {} : { SECATEUR_FAULTS: 'full' }),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let rest = '';
  vitest.stdout.on('data', (text) => {
    process.stdout.write(text);
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    figures.push(...lines.filter((line) => line.startsWith('faults: ')));
  });
  // Ctrl-C reaches vitest through the terminal; stay to print what it had found.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => vitest.kill('SIGTERM'));
  vitest.on('error', (error) => {
    console.error(error.message);
    resolve(1);
  });
  vitest.on('close', (status) => resolve(status ?? 1));
});

console.log(`\n${figures.join('\n')}`);
process.exit(code);
