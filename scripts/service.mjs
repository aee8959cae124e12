// What the scripts know of the service from outside: its environment, its port, and a few of its routes.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { root } from './run.mjs';

export const port = Number(process.env.PORT || 3000);
export const base = `http://127.0.0.1:${port}`;
export const data = resolve(root, process.env.SECATEUR_DATA || 'data');

/** `main.js` with the service's environment; `SECATEUR_DEMO` is `on` or `off`. */
export function command(demo) {
  const main = join(root, 'backend', 'dist', 'main.js');
  return {
    command: process.execPath,
    args: [
      '--enable-source-maps',
      '--import',
      new URL('./end-with-supervisor.mjs', import.meta.url).href,
      main,
    ],
    env: {
      ...process.env,
      PORT: String(port),
      SECATEUR_DATA: data,
      SECATEUR_DEMO: demo,
      // Each running statement of the engine holds a thread of libuv's pool, which file access shares.
      UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '16',
    },
  };
}

/** Whether nobody listens on the port yet. */
export function portIsFree() {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', () => answer(false));
    probe.listen(port, () => probe.close(() => answer(true)));
  });
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
