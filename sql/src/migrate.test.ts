import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, migrate, open, replicatedTwin } from './index.js';
import { createDatabase } from './open.js';

let directory: string;
let folder: string;
let engine: Engine;
let databases = 0;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'secateur-migrate-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
beforeEach(async () => {
  folder = mkdtempSync(join(directory, 'migrations-'));
  engine = await open(
    { path: join(directory, 'data') },
    { database: `migrate_${databases++}`, readers: 1, queries: new Map() },
  );
  write('0001_create_a.sql', 'CREATE TABLE IF NOT EXISTS a (n UInt8) ENGINE = MergeTree ORDER BY n;');
  write('0002_create_b.sql', '-- Why.\nCREATE TABLE IF NOT EXISTS b (n UInt8) ENGINE = MergeTree ORDER BY n');
});
afterEach(() => engine.close());

function write(file: string, sql: string): void {
  writeFileSync(join(folder, file), sql);
}

async function tables(): Promise<string[]> {
  const rows = await engine.rows<{ name: string }>(
    'tables',
    'SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name',
  );
  return rows.map(({ name }) => name);
}

test('applies each file once, in order, and later only the new ones', async () => {
  expect(await migrate(engine, folder)).toEqual(['0001_create_a', '0002_create_b']);
  expect(await tables()).toEqual(['a', 'b', 'migrations']);
  expect(await migrate(engine, folder)).toEqual([]);
  write('0003_drop_a.sql', 'DROP TABLE IF EXISTS a');
  expect(await migrate(engine, folder)).toEqual(['0003_drop_a']);
  expect(await tables()).toEqual(['b', 'migrations']);
});

test('refuses a file that changed after it was applied', async () => {
  await migrate(engine, folder);
  write('0002_create_b.sql', 'CREATE TABLE IF NOT EXISTS b (n UInt16) ENGINE = MergeTree ORDER BY n');
  await expect(migrate(engine, folder)).rejects.toThrow('0002_create_b was edited after it was applied');
});

test('refuses a history whose file is gone', async () => {
  await migrate(engine, folder);
  renameSync(join(folder, '0002_create_b.sql'), join(folder, '0002_create_c.sql'));
  await expect(migrate(engine, folder)).rejects.toThrow('0002_create_b was applied');
});

describe('refuses, and applies nothing,', () => {
  test.each([
    ['a gap', '0004_create_d.sql', 'SELECT 1', 'the next number is 0003'],
    ['a number used twice', '0002_create_c.sql', 'SELECT 1', 'the next number is 0003'],
    ['another name', 'create_d.sql', 'SELECT 1', 'is not named NNNN_verb_object.sql'],
    ['two statements', '0003_create_d.sql', 'SELECT 1; SELECT 2', 'more than one statement'],
  ])('%s', async (_, file, sql, message) => {
    write(file, sql);
    await expect(migrate(engine, folder)).rejects.toThrow(message);
    expect(await tables()).toEqual([]);
  });
});

test('says which migration the engine refused, and goes on from there once it is mended', async () => {
  write('0003_create_c.sql', 'CREATE TABLE c (n Nonsense) ENGINE = Memory');
  await expect(migrate(engine, folder)).rejects.toThrow('0003_create_c failed');
  write('0003_create_c.sql', 'CREATE TABLE c (n UInt8) ENGINE = Memory');
  expect(await migrate(engine, folder)).toEqual(['0003_create_c']);
});

describe('replicatedTwin', () => {
  test.each([
    [
      'CREATE TABLE a (n UInt8) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 10',
      'CREATE TABLE a (n UInt8) ENGINE = ReplicatedMergeTree ORDER BY n SETTINGS replicated_deduplication_window = 10',
    ],
    ['… engine=ReplacingMergeTree(version) …', '… engine=ReplicatedReplacingMergeTree(version) …'],
    ['… ENGINE AggregatingMergeTree() …', '… ENGINE ReplicatedAggregatingMergeTree() …'],
    ['… ENGINE = ReplicatedMergeTree …', '… ENGINE = ReplicatedMergeTree …'],
    ['… ENGINE = Memory …', '… ENGINE = Memory …'],
    [
      "-- ENGINE = MergeTree\nSELECT 'ENGINE = MergeTree'",
      "-- ENGINE = MergeTree\nSELECT 'ENGINE = MergeTree'",
    ],
  ])('%s', (sql, twin) => {
    expect(replicatedTwin(sql)).toBe(twin);
  });

  test('the database is a Replicated one', () => {
    expect(createDatabase('secateur', true)).toContain(
      "ENGINE = Replicated('/clickhouse/databases/secateur'",
    );
    expect(createDatabase('secateur', false)).toBe('CREATE DATABASE IF NOT EXISTS secateur');
    expect(() => createDatabase('a; DROP', false)).toThrow('not a plain database name');
  });
});
