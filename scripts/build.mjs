// Builds what changed: the packages by TypeScript's own records, the dashboard by a hash of all it is made from.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { must, root } from './run.mjs';
import { printError, step } from './terminal.mjs';

const packages = ['sql', 'models', 'backend'];
const record = join(root, 'node_modules', '.cache', 'secateur', 'frontend.sha256');

/** Every file below, in a fixed order; what is built or installed is left out. */
function* files(place) {
  const path = join(root, place);
  if (!existsSync(path)) return;
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.endsWith('.tsbuildinfo'))
      continue;
    if (entry.isDirectory()) yield* files(join(place, entry.name));
    else yield join(place, entry.name);
  }
}

function frontendHash() {
  const hash = createHash('sha256');
  for (const file of [...files('frontend'), ...files('backend/src/contract'), 'pnpm-lock.yaml'])
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

async function buildServices() {
  // TypeScript trusts its records, so output that someone deleted would stay away for ever.
  const whole = packages.every((name) => existsSync(join(root, name, 'dist')));
  await must('tsc', ['-b', ...(whole ? [] : ['--force'])]);
}

async function buildDashboard() {
  const hash = frontendHash();
  const built = existsSync(join(root, 'frontend', 'dist', 'index.html'));
  if (built && existsSync(record) && readFileSync(record, 'utf8') === hash) return 'unchanged';
  await must('vite', ['build', '--logLevel', 'warn'], { cwd: join(root, 'frontend') });
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, hash);
  return undefined;
}

export async function build() {
  await step('service', buildServices);
  await step('dashboard', buildDashboard);
}

/** Builds, or says what is wrong and ends the process. */
export async function buildOrExit() {
  try {
    await build();
  } catch (error) {
    printError(error.message);
    process.exit(1);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await buildOrExit();
