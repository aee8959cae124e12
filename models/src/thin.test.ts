import { describe, expect, it } from 'vitest';
import { binaryLabels } from './labels.js';
import { createRandom } from './random.js';
import { thinned } from './thin.js';

const tableOf = (rows: number, every: number) => ({
  rows: Int32Array.from({ length: rows }, (_, row) => row),
  labels: binaryLabels(Uint8Array.from({ length: rows }, (_, row) => (row % every === 0 ? 1 : 0))),
});

describe('thinned', () => {
  it('keeps a table that is small enough', () => {
    const { rows, labels } = tableOf(100, 10);
    expect(thinned(rows, labels, 100, createRandom(1))).toEqual({
      rows,
      weight: new Float64Array(100).fill(1),
    });
  });

  it('keeps every event, and rows without one stand for those left out', () => {
    const { rows, labels } = tableOf(50_000, 50);
    const found = thinned(rows, labels, 10_000, createRandom(1));
    const events = [...found.rows].filter((row) => labels.event[row] === 1);
    expect(events).toHaveLength(1000);
    expect(Math.abs(found.rows.length - 10_000)).toBeLessThan(500);
    const weight = found.weight.reduce((sum, one) => sum + one, 0);
    expect(Math.abs(weight / 50_000 - 1)).toBeLessThan(0.03);
  });

  it('thins all alike where events alone would fill more than half', () => {
    const { rows, labels } = tableOf(50_000, 2);
    const found = thinned(rows, labels, 10_000, createRandom(1));
    expect(new Set(found.weight)).toEqual(new Set([5]));
    const share = [...found.rows].filter((row) => labels.event[row] === 1).length / found.rows.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.03);
  });
});
