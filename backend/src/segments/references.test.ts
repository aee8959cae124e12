import { expect, test } from 'vitest';
import type { Condition } from '../contract/conditions.js';
import { isBuiltIn, mentionedAttributes, mentionedSegments, orderedByUse } from './references.js';

const condition: Condition = {
  combinator: 'and',
  rules: [
    { field: 'segment', operator: 'contains', value: 'vips' },
    {
      combinator: 'or',
      rules: [
        { field: 'segment', operator: 'in', value: 'fans, plan:a\\,b' },
        { field: 'segment', operator: 'notIn', value: ['fans', 'country:DE'] },
        { field: 'subscriber.attributes.shoe size', operator: '>', value: 7 },
      ],
    },
  ],
};

test('finds names in texts, lists and the lists that the editor writes as text', () => {
  const found = mentionedSegments(condition);
  for (const name of ['vips', 'fans', 'plan:a,b', 'country:DE']) expect(found).toContain(name);
});

test('finds attributes by the whole of their names', () => {
  expect(mentionedAttributes(condition)).toEqual(['shoe size']);
});

test('tells built-in names from others', () => {
  expect(['country:DE', 'plan:free', 'engagement:active'].every(isBuiltIn)).toBe(true);
  expect(['country:', 'engagement:keen', 'vips', 'team:red'].some(isBuiltIn)).toBe(false);
});

test('puts each behind those it uses, whatever is archived or built in', () => {
  const uses = new Map([
    ['a', ['c', 'plan:free']],
    ['b', []],
    ['c', ['b', 'gone']],
  ]);
  expect(orderedByUse(uses)).toEqual({ order: ['b', 'c', 'a'] });
});

test('names a circle from a segment back to itself, without what leads to it', () => {
  const uses = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['d', 'b']],
    ['d', []],
  ]);
  expect(orderedByUse(uses)).toEqual({ cycle: ['b', 'c', 'b'] });
});
