import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parameterType, quoted, rowType } from './column-type.js';
import { type Column, describe } from './describe.js';
import { migrate } from './migrate.js';
import { open } from './open.js';
import { type NamedQuery, readQueries } from './query.js';

const target = fileURLToPath(new URL('../src/queries.generated.ts', import.meta.url));

/**
 * The text of queries.generated.ts: parameters and columns of each named query, as a freshly migrated embedded
 * engine describes them. The same files give the same text.
 */
export async function generate(folders: { migrations?: string; queries?: string } = {}): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'secateur-generate-'));
  try {
    const queries = readQueries(folders.queries);
    const engine = await open({ path: directory }, { queries });
    try {
      await migrate(engine, folders.migrations);
      const described: [NamedQuery, Column[]][] = [];
      for (const query of queries.values()) described.push([query, await describe(engine, query)]);
      return sourceOf(described);
    } finally {
      await engine.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function sourceOf(described: readonly [NamedQuery, readonly Column[]][]): string {
  const shapes = described.flatMap(([query, columns]) => [
    `  ${quoted(query.name)}: {`,
    ...block(
      'params',
      query.parameters.map(({ name, type }) => [name, parameter(query, name, type)]),
    ),
    ...block(
      'row',
      columns.map(([name, type]) => [name, rowType(type)]),
    ),
    '  };',
  ]);
  const columns = described.flatMap(([{ name }, each]) => [
    `  ${quoted(name)}: [`,
    ...each.map((column) => `    [${column.map(quoted).join(', ')}],`),
    '  ],',
  ]);
  return [
    '// Written by `pnpm sql:generate` from sql/queries and sql/migrations. Do not edit.',
    '',
    'export interface Queries {',
    ...shapes,
    '}',
    '',
    '/** Name and ClickHouse type of the columns each query answered with when this file was written. */',
    'export const queryColumns: Readonly<Record<string, readonly (readonly [name: string, type: string])[]>> = {',
    ...columns,
    '};',
    '',
  ].join('\n');
}

function block(title: string, fields: readonly (readonly [string, string])[]): string[] {
  if (fields.length === 0) return [`    ${title}: Record<string, never>;`];
  const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));
  return [`    ${title}: {`, ...fields.map(([name, type]) => `      ${key(name)}: ${type};`), '    };'];
}

function parameter(query: NamedQuery, name: string, type: string): string {
  const choices = query.choices.get(name);
  if (choices === undefined) return parameterType(type);
  const union = choices.map(quoted).join(' | ');
  return parameterType(type).replace(
    /\bstring\b/,
    type.startsWith('Array') && choices.length > 1 ? `(${union})` : union,
  );
}

/** The first line that differs, with both texts. */
function difference(before: string, after: string): string {
  const old = before.split('\n');
  const now = after.split('\n');
  const index = now.findIndex((line, each) => line !== old[each]);
  const at = index === -1 ? now.length : index;
  return `line ${at + 1}\n- ${old[at] ?? '(end)'}\n+ ${now[at] ?? '(end)'}`;
}

async function main(check: boolean): Promise<void> {
  const text = await generate();
  let before = '';
  try {
    before = readFileSync(target, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (!check) return writeFileSync(target, text);
  if (before !== text) {
    console.error(
      `queries.generated.ts is not what the queries give; run pnpm sql:generate\n${difference(before, text)}`,
    );
    process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.argv.includes('--check'));
}
