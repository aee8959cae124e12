// What must hold before the tests: style, dead code, types of every package, and generated files that are current.
// All checks run, so that one look shows everything. `pnpm check lint types` runs only those.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture, root } from './run.mjs';
import { dim, green, print, red, seconds } from './terminal.mjs';

const checks = [
  { name: 'lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'dead-code', command: ['knip'] },
  { name: 'types', command: ['tsc', '-b'] },
  // The packages themselves are built without their tests.
  { name: 'types:unit-tests', command: ['tsc', '-p', 'scripts/tsconfig.unit-tests.json'] },
  { name: 'types:frontend', command: ['tsc', '-p', 'frontend', '--noEmit'], needs: 'frontend/tsconfig.json' },
  { name: 'types:test', command: ['tsc', '-p', 'test', '--noEmit'], needs: 'test/tsconfig.json' },
  { name: 'sql', command: ['tsx', 'sql/src/generate.ts', '--check'] },
  // What `types` has just compiled.
  { name: 'openapi', command: ['node', 'backend/dist/openapi.js', '--check'], needs: 'docs/openapi.json' },
];

const wanted = process.argv.slice(2).filter((word) => word !== '--');
const chosen = checks.filter(
  ({ name, needs }) =>
    (wanted.length === 0 || wanted.includes(name)) && (needs === undefined || existsSync(join(root, needs))),
);

const results = [];
const began = performance.now();
for (const { name, command } of chosen) {
  const start = performance.now();
  const [tool, ...args] = command;
  const { ok, output } = await capture(tool, args);
  if (!ok) print(`\n${output.trim()}\n`);
  print(`${ok ? green('✓') : red('✗')} ${name.padEnd(18)} ${dim(seconds(start))}`);
  results.push(ok);
}

const failed = results.filter((ok) => !ok).length;
print(`${results.length - failed} checks passed, ${failed} failed in ${seconds(began)}`);
process.exit(failed === 0 && results.length > 0 ? 0 : 1);
