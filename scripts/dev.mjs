// The service from its sources, restarted on each change, with the dashboard by Vite in front of it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { preflight } from './preflight.mjs';

preflight();

const { buildOrExit } = await import('./build.mjs');
const { root, toolEnvironment } = await import('./run.mjs');
const { command, port } = await import('./service.mjs');

await buildOrExit();

const service = command(process.env.SECATEUR_DEMO ?? 'on');
const children = [
  start('tsc', ['-b', '--watch', '--preserveWatchOutput'], root),
  start(
    process.execPath,
    ['--watch', '--watch-preserve-output', '--enable-source-maps', join(root, 'backend', 'dist', 'main.js')],
    root,
    service.env,
  ),
  start('vite', ['--clearScreen', 'false'], join(root, 'frontend'), {
    SECATEUR_BACKEND: `http://localhost:${port}`,
  }),
];

function start(name, args, cwd, env) {
  return spawn(name, args, { cwd, env: toolEnvironment(env), stdio: 'inherit' });
}

function stop() {
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
// Without one of the three, the other two mislead.
for (const child of children) child.on('exit', stop);
