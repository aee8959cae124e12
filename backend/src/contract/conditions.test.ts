import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Condition } from './conditions.js';

const leaf = { field: 'message.channel', operator: '=', value: 'email' };

function faultsOf(value: unknown): string[] {
  const { error } = Condition.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

function nested(depth: number): unknown {
  let group: unknown = { combinator: 'or', rules: [leaf] };
  for (let level = 1; level < depth; level += 1) group = { combinator: 'and', rules: [group] };
  return group;
}

const leaves = (count: number): unknown => ({
  combinator: 'and',
  rules: Array.from({ length: count }, () => leaf),
});

test('leaves out what the editor keeps for itself, and what says nothing', () => {
  const edited = {
    id: 'g',
    path: [],
    disabled: false,
    not: false,
    combinator: 'and',
    rules: [
      { id: 'r', path: [0], disabled: true, valueSource: 'value', ...leaf },
      { ...leaf, operator: 'null', value: '' },
      { id: 'h', not: true, combinator: 'or', rules: [] },
    ],
  };
  expect(Condition.parse(edited)).toEqual({
    combinator: 'and',
    rules: [leaf, { field: leaf.field, operator: 'null' }, { combinator: 'or', not: true, rules: [] }],
  });
});

test('is unchanged when it is read again', () => {
  const condition = {
    combinator: 'or',
    not: true,
    rules: [leaf, { ...leaf, operator: 'in', value: ['a', 1, true] }],
  };
  expect(Condition.parse(Condition.parse(condition))).toEqual(condition);
});

describe('names each fault once, with its place', () => {
  it.each<[string, unknown, string[]]>([
    ['no group', [], [': must be a group with combinator and rules']],
    ['no list', { combinator: 'and' }, ['rules: must be a list']],
    ['another combinator', { combinator: 'xor', rules: [] }, ['combinator: must be "and" or "or"']],
    [
      'a combinator between',
      { rules: [leaf, 'and', leaf] },
      ['combinator: must be "and" or "or"', 'rules.1: must be a leaf or a group'],
    ],
    ['not as text', { combinator: 'and', not: 'yes', rules: [] }, ['not: must be true or false']],
    [
      'an unknown member',
      { combinator: 'and', rules: [{ ...leaf, muted: true }] },
      ['rules.0.muted: is not a known field'],
    ],
    [
      'an unknown member of a group',
      { combinator: 'and', rules: [], where: '' },
      ['where: is not a known field'],
    ],
    [
      'a field as the value',
      { combinator: 'and', rules: [{ ...leaf, valueSource: 'field' }] },
      ['rules.0.valueSource: must be "value": fields are not compared with each other'],
    ],
    [
      'no field',
      { combinator: 'and', rules: [{ operator: '=', value: 1 }] },
      ['rules.0.field: must be the id of a field'],
    ],
    [
      'a regular expression',
      { combinator: 'and', rules: [{ ...leaf, operator: 'matches' }] },
      ['rules.0.operator: must be a known operator'],
    ],
    ['no value', { combinator: 'and', rules: [{ ...leaf, value: null }] }, ['rules.0.value: is needed']],
    [
      'an object as the value',
      { combinator: 'and', rules: [{ ...leaf, value: {} }] },
      ['rules.0.value: must be text, a number, true or false'],
    ],
    [
      'infinity',
      { combinator: 'and', rules: [{ ...leaf, value: [1, Number.POSITIVE_INFINITY] }] },
      ['rules.0.value.1: must be a finite number'],
    ],
    [
      'NaN',
      { combinator: 'and', rules: [{ ...leaf, value: Number.NaN }] },
      ['rules.0.value: must be a finite number'],
    ],
    [
      'a list within a list',
      { combinator: 'and', rules: [{ ...leaf, value: [[1]] }] },
      ['rules.0.value.0: must be text, a number, true or false'],
    ],
    [
      'a fault deep inside',
      { combinator: 'and', rules: [leaf, { combinator: 'or', rules: [{ ...leaf, value: undefined }] }] },
      ['rules.1.rules.0.value: is needed'],
    ],
  ])('%s', (_, value, faults) => {
    expect(faultsOf(value)).toEqual(faults);
  });
});

test('takes 8 levels and no 9', () => {
  expect(faultsOf(nested(8))).toEqual([]);
  expect(faultsOf(nested(9))).toEqual([
    `${Array(8).fill('rules.0').join('.')}: groups may be nested 8 deep at most`,
  ]);
});

test('takes 200 leaves and no more, empty groups counted', () => {
  expect(faultsOf(leaves(200))).toEqual([]);
  expect(faultsOf(leaves(5000))).toEqual([
    'rules.200: is one too many: a condition may have 200 leaves at most',
  ]);
  const empty = { combinator: 'and', rules: [] };
  expect(faultsOf({ combinator: 'and', rules: [leaves(150), ...Array(60).fill(empty)] })).toEqual([
    'rules.51: is one too many: a condition may have 200 leaves at most',
  ]);
});

test('takes lists of 1,000 values and no more', () => {
  const list = (length: number) => ({
    combinator: 'and',
    rules: [{ ...leaf, operator: 'in', value: Array(length).fill('a') }],
  });
  expect(faultsOf(list(1000))).toEqual([]);
  expect(faultsOf(list(1001))).toEqual(['rules.0.value: may list 1000 values at most']);
});

test('a tree of any depth, and any JSON, is answered without running out of stack', () => {
  expect(faultsOf(nested(100_000))).toHaveLength(1);
  expect(
    faultsOf(JSON.parse(`${'{"rules":['.repeat(50_000)}${']}'.repeat(50_000)}`)).length,
  ).toBeLessThanOrEqual(100);
  const anyPart = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        field: fc.oneof(fc.string(), fc.jsonValue()),
        operator: fc.oneof(fc.constantFrom('=', 'in', 'null'), fc.jsonValue()),
        value: fc.oneof(fc.double(), fc.jsonValue()),
        rules: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
        combinator: fc.oneof(fc.constantFrom('and', 'or'), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(
      fc.record({ combinator: fc.constantFrom('and', 'or', 'xor'), rules: fc.array(anyPart) }),
      (value) => {
        const parsed = Condition.safeParse(value);
        if (parsed.success) expect(Condition.parse(parsed.data)).toEqual(parsed.data);
        else expect(parsed.error.issues.length).toBeLessThanOrEqual(100);
      },
    ),
  );
});
