import { describe, expect, it, test } from 'vitest';
import { compile } from './closure.js';
import { FactLayout } from './facts.js';
import { checked, leaf } from './test-support.js';

const now = Date.UTC(2026, 10, 20, 9, 30);
const day = 86_400_000;

/** Asks the condition with this one fact. */
function holds(condition: unknown, fact: unknown): boolean {
  const layout = new FactLayout();
  const predicate = compile(checked(condition), layout);
  return predicate(
    layout.read(() => fact),
    now,
  );
}

const negative = [
  ['message.category', '!=', 'a'],
  ['message.category', 'notIn', ['a']],
  ['message.category', 'doesNotContain', 'a'],
  ['message.category', 'doesNotBeginWith', 'a'],
  ['message.category', 'doesNotEndWith', 'a'],
  ['engagement.opens_7d', '!=', 1],
  ['engagement.opens_7d', 'notBetween', [1, 2]],
  ['engagement.last_open', 'notWithinLast', 30],
  ['segment', 'doesNotContain', 'lapsing'],
  ['segment', 'notIn', ['lapsing']],
] as const;

describe('a comparison with a missing fact is false, a negated one too, and `not` turns it', () => {
  it.each(negative)('%s %s %j', (field, operator, value) => {
    expect(holds(leaf(field, operator, value), null)).toBe(false);
    expect(holds({ combinator: 'and', not: true, rules: [leaf(field, operator, value)] }, null)).toBe(true);
  });
});

test('only null holds for what is missing, and only notNull for what is there, the empty text included', () => {
  expect(holds(leaf('message.category', 'null'), null)).toBe(true);
  expect(holds(leaf('message.category', 'notNull'), null)).toBe(false);
  expect(holds(leaf('message.category', 'null'), '')).toBe(false);
  expect(holds(leaf('message.category', 'notNull'), '')).toBe(true);
  expect(holds(leaf('engagement.opens_7d', 'null'), Number.NaN)).toBe(true);
});

describe('holds just where it should', () => {
  it.each<[string, string, unknown, unknown, boolean]>([
    ['engagement.opens_7d', '<', 1, 0, true],
    ['engagement.opens_7d', '<', 1, 1, false],
    ['engagement.opens_7d', '<=', 1, 1, true],
    ['engagement.opens_7d', '>', 1, 1, false],
    ['engagement.opens_7d', '>=', 1, 1, true],
    ['engagement.opens_7d', '=', 0, -0, true],
    ['engagement.opens_7d', 'in', [-0], 0, true],
    ['engagement.opens_7d', 'between', [1, 2], 2, true],
    ['engagement.opens_7d', 'between', [1, 2], 2.1, false],
    ['engagement.opens_7d', 'notBetween', [1, 2], 2, false],
    ['engagement.opens_7d', '=', 2 ** 53, 2 ** 53 + 1, true],
    ['message.category', '=', 'É', 'E\u0301', false],
    ['message.category', '=', 'a', 'A', false],
    ['message.category', 'beginsWith', '\0', '\0a', true],
    ['message.category', 'contains', '\ud83d', '😀', false],
    ['message.category', '=', '\ud83d', '\ufffd', true],
    ['message.category', 'notIn', ['a'], 'b', true],
    ['subscriber.attributes.trial', '!=', true, false, true],
    ['engagement.last_open', 'withinLast', 7, now, true],
    ['engagement.last_open', 'withinLast', 7, now + 1, false],
    ['engagement.last_open', 'withinLast', 7, now - 7 * day + 1, true],
    ['engagement.last_open', 'withinLast', 7, now - 7 * day, false],
    ['engagement.last_open', 'notWithinLast', 7, now - 7 * day, true],
    ['segment', 'contains', 'lapsing', ['dormant', 'lapsing'], true],
    ['segment', 'doesNotContain', 'lapsing', [], true],
    ['segment', 'in', ['lapsing', 'dormant'], ['dormant'], true],
    ['segment', 'notIn', ['lapsing', 'dormant'], ['dormant'], false],
  ])('%s %s %j of %j', (field, operator, value, fact, expected) => {
    expect(holds(leaf(field, operator, value), fact)).toBe(expected);
  });
});

test.each([1, 2, 3, 4, 5, 9])('joins %i parts', (count) => {
  const opens = Array.from(
    { length: count },
    (_, index) => `engagement.${['opens', 'clicks', 'sends'][index % 3]}_7d`,
  );
  const rules = opens.map((field, index) => leaf(field, index % 2 === 0 ? '>' : '>=', index));
  for (let value = -1; value <= count + 1; value += 1) {
    const each = opens.map((_, index) => (index % 2 === 0 ? value > index : value >= index));
    expect(holds({ combinator: 'and', rules }, value)).toBe(each.every(Boolean));
    expect(holds({ combinator: 'or', rules }, value)).toBe(each.some(Boolean));
  }
});

test('and of nothing always holds, or of nothing never', () => {
  expect(holds({ combinator: 'and', rules: [] }, null)).toBe(true);
  expect(holds({ combinator: 'or', rules: [] }, null)).toBe(false);
  expect(holds({ combinator: 'and', not: true, rules: [] }, null)).toBe(false);
});
