// Builds what changed, keeps the service running, and tells a newcomer where to look.
// `--demo` fills an empty installation with a simulated subscriber base; `--no-build` runs what is built, as in a
// container.
import { preflight } from './preflight.mjs';

preflight();

const { buildOrExit } = await import('./build.mjs');
const { command, data, get, port, portIsTaken } = await import('./service.mjs');
const { supervise } = await import('./supervise.mjs');
const { clearLiveLine, dim, green, liveLine, print, printError, seconds } = await import('./terminal.mjs');
const { followDemo, readiness, welcome } = await import('./welcome.mjs');

const demo = (process.env.SECATEUR_DEMO || (process.argv.includes('--demo') ? 'on' : 'off')) === 'on';

print('Secateur');
if (await portIsTaken()) {
  printError(
    `Port ${port} is taken by another program. Choose another with PORT: PORT=${port + 1} npx -y pnpm@12 start`,
  );
  process.exit(1);
}
if (!process.argv.includes('--no-build')) await buildOrExit();

/** What the service wrote before it was ready: shown only if it never is, for it explains why. */
let before = [];
/** Who tries the demo has not asked for a log. */
const quiet = demo && !process.env.LOG_LEVEL;
let ended = false;
const began = performance.now();
const waiting = setInterval(() => liveLine(`  … engine  ${dim(seconds(began))}`), 100);

const service = supervise(command(demo ? 'on' : 'off'), {
  line: (text, isError) => {
    if (before !== undefined) before.push(text);
    else if (quiet && !isNews(text)) return;
    else if (isError) printError(text);
    else print(text);
  },
  answers: async () => (await get('/healthz')) !== undefined,
  restarting: (why, wait) =>
    printError(`The service stopped (${why}); starting it again${wait > 0 ? ` in ${wait} s` : ''}.`),
  givingUp: (why) =>
    printError(`The service stopped again (${why}), six times in five minutes: not starting it any more.`),
});

const greet = async () => {
  if (!(await readiness(() => ended))) return;
  service.ready();
  clearInterval(waiting);
  clearLiveLine();
  print(`  ${green('✓')} engine  ${dim(seconds(began))}`);
  before = undefined;
  const key = welcome(demo);
  if (demo && key !== undefined) await followDemo(key, () => ended);
};

const greeted = greet();
const code = await service.done;
ended = true;
clearInterval(waiting);
await greeted;
clearLiveLine();
if (before !== undefined && code !== 0) explain();
process.exit(code);

function explain() {
  if (before.some((line) => line.includes('Cannot lock file'))) {
    printError(
      `The data directory ${data} is in use by another process. Stop that one, or choose another directory with SECATEUR_DATA.`,
    );
    return;
  }
  for (const line of before.filter(isNews).slice(-40)) console.error(line);
  // 78: its one line about the configuration says it all.
  if (code !== 78)
    printError(`The service ended with code ${code} before it was ready; its data is in ${data}.`);
}

/** Log lines of an ordinary start do not explain why there was none. */
function isNews(line) {
  try {
    return !['log', 'debug', 'verbose'].includes(JSON.parse(line).level);
  } catch {
    return true;
  }
}
