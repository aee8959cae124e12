import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { generate } from './generate.js';
import { checkQueries, migrate, open, readQueries } from './index.js';

let directory: string;
let folders: { migrations: string; queries: string };

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'secateur-generate-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
beforeEach(() => {
  const own = mkdtempSync(join(directory, 'sql-'));
  folders = { migrations: join(own, 'migrations'), queries: join(own, 'queries') };
  write(
    'migrations/0001_create_events.sql',
    `CREATE TABLE events (at DateTime64(3, 'UTC'), kind Enum8('left' = 1, 'came' = 2), who LowCardinality(String),
      score Nullable(Float64)) ENGINE = MergeTree ORDER BY at`,
  );
  write(
    'queries/rates/by_bucket.sql',
    `-- @param bucket 'day' | 'week'
SELECT if({bucket:String} = 'day', toStartOfDay(at), toStartOfDay(at)) AS bucket, kind, count() AS n,
  max(score) AS best, groupArray((who, at)) AS people
FROM events WHERE at >= {from:DateTime64(3)} AND who IN {who:Array(String)} AND ({kind:Nullable(String)} IS NULL OR kind = {kind:Nullable(String)})
GROUP BY bucket, kind -- SETTINGS in a comment`,
  );
  write('queries/rates/now.sql', "SELECT 1 AS `it's`");
});

function write(file: string, text: string): void {
  const path = join(dirname(folders.queries), file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

test('writes parameters and rows of each query, the same each time', async () => {
  const text = await generate(folders);
  expect(text).toBe(`// Written by \`pnpm sql:generate\` from sql/queries and sql/migrations. Do not edit.

export interface Queries {
  'rates/by_bucket': {
    params: {
      bucket: 'day' | 'week';
      from: Date;
      who: readonly string[];
      kind: string | null;
    };
    row: {
      bucket: string;
      kind: 'left' | 'came';
      n: number;
      best: number | null;
      people: [string, string][];
    };
  };
  'rates/now': {
    params: Record<string, never>;
    row: {
      'it\\'s': number;
    };
  };
}

/** Name and ClickHouse type of the columns each query answered with when this file was written. */
export const queryColumns: Readonly<Record<string, readonly (readonly [name: string, type: string])[]>> = {
  'rates/by_bucket': [
    ['bucket', 'DateTime(\\'UTC\\')'],
    ['kind', 'Enum8(\\'left\\' = 1, \\'came\\' = 2)'],
    ['n', 'UInt64'],
    ['best', 'Nullable(Float64)'],
    ['people', 'Array(Tuple(String, DateTime64(3, \\'UTC\\')))'],
  ],
  'rates/now': [
    ['it\\'s', 'UInt8'],
  ],
};
`);
  expect(await generate(folders)).toBe(text);
});

test('refuses a choice that changes the columns', async () => {
  write(
    'queries/rates/two_shapes.sql',
    "-- @param unit 'text' | 'day'\nSELECT CAST(1, if({unit:String} = 'day', 'UInt8', 'String')) AS n",
  );
  await expect(generate(folders)).rejects.toThrow('rates/two_shapes: the columns change with unit = day');
});

test('the check at start lists every query that differs on this engine', async () => {
  const engine = await open({ path: join(directory, 'check') }, { queries: readQueries(folders.queries) });
  try {
    await migrate(engine, folders.migrations);
    await expect(
      checkQueries(engine, {
        'rates/now': [["it's", 'UInt8']],
        'rates/by_bucket': await bucketColumns(engine),
      }),
    ).resolves.toBeUndefined();
    const wrong = checkQueries(engine, { 'rates/now': [["it's", 'String']], 'rates/gone': [] });
    await expect(wrong).rejects.toThrow(
      /^3 of 3 queries differ from the code:\nrates\/by_bucket: not in the generated types.*\nrates\/gone: its file is gone\nrates\/now: expected it's String but got it's UInt8$/,
    );
    await engine.command('DROP TABLE events');
    await expect(
      checkQueries(engine, { 'rates/now': [["it's", 'UInt8']], 'rates/by_bucket': [] }),
    ).rejects.toThrow(/rates\/by_bucket: Query rates\/by_bucket failed: UNKNOWN_TABLE/);
  } finally {
    await engine.close();
  }
});

async function bucketColumns(engine: Awaited<ReturnType<typeof open>>): Promise<[string, string][]> {
  const { describe } = await import('./describe.js');
  const query = engine.queries.get('rates/by_bucket');
  if (query === undefined) throw new Error('the query is missing');
  return (await describe(engine, query)).map(([name, type]) => [name, type]);
}
