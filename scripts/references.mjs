// Compares the metrics, statistics and classifications of a references.json with what the churn learner computes:
// `pnpm references <file>`. Ends with 1 where one differs by more than 1e-9.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { longRun } from './long-run.mjs';

const [file, ...args] = process.argv.slice(2).filter((word) => word !== '--');
const path = resolve(process.env.INIT_CWD ?? '.', file ?? '');
if (file === undefined || !existsSync(path)) {
  console.error('Name a file of reference values: pnpm references <references.json>');
  process.exit(1);
}
process.exit(
  await longRun(['--project', 'references', ...args], {
    env: { SECATEUR_REFERENCES: path },
    figure: 'references: ',
  }),
);
