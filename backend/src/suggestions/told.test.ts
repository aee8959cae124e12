import { expect, test } from 'vitest';
import type { RiskRow } from '../contract/churn.js';
import type { Suggestion } from '../contract/suggestions.js';
import { newcombe } from '../rollouts/compare.js';
import { rankOf, toldOf } from './told.js';

const risk = (change: Partial<RiskRow> = {}): RiskRow => ({
  segment: 'plan:free',
  segment_title: 'Free plan',
  stream: 'promotions',
  stream_title: 'Promotions',
  subscriptions: 200,
  risk_30d: { mean: 0.2, lower: 0.15, upper: 0.25 },
  shrunk_30d: 0.2,
  trend: [],
  expected: { days_7: 12, days_30: 40, days_90: 80 },
  reasons: [],
  ...change,
});
const share = (n: number, of: number) => ({ n, of, value: n / of, lower: 0, upper: 1 });
const suggestion = (change: Partial<Suggestion> = {}, streamsKept = 150): Suggestion => ({
  ...{ id: 'a', kind: 'narrower', title: 'a', detail: '', claim: 'association', complaints: 'not_higher' },
  ...{ segment: 'plan:free', segment_title: '', stream: 'promotions', stream_title: '', replaces: null },
  risk: { subscriptions: 0, risk_30d: { mean: 0, lower: 0, upper: 0 }, expected_30d: 0 },
  rule: {
    ...{ id: 'a', name: 'a', priority: 1, enabled: true, when: { combinator: 'and', rules: [] } },
    // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
    then: { scope: { kind: 'stream' } },
  },
  draft: { rules: [], note: '' },
  evidence: {
    ...{ from: '', to: '', decisions: 1000, affected: 100, streams_kept: streamsKept, taken: null },
    ...{ repeated: share(10, 100), complained: share(1, 100) },
    others: { repeated: share(90, 900), complained: share(9, 900) },
    difference: { repeated: newcombe([10, 100], [90, 900]), complained: newcombe([1, 100], [9, 900]) },
  },
  experiment: null,
  expected_kept_30d: 0,
  ...change,
});

test('of each opt-out that is expected of the people as they are now, as many streams as one left in the past', () => {
  expect(toldOf(suggestion(), [risk({ segment: 'plan:paid' }), risk()])).toMatchObject({
    segment_title: 'Free plan',
    risk: { subscriptions: 200, risk_30d: { mean: 0.2 }, expected_30d: 40 },
    expected_kept_30d: (40 * 150) / 100,
  });
});

test('what nobody is left of is told no more', () => {
  expect(toldOf(suggestion(), [risk({ segment: 'plan:paid' })])).toBeNull();
});

test('of an offer it is not known how many take it, unless people were drawn by lot', () => {
  const offer = { kind: 'offer_cap', expected_kept_30d: 7 } as const;
  expect(toldOf(suggestion(offer, 0), [risk()])).toMatchObject({
    expected_kept_30d: 0,
    detail: expect.stringMatching(/is not known.*Association, not effect/),
  });
  const arm = { n: 100, value: 2, lower: 1, upper: 3 };
  const experiment = {
    ...{ ruleset: 'r', number: 2, from: '', to: null, people: { new: 100, old: 100 } },
    ...{ repeat_rate: newcombe([1, 100], [9, 100]), complaint_rate: newcombe([1, 100], [1, 100]) },
    kept_per_person: { value: 0.25, lower: 0.1, upper: 0.4 },
    arms: { new: arm, old: arm },
  };
  const told = toldOf(suggestion({ ...offer, claim: 'experiment', experiment }, 0), [risk()]);
  expect(told?.expected_kept_30d).toBe(40 * 0.25);
  expect(told?.detail).toContain('drawn by lot');
  expect(told?.detail).not.toContain('Association');
});

test('a threshold is about everybody on all streams', () => {
  const everybody = { segment: '', segment_title: 'Everybody', subscriptions: 400 };
  const told = toldOf(suggestion({ kind: 'threshold', segment: null, stream: null }), [
    risk(),
    risk({ ...everybody, stream: null, expected: { days_7: 1, days_30: 70, days_90: 3 } }),
    risk(everybody),
  ]);
  expect(told).toMatchObject({ segment_title: 'Everybody', risk: { subscriptions: 400, expected_30d: 70 } });
  // Of what the threshold moves all decisions of the window are the whole.
  expect(told?.expected_kept_30d).toBeCloseTo((70 * 150) / 1000, 12);
});

test('ranks by what is kept, then by what is known of complaints, then always alike', () => {
  const one = (id: string, kept: number, complaints: Suggestion['complaints'] = 'untold') =>
    suggestion({ id, expected_kept_30d: kept, complaints });
  const rows = [one('d', 0), one('a', -3), one('c', 0), one('e', 0, 'not_higher'), one('b', 5)];
  expect(rows.sort(rankOf).map(({ id }) => id)).toEqual(['b', 'e', 'c', 'd', 'a']);
});
