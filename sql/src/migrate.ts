import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from './engine.js';
import { blank, oneStatement } from './statement.js';

/** Beside src/ as beside dist/. */
const packaged = fileURLToPath(new URL('../migrations/', import.meta.url));

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The migrations on disk or in the database are not a history that can be continued. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

const ledger = `CREATE TABLE IF NOT EXISTS migrations (
  name String, checksum String, applied_at DateTime64(3, 'UTC'), milliseconds UInt32
) ENGINE = MergeTree ORDER BY name SETTINGS non_replicated_deduplication_window = 10000`;

/**
 * Brings the database to the newest schema, forward only.
 * A crash between a statement and its record runs the statement again, so migrations say IF NOT EXISTS.
 *
 * @returns the names applied now
 * @throws MigrationError if an applied file changed or is gone, a number is missing or used twice, or a file
 *   does not hold exactly one statement; nothing has been applied then
 */
export async function migrate<Shapes>(engine: Engine<Shapes>, folder: string = packaged): Promise<string[]> {
  const migrations = readMigrations(folder);
  const adapt = engine.replicated ? replicatedTwin : (sql: string) => sql;
  await engine.command(adapt(ledger), 'create migrations');
  const applied = await engine.rows<{ name: string; checksum: string }>(
    'applied migrations',
    'SELECT name, any(checksum) AS checksum FROM migrations GROUP BY name ORDER BY name',
  );
  for (const [index, { name, checksum }] of applied.entries()) {
    const file = migrations[index];
    if (file?.name !== name) {
      throw new MigrationError(
        `${name} was applied to this database but ${file?.name ?? 'nothing'} stands in its place`,
      );
    }
    if (file.checksum !== checksum) {
      throw new MigrationError(
        `${name} was edited after it was applied: restore it and write a new migration`,
      );
    }
  }
  const pending = migrations.slice(applied.length);
  for (const { name, sql, checksum } of pending) {
    const start = performance.now();
    await engine.command(adapt(sql), name);
    const record = [name, checksum, new Date().toISOString(), Math.round(performance.now() - start)];
    await engine.insert(
      'migrations',
      ['name', 'checksum', 'applied_at', 'milliseconds'],
      JSON.stringify(record),
      name,
    );
  }
  return pending.map(({ name }) => name);
}

function readMigrations(folder: string): Migration[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return files.map((file, index) => {
    const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1];
    if (number === undefined) throw new MigrationError(`${file} is not named NNNN_verb_object.sql`);
    const expected = String(index + 1).padStart(4, '0');
    if (number !== expected)
      throw new MigrationError(`${file}: the next number is ${expected} (a gap or used twice)`);
    const text = readFileSync(join(folder, file), 'utf8');
    try {
      const sql = oneStatement(text, file);
      return {
        name: file.slice(0, -'.sql'.length),
        sql,
        checksum: createHash('sha256').update(text).digest('hex'),
      };
    } catch (error) {
      throw new MigrationError((error as Error).message);
    }
  });
}

/** The statement for a Replicated database: its engine replicated, its deduplication window the replicated one. */
export function replicatedTwin(sql: string): string {
  const visible = blank(sql);
  const pattern =
    /(\bENGINE\s*=?\s*)((?!Replicated|Shared)\w*MergeTree\b)|\bnon_replicated_deduplication_window\b/gi;
  let result = '';
  let last = 0;
  for (const match of visible.matchAll(pattern)) {
    const [whole, assignment, engine] = match;
    result += sql.slice(last, match.index);
    result += engine === undefined ? 'replicated_deduplication_window' : `${assignment}Replicated${engine}`;
    last = match.index + whole.length;
  }
  return result + sql.slice(last);
}
