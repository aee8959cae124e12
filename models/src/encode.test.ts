import { describe, expect, it } from 'vitest';
import { encode, fitEncoder, piecewiseLinear, positionAmong, quantileEdges } from './encode.js';
import type { Column } from './table/infer-columns.js';

const all = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, row) => row);
const numeric = (name: string, ...values: number[]): Column => ({
  name,
  kind: 'numeric',
  values: Float64Array.from(values),
});
const levels = (name: string, ...values: (string | null)[]): Column => ({
  name,
  kind: 'categorical',
  values,
});

describe('knots', () => {
  it('hold equally many values, and coinciding ones are merged', () => {
    expect(quantileEdges(Float64Array.of(5, 1, 1, 1, 2, 8, 8, 3, 13, 21, 34, 55), 4)).toEqual([
      1, 1.75, 6.5, 15, 55,
    ]);
    expect(quantileEdges(Float64Array.of(1, 1, 1, 1, 9), 4)).toEqual([1, 9]);
  });

  it('place a value by bin and fraction, and hold it at both ends', () => {
    const knots = [0, 10, 30];
    expect([-5, 0, 5, 10, 15, 30, 99].map((x) => positionAmong(knots, x))).toEqual([
      0, 0, 0.5, 1, 1.25, 2, 2,
    ]);
    expect(piecewiseLinear(knots, 15)).toEqual([1, 0.25]);
  });

  it('do not overflow near the largest numbers', () => {
    expect(positionAmong([-1.7e308, 1.7e308], 0)).toBe(0.5);
  });
});

describe('fitEncoder', () => {
  it('learns from the given rows and from no other', () => {
    const columns = [numeric('n', 1, 2, 3, 4), levels('c', 'a', 'b', 'a', 'b')];
    const changed = [numeric('n', 1, 2, 3, 4000), levels('c', 'a', 'b', 'a', 'z')];
    expect(fitEncoder(columns, all(3))).toEqual(fitEncoder(changed, all(3)));
    expect(fitEncoder(columns, all(4))).not.toEqual(fitEncoder(changed, all(4)));
  });

  it('leaves out columns that say nothing, and says why', () => {
    const rows = 500;
    const columns = [
      numeric('same', ...Array.from({ length: rows }, () => 7)),
      numeric('nothing', ...Array.from({ length: rows }, () => Number.NaN)),
      levels('name', ...Array.from({ length: rows }, (_, i) => `row ${i}`)),
      levels('one', ...Array.from({ length: rows }, () => 'x')),
    ];
    expect(fitEncoder(columns, all(rows))).toEqual({
      features: [],
      left_out: [
        { name: 'same', why: 'constant' },
        { name: 'nothing', why: 'empty' },
        { name: 'name', why: 'identifier' },
        { name: 'one', why: 'constant' },
      ],
    });
  });

  it('keeps a number that is there or not, and is one value where it is there', () => {
    const { features } = fitEncoder([numeric('n', 3, Number.NaN, 3)], all(3));
    expect(features).toMatchObject([{ name: 'n', missing: true, knots: [3, 6] }]);
  });
});

describe('encode', () => {
  const columns = [numeric('n', 0, 10, 20, Number.NaN), levels('c', 'b', 'a', 'b', null)];
  const encoder = fitEncoder(columns, all(4));

  it('writes a row as positions; what is missing or was never seen is -1', () => {
    expect([...encode(encoder, columns, all(4)).positions]).toEqual([0, 1, 1, 0, 2, 1, -1, 2]);
    const other = [levels('c', 'new'), numeric('n', 5)];
    expect([...encode(encoder, other, all(1)).positions]).toEqual([0.5, -1]);
  });

  it('refuses a table without one of the features, or with another kind of it', () => {
    expect(() => encode(encoder, [columns[0] as Column], all(1))).toThrow(/c is missing/);
    expect(() => encode(encoder, [numeric('n', 1), numeric('c', 1)], all(1))).toThrow(
      /c is missing or of another/,
    );
  });
});
