import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from './random.js';
import { TableError } from './table/read-table.js';
import { readArguments, readInput } from './train-input.js';

const folder = mkdtempSync(join(tmpdir(), 'secateur-train-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const lines = Array.from({ length: 40 }, (_, row) => `${row},${row % 7},${row % 4 === 0 ? 'yes' : 'no'}`);
const csv = file('table.csv', `id,x,left\n${lines.join('\n')}\n`);
const given = { csv, target: 'left', positive: 'yes', seed: 1 };
const read = (more: object = {}) => readInput({ ...given, ...more }, createRandom(1));

describe('readArguments', () => {
  it('takes options, and a seed of 1 where none is given', () => {
    expect(readArguments(['--', '--csv', 'a.csv', '--target', 't', '--positive', '1'])).toEqual({
      csv: 'a.csv',
      target: 't',
      positive: '1',
      seed: 1,
    });
  });

  it.each([
    [[]],
    [['--csv', 'a.csv']],
    [['--what']],
    [['--csv', 'a', '--target', 't', '--positive', '1', '--seed', 'x']],
  ])('refuses %j', (words) => expect(() => readArguments(words)).toThrow(TableError));
});

describe('readInput', () => {
  it('keeps target and id out of the features', () => {
    const { columns, positives, names } = read({ id: 'id' });
    expect(columns.map(({ name }) => name)).toEqual(['x']);
    expect(positives).toBe(10);
    expect(names).toEqual(['0', '1', '2', '3', '4']);
  });

  it('deals the same folds for a seed', () => {
    expect(read().folds).toEqual(read().folds);
    expect(readInput(given, createRandom(2)).folds).not.toEqual(read().folds);
  });

  it('takes the folds of a file', () => {
    const folds = file(
      'folds.csv',
      `row,fold\n${lines.map((_, row) => `${row},${row % 2 ? 'b' : 'a'}`).join('\n')}`,
    );
    expect(() => read({ folds })).toThrow(/without fold a one class is left/);
    const other = file(
      'other.csv',
      `row,fold\n${lines.map((_, row) => `${row},${row < 20 ? 'b' : 'a'}`).join('\n')}`,
    );
    expect(read({ folds: other }).names).toEqual(['a', 'b']);
  });

  it.each<[string, object, RegExp]>([
    ['a file that is not there', { csv: join(folder, 'none.csv') }, /--csv: .* cannot be read \(ENOENT\)/],
    ['a column that is not there', { target: 'gone' }, /no column gone: it has id, x, left/],
    ['one class', { positive: 'maybe' }, /one class: 0 of 40 rows have left = maybe \(it holds yes, no\)/],
    ['an id given twice', { id: 'x' }, /has x 0 twice: in rows 0 and 7/],
    ['folds that are missing', { folds: join(folder, 'none.csv') }, /--folds: .* cannot be read/],
    ['a blank target', { csv: file('blank.csv', `x,left\n1,yes\n2,\n`) }, /no left in row 1/],
    ['few rows', { csv: file('few.csv', `x,left\n1,yes\n2,no\n`) }, /has 2 rows: 20 are needed/],
    ['a folder that is a file', { out: csv }, /--out: .* cannot be made \(EEXIST\)/],
  ])('names the fault: %s', (_, more, fault) => {
    expect(() => read(more)).toThrow(TableError);
    expect(() => read(more)).toThrow(fault);
  });

  it('makes the folder before hours of training, not after', () => {
    read({ out: join(folder, 'deep', 'out') });
    expect(readdirSync(join(folder, 'deep'))).toEqual(['out']);
  });
});
