// `npx -y pnpm@12 start` is a chain of processes, and not each of them passes a signal on. Whoever ends the first one
// means the service, so the supervisor watches those above it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Parent and command line of a process; undefined where the system does not tell. */
function look(pid) {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The second field is a name in parentheses and may hold anything.
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return { parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
    }
    const line = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return { parent: Number.parseInt(line, 10), command: line.replace(/^\d+\s+/, '') };
  } catch {
    return undefined;
  }
}

/** The package managers among the ancestors: `npm exec …`, `npx …`, `pnpm …`, alone or run by Node. */
function launchers() {
  const found = [];
  for (let pid = process.ppid; pid > 1; ) {
    const seen = look(pid);
    if (seen === undefined) break;
    if (/^(\S*node\S* )?\S*\b(npx|npm|pnpm)(-cli)?(\.\w+)? /.test(seen.command)) found.push(pid);
    pid = seen.parent;
  }
  return found;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Calls `ended` once, within a second of the end of any of them. */
export function watchLaunchers(ended) {
  const pids = launchers();
  const timer = setInterval(() => {
    if (pids.every(isAlive)) return;
    clearInterval(timer);
    ended();
  }, 500);
  timer.unref();
}
