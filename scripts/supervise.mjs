import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchLaunchers } from './launchers.mjs';
import { watchLiveness } from './liveness.mjs';

/** Restarts within the window before the supervisor gives up, and how long it waits before each. */
const MAX_RESTARTS = 5;
const WINDOW_MS = 5 * 60_000;
const WAITS_MS = [0, 1_000, 2_000, 5_000, 10_000];
/** How long a service that was told to stop may take: a little more than it allows itself. */
const STOP_MS = 10_500;

/**
 * Keeps one service running. A native crash of the engine ends the whole process, so it is started again; a service
 * that ends with an exit code before it was ever ready said why itself, and is not.
 *
 * @param start what to start: `{ command, args, env }`
 * @param on `line(text, isError)` for each line it writes, `restarting(why, seconds)`, `givingUp(why)`, and
 *   `answers()`: does the service answer?
 * @returns `ready()` to note that the service answered, `done` the exit code to end with
 */
export function supervise(start, on) {
  let child;
  let wasReady = false;
  let stopping;
  const restarts = [];

  const stop = (signal) => {
    if (stopping !== undefined) return;
    stopping = signal;
    child?.kill(signal);
    setTimeout(() => child?.kill('SIGKILL'), STOP_MS).unref();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  // The service knows no SIGHUP.
  for (const signal of signals) process.on(signal, () => stop(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  watchLaunchers(() => stop('SIGTERM'));

  const once = () =>
    new Promise((resolve) => {
      // A group of its own: Ctrl-C in the terminal reaches it once, through this process.
      child = spawn(start.command, start.args, {
        env: start.env,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: process.platform !== 'win32',
      });
      if (stopping !== undefined) child.kill(stopping);
      lines(child.stdout, (text) => on.line(text, false));
      lines(child.stderr, (text) => on.line(text, true));
      let killedFor;
      const unwatch = watchLiveness(
        child.pid,
        async () => !wasReady || (await on.answers()),
        (why) => {
          killedFor = why;
          child.kill('SIGKILL');
        },
      );
      const end = (code, signal, why) => {
        unwatch();
        resolve({ code, signal, why });
      };
      child.on('error', (error) => end(1, null, error.message));
      child.on('close', (code, signal) => end(code, signal, killedFor ?? reason(code, signal)));
    });

  const run = async () => {
    for (;;) {
      const { code, signal, why } = await once();
      child = undefined;
      if (stopping !== undefined) return signal === 'SIGKILL' ? 1 : (code ?? 0);
      if (code === 0) return 0;
      if (signal === null && !wasReady) return code;

      const now = Date.now();
      while (restarts.length > 0 && restarts[0] < now - WINDOW_MS) restarts.shift();
      if (restarts.length === MAX_RESTARTS) {
        on.givingUp(why);
        return code ?? 1;
      }
      const wait = WAITS_MS[restarts.length];
      restarts.push(now);
      on.restarting(why, wait / 1000);
      await sleep(wait);
      if (stopping !== undefined) return 0;
    }
  };

  return {
    ready: () => {
      wasReady = true;
    },
    done: run(),
  };
}

const reason = (code, signal) => (signal === null ? `exit code ${code}` : signal);

function lines(stream, emit) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    for (const part of parts) emit(part);
  });
  stream.on('end', () => {
    if (rest !== '') emit(rest);
  });
}
