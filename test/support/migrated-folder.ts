import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one run of the tests, where the first that needs a migrated database leaves one for the others to copy. */
export default function makeMigratedFolder(): () => void {
  // Once a run and not once a project.
  if (process.env.SECATEUR_TEST_MIGRATED !== undefined) return () => undefined;
  const folder = mkdtempSync(join(tmpdir(), 'secateur-migrated-'));
  process.env.SECATEUR_TEST_MIGRATED = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
