import { spawn } from 'node:child_process';
import { root, toolEnvironment } from './run.mjs';

/**
 * A run of vitest that is no part of the usual one. Prints its figures, the lines that begin with a word of its own,
 * again at the end.
 * @returns the exit code
 */
export async function longRun(args, { env = {}, figure }) {
  const figures = [];
  const code = await new Promise((resolve) => {
    const vitest = spawn('vitest', ['run', ...args], {
      cwd: root,
      env: toolEnvironment(env),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let rest = '';
    vitest.stdout.on('data', (text) => {
      process.stdout.write(text);
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      figures.push(...lines.filter((line) => line.startsWith(figure)));
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
  return code;
}
