import { describe, expect, test } from 'vitest';
import { logRank } from './log-rank.js';

describe('the log-rank test', () => {
  // Freireich et al. (1963), 6-MP against placebo; sums and result: Klein & Moeschberger, section 7.3.
  test('of Freireich et al. is 16.79 with one degree of freedom', () => {
    const v = 6.25696;
    const test = logRank({ observed: [9, 21], expected: [19.25, 10.75], variance: [v, -v, -v, v] });
    expect(test.chi_square?.toFixed(2)).toBe('16.79');
    expect(test.degrees).toBe(1);
    expect(test.p?.toExponential(1)).toBe('4.2e-5');
  });

  test('of three groups solves two equations, whichever group is left out', () => {
    // V of multinomial draws: diag(e) − e e' / 12, with e = (6, 4, 2): u' V⁻¹ u is Pearson's Σ u² / e.
    const e = [6, 4, 2];
    const variance = e.flatMap((one, i) => e.map((other, j) => (i === j ? one : 0) - (one * other) / 12));
    const found = logRank({ observed: [8, 3, 1], expected: e, variance });
    expect(found.chi_square).toBeCloseTo(4 / 6 + 1 / 4 + 1 / 2, 12);
    expect(found.degrees).toBe(2);
    const turned = [2, 0, 1];
    const same = logRank({
      observed: turned.map((group) => [8, 3, 1][group] ?? 0),
      expected: turned.map((group) => e[group] ?? 0),
      variance: turned.flatMap((i) => turned.map((j) => variance[i * 3 + j] ?? 0)),
    });
    expect(same.chi_square).toBeCloseTo(found.chi_square ?? Number.NaN, 12);
  });

  test('leaves out a group that was never at risk when somebody ended', () => {
    const v = [1, 0, -1, 0, 0, 0, -1, 0, 1];
    expect(logRank({ observed: [3, 0, 1], expected: [2, 0, 2], variance: v })).toMatchObject({
      chi_square: 1,
      degrees: 1,
    });
  });

  test('of groups that were never at risk together compares only those that were', () => {
    // The third was alone: all its ends were to be expected.
    const v = [1, -1, 0, -1, 1, 0, 0, 0, 0];
    expect(logRank({ observed: [3, 1, 5], expected: [2, 2, 5], variance: v })).toMatchObject({
      chi_square: 1,
      degrees: 1,
    });
  });

  test.each([
    ['of nothing', { observed: [], expected: [], variance: [] }],
    ['of one group with ends', { observed: [2, 0], expected: [2, 0], variance: [0, 0, 0, 0] }],
    ['of groups that never met', { observed: [2, 3], expected: [2, 3], variance: [0, 0, 0, 0] }],
  ])('%s says nothing', (_, sums) => {
    expect(logRank(sums)).toEqual({ chi_square: null, degrees: 0, p: null });
  });
});
