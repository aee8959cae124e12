// What the scripts know of the service from outside: its environment, its port, and a few of its routes.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { root } from './run.mjs';

const host = process.env.HOST || '127.0.0.1';

/** Listens for a moment. @returns the port, or undefined where that is not possible */
function tryPort(wanted) {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', () => answer(undefined));
    probe.listen(wanted, host, () => {
      const { port } = probe.address();
      probe.close(() => answer(port));
    });
  });
}

// The service would take any free port for 0 as well, but then nobody here would know which.
const given = process.env.PORT || '3000';
export const port = Number(given) === 0 ? await tryPort(0) : Number(given);

const own = ['0.0.0.0', '::', 'localhost'].includes(host) ? '127.0.0.1' : host;
export const base = `http://${own.includes(':') ? `[${own}]` : own}:${port}`;
export const data = resolve(root, process.env.SECATEUR_DATA || 'data');

/** `main.js` with the service's environment; `SECATEUR_DEMO` is `on` or `off`. */
export function command(demo) {
  return {
    command: process.execPath,
    args: [
      '--enable-source-maps',
      '--import',
      new URL('./end-with-supervisor.mjs', import.meta.url).href,
      join(root, 'backend', 'dist', 'main.js'),
    ],
    env: {
      ...process.env,
      PORT: Number.isNaN(port) ? given : String(port),
      SECATEUR_DATA: data,
      SECATEUR_DEMO: demo,
      // Each running statement of the engine holds a thread of libuv's pool, which file access shares.
      UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '16',
    },
  };
}

/** Whether somebody listens on the port already. What is no port at all, the service itself refuses. */
export async function portIsTaken() {
  if (!(port > 0 && port < 65_536)) return false;
  return (await tryPort(port)) === undefined;
}

/** JSON of a route, or undefined while it does not answer 2xx. */
export async function get(path, key) {
  try {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const response = await fetch(base + path, { headers, signal: AbortSignal.timeout(2_000) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** What the first start left for the person who installed it: the link that sets the password, and the key. */
export function firstStart() {
  const file = join(data, 'first-start.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
