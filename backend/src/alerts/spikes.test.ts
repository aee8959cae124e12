import { describe, expect, test } from 'vitest';
import { judge, type Observed } from './spikes.js';

const settings = { q: 0.01, minEvents: 3, minDeliveries: 200, minRatio: 1.5 };
const expectation = { rate: 0.003, rho: 0.0002, unevenness: 0.0001, error: 0.05, days: 56, events: 500 };
const cell = (stream: string) => ({ level: 'stream', stream, key: '', metric: 'opt_outs' }) as const;
const seen = (stream: string, n: number, x: number): Observed => ({
  cell: cell(stream),
  on: 1,
  n,
  x,
  expectation,
});
const usual = (count: number) =>
  Array.from({ length: count }, (_, index) => seen(`usual-${index}`, 10_000, 30));
const alarmed = (all: readonly Observed[], change = {}) =>
  judge(all, { ...settings, ...change }).alarms.map((one) => one.cell.stream);

describe('a look', () => {
  test('tells of what is improbable among all cells, and counts its tests', () => {
    const look = judge([...usual(50), seen('bad', 10_000, 120)], settings);
    expect(look.tests).toBe(51);
    expect(look.alarms.map((one) => one.cell.stream)).toEqual(['bad']);
    expect(look.alarms[0]?.p).toBeLessThan(1e-4);
  });

  test('takes more to be told of among more cells', () => {
    const some = seen('some', 10_000, 79);
    expect(alarmed([some, ...usual(1)])).toEqual(['some']);
    expect(alarmed([some, ...usual(3000)])).toEqual([]);
  });

  test('does not tell of what is merely big', () => {
    expect(alarmed([...usual(20), seen('big', 500_000, 1500)])).toEqual([]);
  });

  test('tests no cell with too few deliveries, whatever happened there', () => {
    const thin = seen('thin', 199, 60);
    expect(judge([thin], settings)).toEqual({ tests: 0, alarms: [] });
    expect(alarmed([seen('thin', 200, 60)])).toEqual(['thin']);
  });

  test('tells of no less than three events, nor of less than half as many again', () => {
    const rare = { ...expectation, rate: 1e-6, rho: 1e-8 };
    expect(alarmed([{ ...seen('two', 1000, 2), expectation: rare }])).toEqual([]);
    expect(alarmed([{ ...seen('three', 1000, 3), expectation: rare }])).toEqual(['three']);
    const even = { ...expectation, rho: 1e-7 };
    expect(alarmed([{ ...seen('slight', 1_000_000, 4400), expectation: even }])).toEqual([]);
    expect(alarmed([{ ...seen('slight', 1_000_000, 4600), expectation: even }])).toEqual(['slight']);
  });
});
