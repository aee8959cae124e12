import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, open } from './index.js';

let directory: string;
let path: string;
let engine: Engine;
const options = { queries: new Map(), maxMemoryBytes: 1_500_000_000 };

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "secateur-open-it's & <here>-"));
  path = join(directory, 'data');
  engine = await open({ path }, options);
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

test('keeps to the memory it was given', async () => {
  const [row] = await engine.rows<{ value: string }>(
    'limit',
    "SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'",
  );
  expect(row?.value).toBe('1500000000');
});

test('backs up into its backups folder and nowhere else', async () => {
  await engine.command('CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n');
  await engine.insert('kept', ['n'], '[1]\n[2]', null);
  const inside = join(path, 'backups', 'one').replaceAll("'", "\\'");
  await engine.command(`BACKUP TABLE kept TO File('${inside}')`);
  await engine.command(`RESTORE TABLE kept AS restored FROM File('${inside}')`);
  expect(await engine.rows('restored', 'SELECT count() AS n FROM restored')).toEqual([{ n: 2 }]);
  mkdirSync(join(directory, 'outside'));
  const outside = join(directory, 'outside', 'one').replaceAll("'", "\\'");
  await expect(engine.command(`BACKUP TABLE kept TO File('${outside}')`)).rejects.toThrow('failed');
});

test('finds its rows again after it was closed', async () => {
  await engine.close();
  engine = await open({ path }, options);
  expect(await engine.rows('kept', 'SELECT sum(n) AS n FROM kept')).toEqual([{ n: 3 }]);
});

test('says that another process holds the data directory, and opens it once that has ended', async () => {
  await engine.close();
  const script = `const { Session } = require('chdb'); new Session(process.argv[1]); console.log('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['-e', script, path], { cwd: import.meta.dirname });
  const [said] = (await once(holder.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe('held\n');
  await expect(open({ path }, options)).rejects.toMatchObject({
    name: 'EngineAwayError',
    message: expect.stringContaining('another process may hold the data directory') as string,
  });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  engine = await open({ path }, options);
  expect(await engine.rows('kept', 'SELECT sum(n) AS n FROM kept')).toEqual([{ n: 3 }]);
});
