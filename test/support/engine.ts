import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, migrate, open } from '@secateur/sql';
import { copyMigrated } from './migrated.js';

/** A migrated database of a test's own, on the embedded engine in a temporary directory. */
export interface TestDatabase {
  readonly engine: Engine;
  /** Inserts rows by column name, all in one block; columns that a row leaves out take their default. */
  insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  close(): Promise<void>;
}

/** One data directory belongs to one process, so open one at a time in a test file. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const path = mkdtempSync(join(tmpdir(), 'secateur-sql-'));
  await copyMigrated(path);
  const engine = await open({ path });
  await migrate(engine);
  return {
    engine,
    insert: async (table, rows) => {
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      // null stands for the column's default: input_format_null_as_default.
      const lines = rows.map((row) => JSON.stringify(columns.map((column) => row[column] ?? null)));
      await engine.insert(table, columns, lines.join('\n'), null);
    },
    close: async () => {
      await engine.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
