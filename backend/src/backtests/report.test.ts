import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wilson } from '../analytics/wilson.js';
import type { ClusterSums, ReplayRow } from './replay-sql.js';
import { clusteredShare, difference, reportOf } from './report.js';

const sums = (clusters: readonly (readonly [p: number, e: number])[]): ClusterSums => {
  const total = (of: (p: number, e: number) => number) => clusters.reduce((sum, [p, e]) => sum + of(p, e), 0);
  return {
    n: clusters.length,
    p: total((p) => p),
    e: total((_, e) => e),
    pp: total((p) => p * p),
    ee: total((_, e) => e * e),
    pe: total((p, e) => p * e),
    repeats: 0,
    complaints: 0,
  };
};

test('one stream a decision: as many independent trials as decisions, up to m − 1 of m', () => {
  const clusters = Array.from({ length: 100 }, (_, index) => [1, Number(index < 20)] as const);
  const found = clusteredShare(sums(clusters));
  // var = m/(m − 1) · r(1 − r)/m, so n_eff = 99.
  const expected = wilson(0.2 * 99, 99);
  expect(found.value).toBeCloseTo(0.2, 12);
  expect(found.lower).toBeCloseTo(expected.lower ?? 0, 12);
  expect(found.upper).toBeCloseTo(expected.upper ?? 0, 12);
});

test('streams that always end together are worth one each', () => {
  const pairs = Array.from({ length: 100 }, (_, index) => [2, index < 20 ? 2 : 0] as const);
  const single = Array.from({ length: 100 }, (_, index) => [1, Number(index < 20)] as const);
  const found = clusteredShare(sums(pairs));
  const expected = clusteredShare(sums(single));
  expect(found.lower).toBeCloseTo(expected.lower ?? 0, 12);
  expect(found.upper).toBeCloseTo(expected.upper ?? 0, 12);
});

test('none of them ended: no variance is seen, and the interval is that of the decisions', () => {
  expect(clusteredShare(sums(Array.from({ length: 10 }, () => [3, 0] as const)))).toEqual(wilson(0, 10));
  expect(clusteredShare(sums([]))).toEqual({ value: null, lower: null, upper: null });
});

test('the interval holds its share and stays within 0 and 1, whatever the clusters', () => {
  const cluster = fc
    .integer({ min: 1, max: 9 })
    .chain((p) => fc.tuple(fc.constant(p), fc.integer({ min: 0, max: p })));
  fc.assert(
    fc.property(fc.array(cluster, { minLength: 1, maxLength: 30 }), (clusters) => {
      const { value, lower, upper } = clusteredShare(sums(clusters));
      expect(lower).toBeGreaterThanOrEqual(0);
      expect(lower).toBeLessThanOrEqual((value ?? -1) + 1e-12);
      expect(upper).toBeGreaterThanOrEqual((value ?? 2) - 1e-12);
      expect(upper).toBeLessThanOrEqual(1);
    }),
  );
});

test('the difference of two shares is that of Newcombe, method 10', () => {
  // Newcombe (1998), table II, example (a): 56/70 less 48/80 gives .2, from .0524 to .3339.
  const found = difference(wilson(56, 70), wilson(48, 80));
  expect(found.value).toBeCloseTo(0.2, 10);
  expect(found.lower).toBeCloseTo(0.0524, 4);
  expect(found.upper).toBeCloseTo(0.3339, 4);
});

const row = (change: Partial<ReplayRow>): ReplayRow => ({
  segment: '',
  stream: '',
  trigger: '',
  decisions: 100,
  open: 80,
  unrecorded: 0,
  unknown: 0,
  changed: 0,
  stopped: 100,
  would_stop: 100,
  also: 0,
  spared: 0,
  also_kept: sums([]),
  stays: sums([]),
  following: 0,
  samples: [],
  by_rule: {},
  ...change,
});
const clusters = (of: number, ended: number) =>
  sums(Array.from({ length: of }, (_, index) => [1, Number(index < ended)] as const));

test.each([
  ['not_enough', clusters(29, 20), clusters(500, 10)],
  ['ended_more', clusters(100, 40), clusters(500, 25)],
  ['ended_less', clusters(100, 2), clusters(500, 250)],
  ['no_difference', clusters(100, 10), clusters(500, 50)],
] as const)('says %s of what followed', (verdict, also_kept, stays) => {
  expect(reportOf([row({ also: 100, also_kept, stays })]).verdict).toMatchObject({
    verdict,
    design: 'observational',
  });
});

test('what cannot be replayed is counted apart, and cells that do not change are left out', () => {
  const report = reportOf([
    row({ decisions: 100, open: 70, unrecorded: 8, unknown: 5, changed: 9, also: 9 }),
    row({ segment: 'vip', decisions: 10, also: 2, changed: 2 }),
    row({ stream: 'texts', decisions: 10, also: 9, changed: 9 }),
    row({ trigger: 'sms_stop', decisions: 10 }),
  ]);
  expect(report.decisions).toEqual({
    all: 100,
    chosen: 17,
    replayed: 87,
    not_evaluable: { unrecorded: 8, unknown: 5 },
    changed: 9,
  });
  expect(report.cells.map(({ segment, stream }) => [segment, stream])).toEqual([
    [null, 'texts'],
    ['vip', null],
  ]);
});

test('a window in which nothing was decided reports nothing', () => {
  expect(reportOf([])).toMatchObject({
    decisions: { all: 0, replayed: 0 },
    cells: [],
    verdict: { verdict: 'not_enough' },
  });
});
