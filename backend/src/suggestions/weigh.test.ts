import { expect, test } from 'vitest';
import type { RuleSums, TriedOut } from '../backtests/index.js';
import type { Suggestion } from '../contract/suggestions.js';
import { objectionTo, weigh } from './weigh.js';

const sums = (n: number, followed: number, repeats: number, complaints: number): RuleSums => ({
  ...{ n, followed, repeats, complaints },
});
const tried = (wouldStop: number, byRule: [number, RuleSums][]): TriedOut => ({
  decisions: byRule.reduce((all, [, { n }]) => all + n, 0),
  wouldStop,
  byRule: new Map(byRule),
});

test('a new rule: what it would decide, beside all the rest', () => {
  const base = tried(1500, [
    [0, sums(600, 500, 100, 10)],
    [1, sums(400, 300, 90, 5)],
  ]);
  const edited = tried(1400, [
    [0, sums(600, 500, 100, 10)],
    [1, sums(150, 120, 40, 2)],
    [2, sums(250, 180, 50, 3)],
  ]);
  const { evidence } = weigh(base, edited, { tried: 1, base: null });
  expect(evidence).toMatchObject({ decisions: 1000, affected: 150, streams_kept: 100 });
  expect(evidence.repeated).toMatchObject({ n: 40, of: 120 });
  expect(evidence.complained).toMatchObject({ n: 2, of: 120 });
  expect(evidence.others.repeated).toMatchObject({ n: 150, of: 680 });
  expect(evidence.others.complained).toMatchObject({ n: 13, of: 680 });
  expect(evidence.difference.repeated.value).toBeCloseTo(40 / 120 - 150 / 680, 12);
});

test.each([
  ['down', 400, 260],
  ['up', 260, 400],
])('a threshold that moves %s: what lies between', (_, before, after) => {
  const of = (n: number) =>
    tried(0, [
      [0, sums(1000 - n, 1000 - n, 0, 0)],
      [3, sums(n, n, n / 4, n / 20)],
    ]);
  const { evidence } = weigh(of(before), of(after), { tried: 3, base: 3 });
  expect(evidence).toMatchObject({ decisions: 1000, affected: 140 });
  expect(evidence.repeated).toMatchObject({ n: 35, of: 140 });
});

test('complaints: certainly more, not more by half a point, or untold', () => {
  const verdict = (affected: RuleSums, others: RuleSums) => {
    const base = tried(0, [
      [
        0,
        sums(
          affected.n + others.n,
          affected.followed + others.followed,
          0,
          affected.complaints + others.complaints,
        ),
      ],
    ]);
    return weigh(
      base,
      tried(0, [
        [0, others],
        [1, affected],
      ]),
      { tried: 1, base: null },
    ).complaints;
  };
  expect(verdict(sums(1000, 1000, 0, 80), sums(9000, 9000, 0, 90))).toBe('may_rise');
  expect(verdict(sums(20_000, 20_000, 0, 200), sums(90_000, 90_000, 0, 900))).toBe('not_higher');
  expect(verdict(sums(100, 100, 0, 1), sums(9000, 9000, 0, 90))).toBe('untold');
  expect(verdict(sums(100, 0, 0, 0), sums(9000, 9000, 0, 90))).toBe('untold');
});

/** Of 10,000 decisions, of which the edit would decide so many; of the rest one in ten is repeated, one in a hundred complained. */
function objection(kind: Suggestion['kind'], kept: number, affected: RuleSums): string | null {
  const others = sums(9000, 9000, 900, 90);
  const { n, followed, repeats, complaints } = affected;
  const base = tried(1000 + kept, [[0, sums(9000 + n, 9000 + followed, 900 + repeats, 90 + complaints)]]);
  return objectionTo(
    kind,
    weigh(
      base,
      tried(1000, [
        [0, others],
        [1, affected],
      ]),
      { tried: 1, base: null },
    ),
  );
}

test('of fewer than 30 opt-outs nothing is suggested', () => {
  expect(objection('narrower', 10, sums(29, 29, 2, 0))).toContain('fewer than 30');
  expect(objection('narrower', 10, sums(30, 30, 2, 0))).toBeNull();
});

test('whoever complains more is not to be sent more, by no edit that keeps streams', () => {
  const angry = sums(1000, 1000, 100, 80);
  expect(objection('narrower', 10, angry)).toContain('complain more');
  expect(objection('threshold', 10, angry)).toContain('complain more');
  expect(objection('offer_cap', 0, angry)).toContain('complain more');
  expect(objection('offer_pause', 0, angry)).toContain('complain more');
});

test('more is stopped only for whoever has to say it again, or complains', () => {
  expect(objection('wider', -10, sums(1000, 1000, 100, 10))).toContain('do not have to say it again');
  expect(objection('wider', -10, sums(1000, 1000, 200, 10))).toBeNull();
  expect(objection('wider', -10, sums(1000, 1000, 100, 80))).toBeNull();
  expect(objection('threshold', 0, sums(1000, 1000, 200, 80))).toContain('change nothing');
});
