import { expect, test } from 'vitest';
import { quoted } from './quoted.js';
import { checked, leaf } from './test-support.js';
import { readableText } from './text.js';

test('reads as a sentence', () => {
  const condition = checked({
    combinator: 'and',
    rules: [
      { field: 'message.channel', operator: '=', value: 'email' },
      {
        combinator: 'or',
        rules: [
          { field: 'engagement.opens_30d', operator: '<', value: 1 },
          { field: 'engagement.last_open', operator: 'null' },
        ],
      },
    ],
  });
  expect(readableText(condition)).toBe('channel is email and (opens in 30 days < 1 or last open is missing)');
});

test.each<[string, string, unknown, string]>([
  ['engagement.opens_7d[stream=offers]', '>=', 2, 'opens in 7 days of stream offers ≥ 2'],
  ['engagement.opens_7d', 'between', [1, 5], 'opens in 7 days is between 1 and 5'],
  ['message.category', 'in', ['news', 'spring sale', 'and'], 'category is one of news, "spring sale", "and"'],
  ['message.category', 'doesNotBeginWith', 'x,y', 'category does not begin with "x,y"'],
  ['engagement.last_click', 'notWithinLast', 30, 'last click is not within the last 30 days'],
  ['engagement.last_click', 'withinLast', 1, 'last click is within the last 1 day'],
  ['engagement.last_click', '<', '2026-11-20', 'last click is before 2026-11-20T00:00:00.000Z'],
  ['subscriber.attributes.trial', '!=', true, 'attribute trial is not true'],
  ['subscriber.attributes.renews at', 'notNull', null, 'attribute "renews at" is known'],
  ['permission.allowed[channel=in_app]', '=', false, 'permission of channel in_app is false'],
  ['segment', 'notIn', ['lapsing', 'dormant'], 'segments include none of lapsing, dormant'],
  ['segment', 'contains', 'lapsing', 'segments include lapsing'],
])('%s %s %j', (field, operator, value, text) => {
  expect(readableText(checked(leaf(field, operator, value)))).toBe(text);
});

test('shows what is turned, and what always or never holds', () => {
  const opens = { field: 'engagement.opens_7d', operator: '<', value: 1 };
  const text = (condition: object) => readableText(checked(condition));
  expect(text({ combinator: 'or', not: true, rules: [opens, opens] })).toBe(
    'not (opens in 7 days < 1 or opens in 7 days < 1)',
  );
  expect(text({ combinator: 'and', rules: [opens, { combinator: 'and', not: true, rules: [opens] }] })).toBe(
    'opens in 7 days < 1 and not (opens in 7 days < 1)',
  );
  expect(text({ combinator: 'and', rules: [] })).toBe('always');
  expect(text({ combinator: 'or', rules: [] })).toBe('never');
  expect(text({ combinator: 'or', not: true, rules: [] })).toBe('always');
  expect(text({ combinator: 'or', rules: [opens, { combinator: 'and', rules: [] }] })).toBe(
    'opens in 7 days < 1 or always',
  );
});

test('what cannot be seen, or turns the direction of writing, is spelt out', () => {
  expect(quoted('a\0b')).toBe('"a\\u0000b"');
  expect(quoted('a\u202eb')).toBe('"a\\u{202e}b"');
  expect(quoted('a\u2028b')).toBe('"a\\u{2028}b"');
  expect(quoted('')).toBe('""');
  expect(quoted('neue-kunden_2')).toBe('neue-kunden_2');
  expect(quoted('frühling')).toBe('frühling');
});
