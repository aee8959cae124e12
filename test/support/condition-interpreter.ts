import type { Condition, ConditionLeaf, FieldType } from '@secateur/backend/contract';

/** Facts by field id, as whoever gathers them has them. */
export type NamedFacts = Readonly<Record<string, unknown>>;
export type TypeOf = (field: string) => FieldType;

/** A leaf with its fact: missing or read as its type. */
export interface Asked {
  readonly leaf: ConditionLeaf;
  readonly type: FieldType;
  /** undefined: missing. Text is UTF-8, instants are ms, sets are lists. */
  readonly fact: Buffer | number | boolean | readonly Buffer[] | undefined;
  readonly now: number;
}

export type Holds = (asked: Asked) => boolean;

/**
 * The condition language, slow and obvious: straight from the JSON, one line for each operator. It shares nothing with
 * the product, not even how values are read.
 *
 * @param holds what a leaf says; wrong ones stand in condition-mutants.ts
 */
export function interpret(
  condition: Condition,
  facts: NamedFacts,
  typeOf: TypeOf,
  now: number,
  holds: Holds = leafHolds,
): boolean {
  const answers = condition.rules.map((part) =>
    'rules' in part ? interpret(part, facts, typeOf, now, holds) : holds(asked(part, facts, typeOf, now)),
  );
  const joined = condition.combinator === 'and' ? !answers.includes(false) : answers.includes(true);
  return condition.not === true ? !joined : joined;
}

export function asked(leaf: ConditionLeaf, facts: NamedFacts, typeOf: TypeOf, now: number): Asked {
  const type = typeOf(leaf.field);
  return { leaf, type, fact: readFact(facts[leaf.field], type), now };
}

function readFact(value: unknown, type: FieldType): Asked['fact'] {
  if (value === undefined || value === null) return undefined;
  if (type === 'text' || type === 'choice') return Buffer.from(value as string);
  if (type === 'set') return (value as string[]).map((member) => Buffer.from(member));
  if (type === 'boolean') return value as boolean;
  return Number.isFinite(value) ? (value as number) : undefined;
}

export function leafHolds(asked: Asked): boolean {
  const { leaf, fact, now } = asked;
  if (leaf.operator === 'null') return fact === undefined;
  if (leaf.operator === 'notNull') return fact !== undefined;
  if (fact === undefined) return false;
  switch (leaf.operator) {
    case '=':
      return isSame(fact, valueAsked(asked));
    case '!=':
      return !isSame(fact, valueAsked(asked));
    case '<':
      return number(fact) < number(valueAsked(asked));
    case '<=':
      return number(fact) <= number(valueAsked(asked));
    case '>':
      return number(fact) > number(valueAsked(asked));
    case '>=':
      return number(fact) >= number(valueAsked(asked));
    case 'between':
      return isBetween(asked);
    case 'notBetween':
      return !isBetween(asked);
    case 'in':
      return isListed(asked);
    case 'notIn':
      return !isListed(asked);
    case 'contains':
      return isContained(asked);
    case 'doesNotContain':
      return !isContained(asked);
    case 'beginsWith':
      return begins(text(fact), text(valueAsked(asked)));
    case 'doesNotBeginWith':
      return !begins(text(fact), text(valueAsked(asked)));
    case 'endsWith':
      return ends(text(fact), text(valueAsked(asked)));
    case 'doesNotEndWith':
      return !ends(text(fact), text(valueAsked(asked)));
    case 'withinLast':
      return isWithin(number(fact), Number(leaf.value), now);
    case 'notWithinLast':
      return !isWithin(number(fact), Number(leaf.value), now);
  }
}

type One = Buffer | number | boolean;

/** The value of a leaf that takes one. */
export function valueAsked({ leaf, type }: Pick<Asked, 'leaf' | 'type'>): One {
  return readValue(leaf.value as string | number | boolean, type);
}

/** The values of a leaf that takes several: a list, or text with commas between, where `\\,` is a comma itself. */
export function valuesAsked({ leaf, type }: Pick<Asked, 'leaf' | 'type'>): One[] {
  const comma = '\u{f0000}';
  const items = Array.isArray(leaf.value)
    ? leaf.value
    : String(leaf.value)
        .replaceAll('\\,', comma)
        .split(',')
        .map((item) => item.replaceAll(comma, ',').trim());
  return items.map((item) => readValue(item, type));
}

function readValue(value: string | number | boolean, type: FieldType): One {
  if (type === 'boolean') return value === true || value === 'true';
  if (type === 'number') return Number(value);
  return type === 'instant' ? new Date(value as string).getTime() : Buffer.from(value as string);
}

function isSame(fact: Asked['fact'], value: One): boolean {
  return Buffer.isBuffer(fact) ? fact.equals(value as Buffer) : fact === value;
}

export function isBetween(asked: Asked): boolean {
  const [low, high] = valuesAsked(asked);
  return number(low) <= number(asked.fact) && number(asked.fact) <= number(high);
}

function isListed(asked: Asked): boolean {
  const { fact, type } = asked;
  const values = valuesAsked(asked);
  if (type !== 'set') return values.some((value) => isSame(fact, value));
  return (fact as Buffer[]).some((member) => values.some((value) => isSame(member, value)));
}

function isContained(asked: Asked): boolean {
  const value = text(valueAsked(asked));
  if (asked.type === 'set') return (asked.fact as Buffer[]).some((member) => member.equals(value));
  return text(asked.fact).indexOf(value) >= 0;
}

export function begins(whole: Buffer, part: Buffer): boolean {
  return whole.length >= part.length && whole.subarray(0, part.length).equals(part);
}

export function ends(whole: Buffer, part: Buffer): boolean {
  return whole.length >= part.length && whole.subarray(whole.length - part.length).equals(part);
}

function isWithin(fact: number, days: number, now: number): boolean {
  return now - days * 24 * 60 * 60 * 1000 < fact && fact <= now;
}

export function number(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError('not a number');
  return value;
}

export function text(value: unknown): Buffer {
  if (!Buffer.isBuffer(value)) throw new TypeError('not text');
  return value;
}
