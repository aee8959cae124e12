import { expect, test } from 'vitest';
import { parameterType, rowType, sampleValue } from './column-type.js';

test.each([
  ['UUID', 'string'],
  ['LowCardinality(Nullable(String))', 'string | null'],
  ['FixedString(32)', 'string'],
  ["DateTime64(3, 'UTC')", 'string'],
  ["Nullable(DateTime('Europe/Berlin'))", 'string | null'],
  ['Date', 'string'],
  ['UInt64', 'number'],
  ['Int8', 'number'],
  ['Decimal(9, 2)', 'number'],
  ['SimpleAggregateFunction(sum, UInt64)', 'number'],
  ['SimpleAggregateFunction(groupUniqArrayArray, Array(String))', 'string[]'],
  ['Array(Nullable(Float64))', '(number | null)[]'],
  ["Enum8('opt_out' = 1, 'it\\'s' = 2)", "'opt_out' | 'it\\'s'"],
  ["Array(Enum8('a' = 1, 'b' = 2))", "('a' | 'b')[]"],
  ['Map(LowCardinality(String), Array(UInt8))', 'Record<string, number[]>'],
  ['Tuple(UInt8, Nullable(String))', '[number, string | null]'],
  ["Tuple(at DateTime64(3, 'UTC'), `a b` Tuple(x UInt8))", "{ at: string; 'a b': { x: number } }"],
  ['Array(Tuple(n UInt8))', '{ n: number }[]'],
  ['Bool', 'boolean'],
  ['Nullable(Nothing)', 'null'],
])('%s comes back as %s', (type, expected) => {
  expect(rowType(type)).toBe(expected);
});

test('instants are bound as Date, days as text, arrays as readonly', () => {
  expect(parameterType('DateTime64(3)')).toBe('Date');
  expect(parameterType('Nullable(DateTime)')).toBe('Date | null');
  expect(parameterType('Array(String)')).toBe('readonly string[]');
  expect(parameterType('Date')).toBe('string');
});

test('a type that JSON cannot carry is refused', () => {
  expect(() => rowType('AggregateFunction(uniq, String)')).toThrow('convert the column in the query');
  expect(() => rowType('Array(String')).toThrow('Cannot read the type');
  expect(() => sampleValue('Tuple(UInt8)')).toThrow('A parameter cannot be a Tuple');
});
