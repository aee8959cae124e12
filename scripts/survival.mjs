// Sends every survival case of a references.json through the service's own statements and compares each figure with R's:
// `pnpm survival <file>`. Ends with 1 where one differs by more than 1e-9.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { longRun } from './long-run.mjs';

const [file, ...args] = process.argv.slice(2).filter((word) => word !== '--');
const path = resolve(process.env.INIT_CWD ?? '.', file ?? '');
if (file === undefined || !existsSync(path)) {
  console.error('Name a file of reference values: pnpm survival <references.json>');
  process.exit(1);
}
process.exit(
  await longRun(['--project', 'survival', ...args], {
    env: { SECATEUR_SURVIVAL: path },
    figure: 'survival: ',
  }),
);
