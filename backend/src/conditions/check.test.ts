import { describe, expect, it, test } from 'vitest';
import { checkCondition } from './check.js';
import { leavesOf } from './condition.js';
import { catalogue, checked, faultsOf, leaf } from './test-support.js';

const testOf = (field: string, operator: string, value?: unknown) =>
  leavesOf(checked(leaf(field, operator, value)))[0]?.test;

describe('refuses with the place and a sentence', () => {
  it.each<[string, unknown, string]>([
    [
      'an unknown field',
      leaf('message.colour', '=', 'red'),
      'rules[0].field is not a field of the catalogue',
    ],
    [
      'a name of the language',
      leaf('__proto__', '=', 'red'),
      'rules[0].field is not a field of the catalogue',
    ],
    [
      'an operator of another type',
      leaf('message.channel', '<', 1),
      'rules[0].operator cannot be asked of this field: it takes =, !=, in, notIn',
    ],
    [
      'missing where it never is',
      leaf('message.channel', 'null'),
      'rules[0].operator cannot be asked of this field, which is never missing',
    ],
    [
      'text of a closed list that is not in it',
      leaf('message.channel', '=', 'fax'),
      'rules[0].value must be one of email, sms, push, in_app, whatsapp, voice, post, web',
    ],
    [
      'one value of a list',
      leaf('request.trigger', 'in', ['sms_stop', 'fax']),
      'rules[0].value[1] is not one of the known values of this field',
    ],
    [
      'a segment that is not there',
      leaf('segment', 'contains', 'gone'),
      'rules[0].value must be one of lapsing, dormant',
    ],
    ['a number as text', leaf('message.category', '=', 5), 'rules[0].value must be text'],
    ['text as a number', leaf('engagement.opens_30d', '<', 'few'), 'rules[0].value must be a number'],
    ['an empty input', leaf('engagement.opens_30d', '<', ''), 'rules[0].value must be a number'],
    ['blanks about a number', leaf('engagement.opens_30d', '<', ' 5'), 'rules[0].value must be a number'],
    ['a hexadecimal number', leaf('engagement.opens_30d', '<', '0x10'), 'rules[0].value must be a number'],
    [
      'a number beyond all doubles',
      leaf('engagement.opens_30d', '<', '1e999'),
      'rules[0].value must be a finite number',
    ],
    [
      'a truth as text',
      leaf('subscriber.attributes.trial', '=', 'yes'),
      'rules[0].value must be true or false',
    ],
    [
      'an instant without its zone',
      leaf('engagement.last_open', '<', '2026-11-20T09:30:00'),
      'rules[0].value must be a day or an instant with its zone, such as 2026-11-20T09:30:00Z',
    ],
    [
      'a day that is none',
      leaf('engagement.last_open', '<', '2026-02-30'),
      'rules[0].value must be a day or an instant with its zone, such as 2026-11-20T09:30:00Z',
    ],
    [
      'an instant as a number',
      leaf('engagement.last_open', '<', 0),
      'rules[0].value must be a day or an instant with its zone, such as 2026-11-20T09:30:00Z',
    ],
    [
      'an instant that the engine cannot hold',
      leaf('engagement.last_open', '<', '1899-12-31'),
      'rules[0].value must lie between the years 1900 and 2299',
    ],
    [
      'a range turned round',
      leaf('engagement.opens_30d', 'between', [5, 1]),
      'rules[0].value must begin with the lower value',
    ],
    [
      'half a range',
      leaf('engagement.opens_30d', 'between', '5'),
      'rules[0].value must be a list of two values, the lower first',
    ],
    [
      'a range of three',
      leaf('engagement.opens_30d', 'between', [1, 2, 3]),
      'rules[0].value must be a list of two values, the lower first',
    ],
    [
      'one end of a range',
      leaf('engagement.opens_30d', 'between', '1, x'),
      'rules[0].value[1] must be a number',
    ],
    [
      'one value where a list is needed',
      leaf('engagement.opens_30d', 'in', 5),
      'rules[0].value must be a list',
    ],
    [
      'a list where one value is needed',
      leaf('engagement.opens_30d', '=', [5]),
      'rules[0].value must be a number',
    ],
    ['an empty list', leaf('message.category', 'in', []), 'rules[0].value must list one value at least'],
    [
      'an empty comma list',
      leaf('message.category', 'in', ' '),
      'rules[0].value must list one value at least',
    ],
    [
      'a gap in a comma list',
      leaf('engagement.opens_30d', 'in', '1,,2'),
      'rules[0].value[1] must be a number',
    ],
    [
      'a comma list that is too long',
      leaf('engagement.opens_30d', 'in', Array(1001).fill(1).join()),
      'rules[0].value may list 1000 values at most',
    ],
    [
      'a text that is too long',
      leaf('message.category', '=', 'x'.repeat(1025)),
      'rules[0].value may have 1024 characters at most',
    ],
    [
      'a piece of no length',
      leaf('message.category', 'contains', ''),
      'rules[0].value must have one character at least',
    ],
    [
      'a part of a day',
      leaf('engagement.last_open', 'withinLast', 0.5),
      'rules[0].value must be a whole number of days from 1 to 36500',
    ],
    [
      'no days',
      leaf('engagement.last_open', 'withinLast', 0),
      'rules[0].value must be a whole number of days from 1 to 36500',
    ],
    [
      'a parameter that the field does not take',
      leaf('message.channel[stream=offers]', '=', 'sms'),
      'rules[0].field takes no parameter',
    ],
    [
      'another parameter',
      leaf('permission.allowed[category=promotions]', '=', true),
      'rules[0].field takes stream or channel, and no other parameter',
    ],
    [
      'a parameter that is needed',
      leaf('permission.allowed', '=', true),
      'rules[0].field needs one of [stream=…], [channel=…]',
    ],
    [
      'a stream that is not there',
      leaf('engagement.opens_7d[stream=gone]', '>', 1),
      'rules[0].field names a stream that is not known',
    ],
    [
      'a parameter that cannot be read',
      leaf('engagement.opens_7d[stream=%]', '>', 1),
      'rules[0].field names a stream that is not known',
    ],
    [
      'an unknown leaf member',
      { combinator: 'and', rules: [{ combinator: 'or', rules: [{ 'a b': 1 }] }] },
      'rules[0].rules[0]["a b"] is not a known field',
    ],
    ['no condition at all', null, 'condition must be a group with combinator and rules'],
  ])('%s', (_, condition, fault) => {
    expect(faultsOf(condition)[0]).toBe(fault);
  });
});

