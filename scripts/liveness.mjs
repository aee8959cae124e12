import { readdirSync, readFileSync } from 'node:fs';

// Bits of a signal mask: signal n is bit n - 1.
const SEGMENTATION_FAULT = 1n << 10n;
const TERMINATE = 1n << 14n;

/**
 * Whether a thread of the process sits in the engine's handler of a fatal signal. The embedded engine waits there for
 * minutes for a listener that does not run, while its query, and all that waits for it, hangs. Inside the handler the
 * deadly signals are blocked and the ordinary ones are not; threads that block everything are Node's own.
 * Known on Linux alone; elsewhere false.
 *
 * @see https://github.com/chdb-io/chdb-core/issues/81
 */
export function hasCrashed(pid) {
  if (process.platform !== 'linux') return false;
  try {
    return readdirSync(`/proc/${pid}/task`).some((thread) => {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
      const blocked = BigInt(`0x${/^SigBlk:\s*(\w+)/m.exec(status)?.[1] ?? '0'}`);
      return (blocked & SEGMENTATION_FAULT) !== 0n && (blocked & TERMINATE) === 0n;
    });
  } catch {
    // Threads and processes end while one looks.
    return false;
  }
}

/**
 * Looks at a process every second.
 *
 * @param answers whether the service answers at all; not asked before it was ready
 * @param dead called once, with the reason
 * @returns stops looking
 */
export function watchLiveness(pid, answers, dead) {
  let crashed = 0;
  let silentSince;
  const timer = setInterval(async () => {
    crashed = hasCrashed(pid) ? crashed + 1 : 0;
    if (crashed === 2) return end('a native crash of the engine');
    const now = Date.now();
    if (await answers()) silentSince = undefined;
    else silentSince ??= now;
    if (silentSince !== undefined && now - silentSince > 30_000) end('no answer for 30 s');
  }, 1_000);
  let ended = false;
  const stop = () => {
    ended = true;
    clearInterval(timer);
  };
  const end = (why) => {
    if (ended) return;
    stop();
    dead(why);
  };
  return stop;
}
