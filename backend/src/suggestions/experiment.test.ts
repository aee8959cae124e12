import { expect, test } from 'vitest';
import type { Rollout } from '../contract/rollouts.js';
import type { Rule } from '../contract/rules.js';
import { compareArms, nobody } from '../rollouts/compare.js';
import { experimentOf } from './experiment.js';

const rule = (id: string, n: number, change: Partial<Rule> = {}): Rule => ({
  ...{ id, name: id, priority: n, enabled: true },
  when: { combinator: 'and', rules: [{ field: 'message.stream', operator: '=', value: `stream-${n}` }] },
  // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
  then: { scope: { kind: 'stream' } },
  ...change,
});
const arm = (version: string, people: number, repeats: number) => ({
  ...nobody,
  rulesets: [version],
  people,
  followed_people: people,
  followed_repeats: repeats,
  first_kept: people,
  first_kept_squares: people,
});
const rollout = (ruleset: string, before: string, people = 100): Rollout => ({
  ruleset,
  number: 2,
  percent: 50,
  from: '2026-09-01T00:00:00.000Z',
  to: null,
  end: 'running',
  ended_by: null,
  as_of: '2026-11-01T00:00:00.000Z',
  query: 'rollouts/arms',
  ...compareArms(arm(ruleset, people, people / 10), arm(before, people, (people / 10) * 3)),
  guard: {
    verdict: 'open',
    difference: null,
    lower: null,
    upper: null,
    margin: 0.002,
    min_people: 200,
    alpha: 0.05,
  },
});
const versions = (all: Record<string, Rule[]>) => (id: string) => {
  const rules = all[id];
  return rules === undefined ? undefined : { rules };
};
const [a, b, c] = [rule('a', 1), rule('b', 2), rule('c', 3)];

test('a rollout of exactly that rule, whatever it is called and wherever it stands', () => {
  const called = rule('other', 2, { name: 'Another name', priority: 77 });
  const found = experimentOf(called, [rollout('new', 'old')], versions({ new: [a, b], old: [a] }));
  expect(found).toMatchObject({ ruleset: 'new', people: { new: 100, old: 100 } });
  expect(found?.repeat_rate.value).toBeCloseTo(-0.2, 12);
  expect(found?.repeat_rate.upper).toBeLessThan(0);
});

test('a rule that was changed is one that came and one that went', () => {
  // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
  const before = rule('b', 2, { then: { scope: { kind: 'category' } } });
  expect(
    experimentOf(b, [rollout('new', 'old')], versions({ new: [a, b], old: [a, before] })),
  ).not.toBeNull();
});

test.each<[string, Rule[], Rule[]]>([
  ['more than that rule came', [a, b, c], [a]],
  ['another went that it does not take the place of', [b], [a, c]],
  ['the other arm had it, too', [a, b], [a, b]],
  ['it was switched off', [a, { ...b, enabled: false }], [a]],
  ['it is another rule', [a, c], [a]],
])('no experiment: %s', (_, fresh, old) => {
  expect(experimentOf(b, [rollout('new', 'old')], versions({ new: fresh, old }))).toBeNull();
});

test('no experiment while an arm has too few people followed, or more than one version decided for it', () => {
  const both = versions({ new: [a, b], old: [a] });
  expect(experimentOf(b, [rollout('new', 'old', 20)], both)).toBeNull();
  expect(experimentOf(b, [rollout('new', 'old', 30)], both)).not.toBeNull();
  const mixed = rollout('new', 'old');
  mixed.old_arm.rulesets.push('older');
  expect(experimentOf(b, [mixed], both)).toBeNull();
});

test('before any rules were published the other arm had none', () => {
  expect(experimentOf(b, [rollout('new', '')], versions({ new: [b] }))).not.toBeNull();
});
