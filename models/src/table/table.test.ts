import { describe, expect, it } from 'vitest';
import { inferColumns } from './infer-columns.js';
import { readFolds } from './read-folds.js';
import { columnOf, readTable, TableError } from './read-table.js';

const columnFrom = (...cells: string[]) => {
  const [column] = inferColumns({ names: ['x'], columns: [cells], rows: cells.length }, []);
  if (column === undefined) throw new Error('no column');
  return column;
};

describe('readTable', () => {
  it('reads quotes, a byte order mark, blank lines and either line end', () => {
    const table = readTable('\uFEFF"a", b\r\n"x, ""y""",1\r\n\r\n z ,2\r\n');
    expect(table).toEqual({
      names: ['a', 'b'],
      columns: [
        ['x, "y"', 'z'],
        ['1', '2'],
      ],
      rows: 2,
    });
  });

  it.each([
    ['', /is empty/],
    ['a,b\n', /no rows/],
    ['a,a\n1,2\n', /two columns named a/],
    ['a,\n1,2\n', /no name for column 2/],
    ['a,b\n1,2\n3\n', /row 1 has 1 cells/],
    ['a,b\n"1,2\n', /is no CSV/],
  ])('says what is wrong with %j', (text, fault) => {
    expect(() => readTable(text)).toThrow(TableError);
    expect(() => readTable(text)).toThrow(fault);
  });
});

describe('columnOf', () => {
  it('lists the columns there are', () => {
    expect(() => columnOf(readTable('a,b\n1,2\n'), 'c')).toThrow('no column c: it has a, b');
  });
});

describe('inferColumns', () => {
  it('takes numbers as numbers, and words among them as missing', () => {
    const cells = [...Array.from({ length: 38 }, (_, i) => String(i)), '1e3', 'unknown', '', 'NA'];
    const { kind, values } = columnFrom(...cells);
    expect(kind).toBe('numeric');
    expect(values.slice(37)).toEqual(Float64Array.of(37, 1000, Number.NaN, Number.NaN, Number.NaN));
  });

  it('takes dates as days, without a zone in UTC', () => {
    expect(columnFrom('1970-01-02', '1970-01-01T12:00', '1970-01-01 12:00:00+02:00').values).toEqual(
      Float64Array.of(1, 0.5, 10 / 24),
    );
  });

  it('takes the rest as levels, with null for missing', () => {
    expect(columnFrom('yes', 'no', 'N/A', '')).toEqual({
      name: 'x',
      kind: 'categorical',
      values: ['yes', 'no', null, null],
    });
    expect(columnFrom('12', 'twelve').kind).toBe('categorical');
    expect(columnFrom('0x1f', 'Infinity').kind).toBe('categorical');
  });

  it('leaves out what it is told to', () => {
    expect(inferColumns(readTable('a,b\n1,2\n'), ['a']).map(({ name }) => name)).toEqual(['b']);
  });
});

describe('readFolds', () => {
  it('gives each row its fold, in whatever order they stand', () => {
    expect(readFolds('row,fold,y\n2,b,0\n0,a,1\n1,b,0\n', 3)).toEqual(['a', 'b', 'b']);
  });

  it.each([
    ['row,fold\n0,a\n', /no fold for 2 of 3 rows; the first is row 1/],
    ['row,fold\n0,a\n0,b\n', /names row 0 twice/],
    ['row,fold\n0,a\n3,b\n', /names row 3: rows are 0 to 2/],
    ['row,fold\n,a\n', /names row \(nothing\)/],
    ['row,fold\n0,\n', /no fold for row 0/],
    ['row,fold\n0,a\n1,a\n2,a\n', /a single fold/],
    ['row,part\n0,a\n', /no column fold/],
  ])('says what is wrong with %j', (text, fault) => {
    expect(() => readFolds(text, 3)).toThrow(fault);
  });
});
