import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { JournalUnavailableError } from './errors.js';
import { openJournal } from './journal.js';
import { encodeRecord } from './record.js';
import { FaultyFiles, group, request, systemError, withFolder } from './test-support.js';

const first = '00000001.journal';
const unfinished = (journal: { unfinished(): { id: string }[] }): string[] =>
  journal.unfinished().map(({ id }) => id);

it('gives back what was appended and not done, in order', () =>
  withFolder(async (folder) => {
    const journal = await openJournal(folder);
    for (const id of ['a', 'b', 'c']) await journal.append(group(id));
    journal.done('b');
    await journal.close();
    const again = await openJournal(folder);
    expect(unfinished(again)).toEqual(['a', 'c']);
    expect(await again.read('c')).toEqual(group('c'));
    expect(again.unfinished('other lane')).toEqual([]);
    expect(again.depth()).toEqual({
      records: 2,
      bytes: 2 * encodeRecord(group('a')).length,
      oldestAt: 1_000,
    });
    await again.close();
  }));

it('cuts off a last record that is torn at any byte, and keeps the others', () =>
  withFolder(async (folder) => {
    const journal = await openJournal(folder);
    await journal.append(group('a'));
    await journal.append(group('b', { keys: ['ключ', '🌱'] }));
    await journal.close();
    const path = join(folder, first);
    const whole = await readFile(path);
    const start = encodeRecord(group('a')).length;
    for (let end = start + 1; end < whole.length; end += 1) {
      await writeFile(path, whole.subarray(0, end));
      const torn = await openJournal(folder);
      expect(unfinished(torn)).toEqual(['a']);
      expect(torn.recovered.torn).toEqual({ segment: path, offset: start, bytes: end - start });
      expect(torn.recovered.damaged).toEqual([]);
      await torn.append(group('c'));
      await torn.close();
      const after = await openJournal(folder);
      expect(unfinished(after)).toEqual(['a', 'c']);
      expect(after.recovered.torn).toBeNull();
      await after.close();
    }
  }));

it('finds every flipped bit, keeps the damaged file and salvages the records around it', () =>
  withFolder(async (folder) => {
    const journal = await openJournal(folder);
    for (const id of ['a', 'b', 'c']) await journal.append(group(id));
    await journal.close();
    const path = join(folder, first);
    const whole = await readFile(path);
    const length = encodeRecord(group('b')).length;
    for (let bit = 0; bit < length * 8; bit += 7) {
      const bytes = Buffer.from(whole);
      const at = length + (bit >> 3);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
      await writeFile(path, bytes);
      const mended = await openJournal(folder);
      expect(unfinished(mended)).toEqual(['a', 'c']);
      expect(mended.recovered.damaged).toEqual([
        { segment: path, file: `${path}.damaged`, offset: length, bytes: length, salvaged: 1 },
      ]);
      expect(await mended.read('c')).toEqual(group('c'));
      expect(await readFile(`${path}.damaged`)).toEqual(bytes);
      await rm(`${path}.damaged`);
      await mended.close();
    }
  }));

it('calls a torn end damage when it is not in the last segment', () =>
  withFolder(async (folder) => {
    const journal = await openJournal(folder, { segmentBytes: 1 });
    await journal.append(group('a'));
    await journal.append(group('b'));
    await journal.close();
    await truncate(join(folder, first), 20);
    const again = await openJournal(folder);
    expect(unfinished(again)).toEqual(['b']);
    expect(again.recovered.torn).toBeNull();
    expect(again.recovered.damaged).toHaveLength(1);
    await again.close();
  }));

it('lets a group take the place of the requests it resolves', () =>
  withFolder(async (folder) => {
    const journal = await openJournal(folder);
    await journal.append(request('r1'));
    await journal.append(request('r2'));
    await journal.append(group('g1', { resolves: ['r1'] }));
    expect(unfinished(journal)).toEqual(['g1', 'r2']);
    await journal.close();
    const again = await openJournal(folder);
    expect(unfinished(again)).toEqual(['g1', 'r2']);
    again.done('g1');
    await again.close();
    const last = await openJournal(folder);
    expect(unfinished(last)).toEqual(['r2']);
    await last.close();
  }));

it('starts new segments by size and deletes finished ones from the oldest on, never the active one', () =>
  withFolder(async (folder) => {
    const segments = async (): Promise<string[]> =>
      (await readdir(folder)).filter((name) => name.endsWith('.journal')).sort();
    const journal = await openJournal(folder, { segmentBytes: 1 });
    await journal.append(request('r'));
    await journal.append(group('a'));
    await journal.append(group('g', { resolves: ['r'] }));
    journal.done('a');
    await journal.append(group('b'));
    // The file of `a` is finished, but in front of it the one of `r` is needed until `g` is done.
    expect(await segments()).toHaveLength(4);
    journal.done('g');
    journal.done('b');
    await journal.append(group('c'));
    await journal.close();
    expect(await segments()).toEqual(['00000005.journal']);
    const again = await openJournal(folder);
    expect(unfinished(again)).toEqual(['c']);
    await again.close();
  }));

it('shares one write and one sync among appends made together', () =>
  withFolder(async (folder) => {
    const files = new FaultyFiles();
    const journal = await openJournal(folder, { files });
    files.log.length = 0;
    await Promise.all(Array.from({ length: 100 }, (_, index) => journal.append(group(`g${index}`))));
    expect(files.log.filter((operation) => operation === 'datasync').length).toBeLessThanOrEqual(2);
    expect(unfinished(journal)).toEqual(Array.from({ length: 100 }, (_, index) => `g${index}`));
    await journal.close();
  }));

