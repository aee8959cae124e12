import { expect, test } from 'vitest';
import type { ConditionLeaf } from '../contract/conditions.js';
import type { Rule } from '../contract/rules.js';
import { type AtRisk, type Edit, editsOf } from './grammar.js';

const rule = (change: Partial<Rule> = {}): Rule => ({
  id: 'shop',
  name: 'Shop',
  priority: 10,
  enabled: true,
  when: { combinator: 'and', rules: [{ field: 'message.origin', operator: '=', value: 'shop' }] },
  // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
  then: { scope: { kind: 'category' }, tag: 'shop' },
  ...change,
});
const cell = (change: Partial<AtRisk> = {}): AtRisk => ({
  segment: 'plan:free',
  segmentTitle: 'Free plan',
  stream: 'promotions',
  streamTitle: 'Promotions',
  decidedBy: null,
  siblings: { category: 1, channel: 3 },
  ...change,
});
const kinds = (edits: readonly Edit[]) => edits.map(({ kind }) => kind);
const find = (edits: readonly Edit[], kind: Edit['kind']) => {
  const found = edits.find((edit) => edit.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
};
const order = (edit: Edit) =>
  [...edit.rules].sort((a, b) => a.priority - b.priority).map(({ id }) => (id === edit.rule.id ? 'it' : id));
const own: ConditionLeaf[] = [
  { field: 'segment', operator: 'contains', value: 'plan:free' },
  { field: 'message.stream', operator: '=', value: 'promotions' },
];

test('where the stream alone stops, the category or, without other streams in it, the channel', () => {
  expect(kinds(editsOf([], [cell()]))).toEqual(['wider', 'offer_pause', 'offer_cap']);
  const scope = (siblings: AtRisk['siblings']) =>
    editsOf([], [cell({ siblings })]).find(({ kind }) => kind === 'wider')?.rule.then.scope.kind;
  expect(scope({ category: 1, channel: 3 })).toBe('category');
  expect(scope({ category: 0, channel: 3 })).toBe('channel');
  expect(scope({ category: 0, channel: 0 })).toBeUndefined();
});

test('where more stops, the stream alone, right before the rule that decides and under its condition', () => {
  const first = rule({ id: 'first', priority: 3 });
  const edit = find(editsOf([rule(), first], [cell({ decidedBy: 'shop' })]), 'narrower');
  expect(edit).toMatchObject({ replaces: null, segment: 'plan:free', stream: 'promotions' });
  expect(edit.rule.then).toEqual({ scope: { kind: 'stream' }, tag: 'suggested' });
  expect(edit.rule.when).toEqual({ combinator: 'and', rules: [...own, rule().when] });
  expect(order(edit)).toEqual(['first', 'it', 'shop']);
});

test('where there is no room between two rules, those behind move', () => {
  const before = rule({ id: 'before', priority: 9 });
  const edit = find(editsOf([before, rule()], [cell({ decidedBy: 'shop' })]), 'narrower');
  expect(order(edit)).toEqual(['before', 'it', 'shop']);
  expect(new Set(edit.rules.map(({ priority }) => priority)).size).toBe(3);
  // At the end of what a priority may be there is none.
  const full = [rule({ id: 'before', priority: 9_999 }), rule({ priority: 10_000 })];
  expect(editsOf(full, [cell({ decidedBy: 'shop' })])).toEqual([]);
});

test('a rule that is for the segment on the stream alone is changed itself, and keeps its name and tag', () => {
  const mine = rule({
    when: { combinator: 'and', rules: [...own, { field: 'trigger', operator: '=', value: 'reply_keyword' }] },
  });
  const edit = find(editsOf([mine], [cell({ decidedBy: 'shop' })]), 'narrower');
  expect(edit.replaces).toBe('shop');
  expect(edit.rules).toEqual([
    // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
    { ...mine, then: { scope: { kind: 'stream' }, tag: 'shop' } },
  ]);
  // One of the two, or without either, is not the same.
  const either = rule({ when: { combinator: 'or', rules: own } });
  expect(find(editsOf([either], [cell({ decidedBy: 'shop' })]), 'narrower').replaces).toBeNull();
});

test('offers what is not offered yet, beside what the rule does', () => {
  const then: Rule['then'] = {
    scope: { kind: 'category' },
    offers: { pause: [], cap: { n: 2, per: 'month' } },
  };
  const never = rule({ then });
  const edits = editsOf([never], [cell({ decidedBy: 'shop' })]);
  expect(kinds(edits)).toEqual(['narrower', 'offer_pause']);
  expect(find(edits, 'offer_pause').rule.then).toMatchObject({
    scope: { kind: 'category' },
    offers: { pause: [30, 90], cap: { n: 2, per: 'month' } },
  });
});

test('moves each threshold of a rule that decides a step down and a step up, once however many cells it decides', () => {
  const nested = rule({
    when: {
      combinator: 'and',
      rules: [
        { field: 'message.origin', operator: '=', value: 'shop' },
        {
          combinator: 'or',
          rules: [
            { field: 'subscriber.risk_30d', operator: '>', value: 0.4 },
            { field: 'pressure.sent_7d', operator: '>=', value: 2 },
          ],
        },
      ],
    },
  });
  const cells = [cell({ decidedBy: 'shop' }), cell({ decidedBy: 'shop', segment: 'plan:paid' })];
  const edits = editsOf([nested], cells).filter(({ kind }) => kind === 'threshold');
  const numbers = edits.map(({ rule: changed, replaces, rules }) => {
    expect(replaces).toBe('shop');
    expect(rules).toEqual([changed]);
    const [origin, either] = changed.when.rules;
    expect(origin).toEqual(nested.when.rules[0]);
    return either !== undefined && 'rules' in either
      ? either.rules.map((leaf) => ('value' in leaf ? leaf.value : null))
      : [];
  });
  expect(numbers).toEqual([
    [0.3, 2],
    [0.5, 2],
    [0.4, 1],
    [0.4, 3],
  ]);
});

test('an edit has one id, whatever the rules are called', () => {
  const ids = (name: string, priority: number) =>
    editsOf([rule({ name, priority })], [cell({ decidedBy: 'shop' })]).map(({ id }) => id);
  expect(ids('Shop', 10)).toEqual(ids('Boutique', 700));
  expect(new Set(ids('Shop', 10)).size).toBe(3);
});

test('a rule that is switched off decides nothing', () => {
  const edits = editsOf([rule({ enabled: false })], [cell({ decidedBy: 'shop' })]);
  expect(kinds(edits)).toEqual(['wider', 'offer_pause', 'offer_cap']);
});
