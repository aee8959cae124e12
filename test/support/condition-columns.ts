import type { FieldExpression } from '@secateur/backend/conditions';
import type { FieldType } from '@secateur/backend/contract';

/** A column of the facts table, and how conditions know it. */
export interface Column {
  readonly name: string;
  readonly type: FieldType;
  readonly mayBeMissing: boolean;
  readonly expression: FieldExpression;
  /** Holds 64-bit integers, which JavaScript knows as doubles. */
  readonly isInteger: boolean;
}

function column(
  name: string,
  type: FieldType,
  expression: Partial<FieldExpression> = {},
  isInteger = false,
): Column {
  const { sql = name, nullable = false, known } = expression;
  return {
    name,
    type,
    mayBeMissing: nullable || known !== undefined,
    expression: { sql, nullable, ...(known === undefined ? {} : { known }) },
    isInteger,
  };
}

const nullable = { nullable: true };

/** Each way in which a statement may know a field: never missing, NULL, told by another column; in several types. */
export const columns: readonly Column[] = [
  column('text_always', 'text'),
  column('text_null', 'text', nullable),
  column('text_short', 'text', nullable),
  column('text_known', 'text', { known: 'text_known_is' }),
  column('number_always', 'number'),
  column('number_null', 'number', nullable),
  column('number_known', 'number', { known: 'number_known_is' }),
  column('number_integer', 'number', nullable, true),
  column('boolean_always', 'boolean'),
  column('boolean_null', 'boolean', nullable),
  column('instant_always', 'instant'),
  column('instant_null', 'instant', nullable),
  column('choice_always', 'choice'),
  column('choice_null', 'choice', nullable),
  column('set_always', 'set'),
  column('set_known', 'set', { known: 'set_known_is' }),
];

/** Doubles travel as their bits and instants as milliseconds: JSON has no −0, and no NaN. */
export const createFacts = `CREATE TABLE condition_facts
(
  batch UInt32,
  row UInt32,
  text_always String,
  text_null Nullable(String),
  text_short LowCardinality(Nullable(String)),
  text_known String,
  text_known_is Bool,
  number_always_bits UInt64,
  number_always Float64 MATERIALIZED reinterpretAsFloat64(number_always_bits),
  number_null_bits Nullable(UInt64),
  number_null Nullable(Float64) MATERIALIZED reinterpretAsFloat64(number_null_bits),
  number_known_bits UInt64,
  number_known Float64 MATERIALIZED reinterpretAsFloat64(number_known_bits),
  number_known_is Bool,
  number_integer Nullable(Int64),
  boolean_always Bool,
  boolean_null Nullable(Bool),
  instant_always_ms Int64,
  instant_always DateTime64(3, 'UTC') MATERIALIZED fromUnixTimestamp64Milli(instant_always_ms, 'UTC'),
  instant_null_ms Nullable(Int64),
  instant_null Nullable(DateTime64(3, 'UTC')) MATERIALIZED fromUnixTimestamp64Milli(instant_null_ms, 'UTC'),
  choice_always LowCardinality(String),
  choice_null LowCardinality(Nullable(String)),
  set_always Array(LowCardinality(String)),
  set_known Array(String),
  set_known_is Bool
)
ENGINE = MergeTree ORDER BY (batch, row)`;

/** A fact as it was generated: an integer as bigint, missing as null. */
export type RawFact = string | number | bigint | boolean | readonly string[] | null;

/** What JavaScript knows of the fact. */
export function factOf(raw: RawFact): unknown {
  return typeof raw === 'bigint' ? Number(raw) : raw;
}

/** The fact as the table takes it, by column. */
export function stored({ name, type, expression }: Column, raw: RawFact): Record<string, unknown> {
  const known = expression.known === undefined ? {} : { [expression.known]: raw !== null };
  const fact = raw === null && !expression.nullable ? whereUnknown[type] : raw;
  if (typeof fact === 'bigint') return { [name]: String(fact) };
  if (type === 'number' && name !== 'number_integer') {
    return { ...known, [`${name}_bits`]: fact === null ? null : bitsOf(fact as number) };
  }
  if (type === 'instant') return { ...known, [`${name}_ms`]: fact };
  if (typeof fact === 'string') return { ...known, [name]: fact.toWellFormed() };
  if (Array.isArray(fact)) return { ...known, [name]: fact.map((member: string) => member.toWellFormed()) };
  return { ...known, [name]: fact };
}

/** What stands where nothing is known must not matter: no value that a condition would not find. */
const whereUnknown: Readonly<Record<FieldType, RawFact>> = {
  text: 'a',
  number: 0,
  boolean: false,
  instant: 0,
  set: ['a'],
  choice: 'a',
};

function bitsOf(double: number): string {
  return new BigUint64Array(new Float64Array([double]).buffer)[0]?.toString() ?? '';
}
