import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Environment in which the tools of node_modules/.bin are found by name. */
export function toolEnvironment(extra = {}) {
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  return { ...process.env, PATH: path, ...extra };
}

/** Runs a command to its end and gathers what it wrote. Rejects only where it could not be started. */
export function capture(command, args, { cwd = root, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: toolEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ok: code === 0, code, signal, output }));
  });
}

/** As `capture`, but a failure throws with the output as its message. */
export async function must(command, args, options) {
  const { ok, output } = await capture(command, args, options);
  if (!ok) throw new Error(output.trim() || `${command} ${args.join(' ')} failed`);
}
