// What the scripts write to the terminal: one line a step, with seconds; no line is rewritten where stdout is a file.

const tty = process.stdout.isTTY === true && process.env.TERM !== 'dumb';
const colour = tty && process.env.NO_COLOR === undefined;

const paint = (code) => (text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);

let live = '';

/** Rewrites the last line of a terminal; says nothing in a file. */
export function liveLine(text) {
  if (!tty || text === live) return;
  const width = process.stdout.columns || 80;
  live = text;
  process.stdout.write(`\r\u001b[K${text.slice(0, width - 1)}`);
}

export function clearLiveLine() {
  if (live !== '') process.stdout.write('\r\u001b[K');
  live = '';
}

/** Writes whole lines above the live one. */
export function print(text = '') {
  const again = live;
  clearLiveLine();
  process.stdout.write(`${text}\n`);
  if (again !== '') liveLine(again);
}

export function printError(text) {
  clearLiveLine();
  process.stderr.write(`${red(text)}\n`);
}

export const isTerminal = tty;

export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs one step. Its line says what came of it: the string that `work` returns, else the seconds it took.
 * The error of a failed step travels on, after its line.
 */
export async function step(title, work) {
  const start = performance.now();
  if (!tty) process.stdout.write(`  … ${title}\n`);
  const tick = setInterval(() => liveLine(`  … ${title}  ${dim(seconds(start))}`), 100);
  try {
    const remark = await work();
    clearInterval(tick);
    clearLiveLine();
    print(`  ${green('✓')} ${title}  ${dim(remark ?? seconds(start))}`);
  } catch (error) {
    clearInterval(tick);
    clearLiveLine();
    print(`  ${red('✗')} ${title}  ${dim(seconds(start))}`);
    throw error;
  }
}
