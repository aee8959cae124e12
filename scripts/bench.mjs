// Measures against peers in the same run, and against budgets: `pnpm bench`, or `pnpm bench rules`. Prints a table
// and writes test/bench/results.json. Each bench is a process of its own; a bench that fails, or a budget that does not
// hold, ends it with 1.
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOrExit } from './build.mjs';
import { root, toolEnvironment } from './run.mjs';
import { dim, green, print, red } from './terminal.mjs';

const folder = join(root, 'test', 'bench');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));
const wanted = process.argv.slice(2).filter((word) => word !== '--');
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`No bench ${unknown.join(', ')}: there are ${names.join(', ')}`);
  process.exit(1);
}

// Workers of the service load what was built.
await buildOrExit();

const results = [];
let failed = false;
for (const name of wanted.length === 0 ? names : wanted) {
  print(dim(`${name} …`));
  if (!(await run(name))) failed = true;
}
for (const result of results) print(line(result));
writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
process.exit(failed || results.some(({ holds }) => holds === false) ? 1 : 0);

function run(name) {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--conditions=source', '--import', 'tsx', join(folder, `${name}.ts`)],
      {
        cwd: root,
        env: toolEnvironment(),
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('close', (code) => {
      for (const text of output.split('\n'))
        if (text.startsWith('bench: ')) results.push(JSON.parse(text.slice('bench: '.length)));
      resolve(code === 0);
    });
  });
}

function line({ name, ours, peer, ratio, unit, budget, holds }) {
  const mark = holds === null ? ' ' : holds ? green('✓') : red('✗');
  const against = ratio === null ? '' : ` against ${figure(peer)}: ${figure(ratio)} times`;
  // Times and growth are to be small, rates and ratios large.
  const bound = ratio === null && ['s', 'ms', 'times'].includes(unit) ? 'at most' : 'at least';
  const must = budget === null ? '' : dim(` (${bound} ${figure(budget)})`);
  return `${mark} ${name.padEnd(64)} ${figure(ours)} ${unit}${against}${must}`;
}

function figure(value) {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
