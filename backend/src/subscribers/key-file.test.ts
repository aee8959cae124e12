import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { KeyFile } from './key-file.js';

const folder = mkdtempSync(join(tmpdir(), 'secateur-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('opens what it sealed, also after a restart, and not with another key', async () => {
  const path = join(folder, 'a.keys');
  const first = new KeyFile(path);
  const [mine = -1, other = -1] = await first.allocate(2);
  const sealed = first.seal(mine, 'ada@example.com ✂');
  first.close();

  const second = new KeyFile(path);
  expect(second.open(mine, sealed)).toBe('ada@example.com ✂');
  expect(() => second.open(other, sealed)).toThrow();
  expect(await second.allocate(1)).toEqual([2]);
  second.close();
});

test('a destroyed key opens nothing, and its bytes are gone from the file', async () => {
  const path = join(folder, 'b.keys');
  const keys = new KeyFile(path);
  const [slot = -1] = await keys.allocate(1);
  const sealed = keys.seal(slot, 'secret');
  const before = readFileSync(path);
  keys.destroy(slot);
  expect(keys.open(slot, sealed)).toBeNull();
  expect(readFileSync(path).includes(before.subarray(0, 32))).toBe(false);
  keys.close();
});