it('acknowledges nothing before it is synced', () =>
  withFolder(async (folder) => {
    const files = new FaultyFiles();
    const journal = await openJournal(folder, { files });
    files.log.length = 0;
    const seen = await journal.append(group('a')).then(() => [...files.log]);
    expect(seen.slice(-2)).toEqual(['write', 'datasync']);
    await journal.close();
  }));

it.each([
  ['write', 'ENOSPC', false],
  ['write', 'ENOSPC', true],
  ['datasync', 'EIO', false],
  ['datasync', 'EIO', true],
] as const)(
  'refuses when %s fails with %s (after its effect: %s), and never keeps what it refused',
  (operation, code, after) =>
    withFolder(async (folder) => {
      const files = new FaultyFiles();
      const journal = await openJournal(folder, { files });
      await journal.append(group('a'));
      files.fail(operation, systemError(code), after);
      const refused = journal.append(group('b'));
      await expect(refused).rejects.toThrow(JournalUnavailableError);
      await expect(refused).rejects.toMatchObject({ code });
      await journal.append(group('c'));
      await journal.close();
      const again = await openJournal(folder);
      expect(unfinished(again)).toEqual(['a', 'c']);
      expect(again.recovered).toMatchObject({
        torn: null,
        damaged: [],
        segments: operation === 'write' ? 1 : 2,
      });
      await again.close();
    }),
);

it('goes on refusing until the bad end of the file could be cut off', () =>
  withFolder(async (folder) => {
    const files = new FaultyFiles();
    const journal = await openJournal(folder, { files });
    await journal.append(group('a'));
    files.fail('datasync', systemError('EIO'), true);
    files.fail('truncate', systemError('EIO'));
    await expect(journal.append(group('b'))).rejects.toThrow(JournalUnavailableError);
    await expect(journal.append(group('c'))).rejects.toThrow(JournalUnavailableError);
    await journal.append(group('d'));
    await journal.close();
    const again = await openJournal(folder);
    expect(unfinished(again)).toEqual(['a', 'd']);
    await again.close();
  }));

it('writes done marks by a timer, and again when the write that took them failed', () =>
  withFolder(async (folder) => {
    const files = new FaultyFiles();
    const journal = await openJournal(folder, { files, doneFlushMs: 5 });
    await journal.append(group('a'));
    await journal.append(group('b'));
    const size = (await readFile(join(folder, first))).length;
    journal.done('a');
    await expect.poll(async () => (await readFile(join(folder, first))).length).toBeGreaterThan(size);
    files.fail('datasync', systemError('EIO'));
    await expect(journal.append(group('c'))).rejects.toThrow(JournalUnavailableError);
    await journal.close();
    const again = await openJournal(folder);
    expect(unfinished(again)).toEqual(['b']);
    await again.close();
  }));

it('sets a record aside with its reason and puts it back on request', () =>
  withFolder(async (folder) => {
    const journal = await openJournal(folder);
    await journal.append(group('a'));
    await journal.append(group('b'));
    await journal.setAside(group('a'), 'type mismatch');
    expect(unfinished(journal)).toEqual(['b']);
    await journal.close();
    const again = await openJournal(folder);
    expect(unfinished(again)).toEqual(['b']);
    expect(again.setAsideList('opt-outs')).toEqual([
      { id: 'a', lane: 'opt-outs', kind: 'group', at: 1_000, keys: ['key-a'], reason: 'type mismatch' },
    ]);
    await again.retry('a');
    expect(again.setAsideList()).toEqual([]);
    expect(await again.retry('a')).toBeUndefined();
    await again.close();
    const last = await openJournal(folder);
    expect(unfinished(last)).toEqual(['b', 'a']);
    expect(await last.read('a')).toEqual(group('a'));
    await last.close();
  }));

it('believes the set-aside file when a crash left the record in the journal as well', () =>
  withFolder(async (folder) => {
    const files = new FaultyFiles();
    const journal = await openJournal(folder, { files });
    await journal.setAside(group('a'), 'poison');
    files.fail('unlink', systemError('EIO'));
    await expect(journal.retry('a')).rejects.toThrow(JournalUnavailableError);
    await journal.close();
    const again = await openJournal(folder);
    expect(unfinished(again)).toEqual([]);
    expect(again.setAsideList().map(({ id }) => id)).toEqual(['a']);
    await again.close();
  }));

it('reports a set-aside file that it cannot read and leaves it alone', () =>
  withFolder(async (folder) => {
    await (await openJournal(folder)).close();
    const path = join(folder, 'set-aside', 'x.json');
    await writeFile(path, '{');
    const journal = await openJournal(folder);
    expect(journal.recovered.unreadable).toEqual([path]);
    expect(await readFile(path, 'utf8')).toBe('{');
    await journal.close();
  }));

it('refuses an id that could leave the folder', () =>
  withFolder(async (folder) => {
    const journal = await openJournal(folder);
    await expect(journal.append(group('../a'))).rejects.toThrow(TypeError);
    await journal.close();
    await expect(journal.append(group('a'))).rejects.toThrow(JournalUnavailableError);
  }));
