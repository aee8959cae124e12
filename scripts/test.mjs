// Every test of every package, on real engines and a real browser. Arguments go to vitest: `pnpm test --project unit`.
// The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preflight } from './preflight.mjs';

preflight();

const { buildOrExit } = await import('./build.mjs');
const { root, toolEnvironment } = await import('./run.mjs');

// Browser and fault tests run the service and the dashboard as they are shipped.
await buildOrExit();

const directory = mkdtempSync(join(tmpdir(), 'secateur-test-'));
const report = join(directory, 'report.json');
const args = process.argv.slice(2).filter((word) => word !== '--');

const code = await new Promise((resolve) => {
  const vitest = spawn(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { cwd: root, env: toolEnvironment(), stdio: ['ignore', 'inherit', 'inherit'] },
  );
  // Ctrl-C reaches vitest through the terminal; stay to count what it had done.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => vitest.kill('SIGTERM'));
  vitest.on('error', (error) => {
    console.error(error.message);
    resolve(1);
  });
  vitest.on('close', (status) => resolve(status ?? 1));
});

const { passed, failed } = count();
rmSync(directory, { recursive: true, force: true });
if (passed + failed === 0) console.error('No test ran.');
else if (code !== 0 && failed === 0)
  console.error('Every test passed, but vitest ended with an error: see above.');
console.log(`${passed} passed, ${failed} failed`);
process.exit(code !== 0 || failed > 0 || passed === 0 ? 1 : 0);

/** A file that could not be loaded has no tests to fail: it counts as one. */
function count() {
  if (!existsSync(report)) return { passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const unloaded = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}