test('a sweep knows no message and no request', () => {
  const condition = {
    combinator: 'or',
    rules: [leaf('request.hour', '<', 6), leaf('segment', 'contains', 'lapsing')],
  };
  expect(faultsOf(condition, 'decision')).toEqual([]);
  expect(faultsOf(condition, 'sweep')).toEqual([
    'rules[0].rules[0].field is known only while a request is decided',
  ]);
});

test('names every fault, led by where the condition stands', () => {
  const condition = {
    combinator: 'and',
    rules: [leaf('x', '=', 1), { combinator: 'or', rules: [leaf('y', '=', 1)] }],
  };
  expect(checkCondition(condition, catalogue, 'decision', ['rules', 3, 'when'])).toEqual({
    ok: false,
    faults: [
      { path: 'rules[3].when.rules[0].rules[0].field', reason: 'is not a field of the catalogue' },
      { path: 'rules[3].when.rules[1].rules[0].rules[0].field', reason: 'is not a field of the catalogue' },
    ],
  });
});

describe('reads what inputs of a page write', () => {
  it.each<[string, string, unknown, unknown]>([
    ['engagement.opens_30d', '=', '5', { kind: 'equals', value: 5 }],
    ['engagement.opens_30d', '<', '-1.5e3', { kind: 'order', operator: '<', than: -1500 }],
    ['engagement.opens_30d', '<', '.5', { kind: 'order', operator: '<', than: 0.5 }],
    ['engagement.opens_30d', 'between', '1, 5', { kind: 'between', low: 1, high: 5 }],
    ['engagement.opens_30d', 'in', '1,2, 2', { kind: 'one_of', values: [1, 2] }],
    ['message.category', 'in', 'a, b\\,c', { kind: 'one_of', values: ['a', 'b,c'] }],
    ['message.category', 'in', [' a', ''], { kind: 'one_of', values: [' a', ''] }],
    ['message.category', '=', '', { kind: 'equals', value: '' }],
    ['message.category', '=', 'a\ud800', { kind: 'equals', value: 'a\ufffd' }],
    ['subscriber.attributes.trial', '!=', 'true', { kind: 'equals', value: true }],
    ['engagement.last_open', 'withinLast', '30', { kind: 'within_last', days: 30 }],
    [
      'engagement.last_open',
      '<',
      '2026-11-20',
      { kind: 'order', operator: '<', than: Date.UTC(2026, 10, 20) },
    ],
    [
      'engagement.last_open',
      '>=',
      '2026-11-20T01:00:00.5+02:00',
      { kind: 'order', operator: '>=', than: Date.UTC(2026, 10, 19, 23, 0, 0, 500) },
    ],
    ['segment', 'in', 'lapsing, dormant', { kind: 'has_one_of', members: ['lapsing', 'dormant'] }],
    ['segment', 'doesNotContain', 'lapsing', { kind: 'has', member: 'lapsing' }],
    ['permission.reason[stream=offers]', '=', 'pause', { kind: 'equals', value: 'pause' }],
  ])('%s %s %j', (field, operator, value, read) => {
    expect(testOf(field, operator, value)).toEqual(read);
  });
});
