import { expect, test } from 'vitest';
import type { FieldType } from '../contract/condition-fields.js';
import { leavesOf } from './condition.js';
import { FactLayout, readFact } from './facts.js';
import { checked, leaf } from './test-support.js';

test.each<[FieldType, unknown, unknown]>([
  ['text', 'a\ud800b', 'a\ufffdb'],
  ['text', '', ''],
  ['text', 5, null],
  ['text', undefined, null],
  ['choice', 'none of the list', 'none of the list'],
  ['number', 2 ** 53 + 2, 2 ** 53 + 2],
  ['number', '5', null],
  ['number', Number.NaN, null],
  ['number', Number.NEGATIVE_INFINITY, null],
  ['boolean', false, false],
  ['boolean', 'true', null],
  ['boolean', 1, null],
  ['instant', 0, 0],
  ['instant', 0.5, null],
  ['instant', Date.UTC(1899, 11, 31), null],
  ['instant', Date.UTC(2300, 0, 1), null],
  ['instant', '2026-11-20', null],
  ['set', ['a', '\udc00', 'a'], new Set(['a', '\ufffd'])],
  ['set', [], new Set()],
  ['set', 'a', null],
  ['set', ['a', 5], null],
])('%s: %j is read as %j', (type, value, fact) => {
  expect(readFact(type, value)).toEqual(fact);
});

test('asks for each field once, however many leaves ask for it', () => {
  const condition = checked({
    combinator: 'and',
    rules: [
      leaf('engagement.opens_7d[category=spring sale]', '>', 1),
      leaf('message.channel', '=', 'sms'),
      leaf('engagement.opens_7d[category=spring%20sale]', '<', 9),
      leaf('engagement.opens_7d', '<', 9),
    ],
  });
  const layout = new FactLayout();
  const slots = leavesOf(condition).map(({ field }) => layout.slotOf(field));
  expect(slots).toEqual([0, 1, 0, 2]);
  expect(layout.fields.map(({ id }) => id)).toEqual([
    'engagement.opens_7d[category=spring%20sale]',
    'message.channel',
    'engagement.opens_7d',
  ]);
  expect(layout.read(({ id }) => (id === 'message.channel' ? 'sms' : 3))).toEqual([3, 'sms', 3]);
});
