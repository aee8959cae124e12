import { describe, expect, it, test } from 'vitest';
import { compileSql, type ExpressionOf } from './sql.js';
import { checked, leaf } from './test-support.js';

const now = Date.UTC(2026, 10, 20);

/** Everything is a column of its name; what may be missing is NULL there, but for segments. */
const expressionOf: ExpressionOf = ({ field }) => {
  const sql = field.id.replace(/^.*\./, '');
  if (field.type === 'set') return { sql, nullable: false, known: 'has_segments' };
  return { sql, nullable: field.may_be_missing };
};

function compiled(condition: unknown, prefix?: string) {
  return compileSql(checked(condition), { expressionOf, now, ...(prefix === undefined ? {} : { prefix }) });
}

describe('binds every value, and is never NULL', () => {
  it.each<[string, string, unknown, string, unknown[]]>([
    ['message.channel', '=', 'sms', '((channel) = {p0:String})', ['sms']],
    ['message.channel', 'notIn', ['sms'], '(NOT ((channel) IN {p0:Array(String)}))', [['sms']]],
    ['message.category', '=', "'", 'ifNull(isNotNull(category) AND (category) = {p0:String}, false)', ["'"]],
    ['message.category', 'null', null, 'NOT ifNull(isNotNull(category), false)', []],
    [
      'message.category',
      'contains',
      'a',
      'ifNull(isNotNull(category) AND position((category), {p0:String}) > 0, false)',
      ['a'],
    ],
    [
      'message.category',
      'beginsWith',
      'a',
      'ifNull(isNotNull(category) AND startsWith((category), {p0:String}), false)',
      ['a'],
    ],
    [
      'message.category',
      'endsWith',
      'a',
      'ifNull(isNotNull(category) AND endsWith((category), {p0:String}), false)',
      ['a'],
    ],
    ['request.hour', '<', 6, '(isFinite(hour) AND toFloat64(hour) < {p0:Float64})', [6]],
    [
      'request.hour',
      'between',
      [1, 2],
      '(isFinite(hour) AND toFloat64(hour) BETWEEN {p0:Float64} AND {p1:Float64})',
      [1, 2],
    ],
    [
      'request.hour',
      'in',
      [1, 2],
      '(isFinite(hour) AND toFloat64(hour) + 0. IN {p0:Array(Float64)})',
      [[1, 2]],
    ],
    [
      'subscriber.attributes.trial',
      '!=',
      true,
      'ifNull(isNotNull(trial) AND NOT ((trial) = {p0:Bool}), false)',
      [true],
    ],
    [
      'engagement.last_open',
      'withinLast',
      1,
      'ifNull(isNotNull(last_open) AND toUnixTimestamp64Milli(last_open) > {p0:Int64} AND toUnixTimestamp64Milli(last_open) <= {p1:Int64}, false)',
      [now - 86_400_000, now],
    ],
    [
      'segment',
      'contains',
      'lapsing',
      '((has_segments) AND hasAny((segment), {p0:Array(String)}))',
      [['lapsing']],
    ],
    ['segment', 'notNull', null, '((has_segments))', []],
  ])('%s %s %j', (field, operator, value, sql, values) => {
    const result = compiled({ combinator: 'and', rules: [{ field, operator, value }] });
    const params = Object.fromEntries(values.map((each, index) => [`p${index}`, each]));
    expect(result).toEqual({ ok: true, sql: `(${sql})`, params });
  });
});

test('joins, nests and turns, under names of the given prefix', () => {
  const channel = { field: 'message.channel', operator: '=', value: 'sms' };
  const condition = { combinator: 'or', not: true, rules: [channel, leaf('message.channel', '!=', 'web')] };
  expect(compiled(condition, 's7_')).toEqual({
    ok: true,
    sql: 'NOT (((channel) = {s7_0:String}) OR ((NOT ((channel) = {s7_1:String}))))',
    params: { s7_0: 'sms', s7_1: 'web' },
  });
  expect(compiled({ combinator: 'and', rules: [] })).toEqual({ ok: true, sql: 'true', params: {} });
  expect(compiled({ combinator: 'or', not: true, rules: [] })).toEqual({
    ok: true,
    sql: 'NOT false',
    params: {},
  });
});

test('names each field that the statement does not know', () => {
  const condition = checked({
    combinator: 'or',
    rules: [leaf('request.hour', '<', 6), leaf('segment', 'notNull')],
  });
  const known: ExpressionOf = (field) => (field.id === 'segment' ? null : expressionOf(field));
  expect(compileSql(condition, { expressionOf: known, now })).toEqual({
    ok: false,
    faults: [{ path: 'rules[1].rules[0].field', reason: 'cannot be asked here' }],
  });
});
