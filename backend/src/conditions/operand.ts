import type { ConditionField, ConditionOperator } from '../contract/condition-fields.js';
import { type ConditionLeaf, conditionLimits } from '../contract/conditions.js';
import type { Test } from './condition.js';
import { instantOf, isWithinReach } from './instant.js';

type Value = ConditionLeaf['value'];

/** What the values of a leaf are read against. */
export interface Operand {
  readonly field: ConditionField;
  allows(value: string): boolean;
  /** @param below path under `value`: the index in a list */
  fault(below: readonly number[], reason: string): undefined;
}

const negated: ReadonlySet<ConditionOperator> = new Set([
  '!=',
  'notBetween',
  'notIn',
  'doesNotContain',
  'doesNotBeginWith',
  'doesNotEndWith',
  'notWithinLast',
  'notNull',
]);

export function isNegated(operator: ConditionOperator): boolean {
  return negated.has(operator);
}

/** @returns undefined after a fault */
export function readTest(operator: ConditionOperator, value: Value, operand: Operand): Test | undefined {
  const isSet = operand.field.type === 'set';
  switch (operator) {
    case 'null':
    case 'notNull':
      return { kind: 'missing' };
    case '=':
    case '!=': {
      const read = readScalar(value, operand);
      return read === undefined ? undefined : { kind: 'equals', value: read };
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const than = readOrdered(value, operand);
      return than === undefined ? undefined : { kind: 'order', operator, than };
    }
    case 'between':
    case 'notBetween':
      return readRange(value, operand);
    case 'in':
    case 'notIn':
      return isSet ? readMembers(value, operand) : readValues(value, operand);
    case 'contains':
    case 'doesNotContain':
      return isSet ? readMember(value, operand) : readPart('contains', value, operand);
    case 'beginsWith':
    case 'doesNotBeginWith':
      return readPart('begins', value, operand);
    case 'endsWith':
    case 'doesNotEndWith':
      return readPart('ends', value, operand);
    case 'withinLast':
    case 'notWithinLast':
      return readDays(value, operand);
  }
}

function readScalar(value: Value, operand: Operand): string | number | boolean | undefined {
  switch (operand.field.type) {
    case 'text':
    case 'choice':
    case 'set':
      return readText(value, operand);
    case 'number':
    case 'instant':
      return readOrdered(value, operand);
    case 'boolean':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      return operand.fault([], 'must be true or false');
  }
}

/** Half a surrogate pair is no text: the engine holds UTF-8. It counts as U+FFFD, here and in facts. */
function readText(value: Value, operand: Operand, at: number[] = []): string | undefined {
  if (typeof value !== 'string') return operand.fault(at, 'must be text');
  if (value.length > conditionLimits.textLength) {
    return operand.fault(at, `may have ${conditionLimits.textLength} characters at most`);
  }
  const text = value.toWellFormed();
  if (operand.allows(text)) return text;
  const choices = operand.field.choices ?? [];
  return operand.fault(
    at,
    choices.length > 0 && choices.length <= 12
      ? `must be one of ${choices.map((choice) => choice.value).join(', ')}`
      : 'is not one of the known values of this field',
  );
}

function readOrdered(value: Value, operand: Operand, at: number[] = []): number | undefined {
  return operand.field.type === 'instant' ? readInstant(value, operand, at) : readNumber(value, operand, at);
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function readNumber(value: Value, operand: Operand, at: number[]): number | undefined {
  const number = typeof value === 'string' && decimal.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return operand.fault(at, 'must be a number');
  return Number.isFinite(number) ? number : operand.fault(at, 'must be a finite number');
}

function readInstant(value: Value, operand: Operand, at: number[]): number | undefined {
  const instant = typeof value === 'string' ? instantOf(value) : undefined;
  if (instant === undefined) {
    return operand.fault(at, 'must be a day or an instant with its zone, such as 2026-11-20T09:30:00Z');
  }
  return isWithinReach(instant) ? instant : operand.fault(at, 'must lie between the years 1900 and 2299');
}

function readRange(value: Value, operand: Operand): Test | undefined {
  const items = itemsOf(value);
  if (items?.length !== 2) return operand.fault([], 'must be a list of two values, the lower first');
  const low = readOrdered(items[0], operand, [0]);
  const high = readOrdered(items[1], operand, [1]);
  if (low === undefined || high === undefined) return undefined;
  return low <= high ? { kind: 'between', low, high } : operand.fault([], 'must begin with the lower value');
}

function readValues(value: Value, operand: Operand): Test | undefined {
  const values = readList(value, operand, (item, at) =>
    operand.field.type === 'number' ? readNumber(item, operand, at) : readText(item, operand, at),
  );
  return values === undefined ? undefined : { kind: 'one_of', values };
}

function readMembers(value: Value, operand: Operand): Test | undefined {
  const members = readList(value, operand, (item, at) => readText(item, operand, at));
  return members === undefined ? undefined : { kind: 'has_one_of', members };
}

function readMember(value: Value, operand: Operand): Test | undefined {
  const member = readText(value, operand);
  return member === undefined ? undefined : { kind: 'has', member };
}

function readPart(kind: 'contains' | 'begins' | 'ends', value: Value, operand: Operand): Test | undefined {
  const text = readText(value, operand);
  if (text === undefined) return undefined;
  // Every text begins with nothing: a leaf that was not filled in would hold for everybody.
  return text === '' ? operand.fault([], 'must have one character at least') : { kind, text };
}

function readDays(value: Value, operand: Operand): Test | undefined {
  const days = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= 36_500
    ? { kind: 'within_last', days }
    : operand.fault([], 'must be a whole number of days from 1 to 36500');
}

function readList<Item extends string | number>(
  value: Value,
  operand: Operand,
  read: (item: Value, at: number[]) => Item | undefined,
): Item[] | undefined {
  const items = itemsOf(value);
  if (items === undefined) return operand.fault([], 'must be a list');
  if (items.length === 0) return operand.fault([], 'must list one value at least');
  if (items.length > conditionLimits.values) {
    return operand.fault([], `may list ${conditionLimits.values} values at most`);
  }
  const values = items.map((item, index) => read(item, [index]));
  return values.includes(undefined) ? undefined : [...new Set(values as Item[])];
}

/** The editor writes lists as `a, b\,c`: items are trimmed, a comma of their own stands behind a backslash. */
function itemsOf(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return undefined;
  return value.trim() === '' ? [] : value.split(/(?<!\\),/).map((item) => item.replaceAll('\\,', ',').trim());
}
