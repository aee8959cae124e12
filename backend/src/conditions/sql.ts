import type { FieldType } from '../contract/condition-fields.js';
import type { AskedField } from './catalogue.js';
import { millisecondsOfDay } from './closure.js';
import type { Fault, Group, Leaf } from './condition.js';

/** How a statement of the caller knows a field. */
export interface FieldExpression {
  /**
   * ClickHouse text, of the field's type: text and choice are String, number is of any number type, boolean is Bool or
   * UInt8, instant is DateTime64(3), set is Array(String); LowCardinality where it pleases. It stands in the condition
   * several times: the engine computes equal expressions once, but what is long belongs into a subquery's column.
   */
  readonly sql: string;
  /** Whether it may be NULL, which stands for missing. A set cannot be. */
  readonly nullable: boolean;
  /** Where NULL does not tell, or cannot: text that is true where the fact is there, and never NULL. */
  readonly known?: string;
  /** Values of parameters that these texts name. */
  readonly params?: Readonly<Record<string, SqlValue>>;
}

/** Answers for each field that a condition asks for; null where the statement does not know it. */
export type ExpressionOf = (field: AskedField) => FieldExpression | null;

/** A condition as a boolean expression that is never NULL, and the values of its `{p0:String}`, `{p1:Float64}` … */
export type CompiledSql =
  | { readonly ok: true; readonly sql: string; readonly params: Readonly<Record<string, SqlValue>> }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export type SqlValue = string | number | boolean | readonly (string | number)[];

/** An instant of each row: ClickHouse text of type Int64, ms since the epoch, never NULL. */
export interface RowInstant {
  readonly sql: string;
}

/**
 * The one place that writes SQL from data. Every value is bound.
 *
 * @param now the instant to which `within the last` refers, in ms since the epoch, or a column that holds it
 * @param prefix leads the names of the parameters, to put several conditions into one statement
 */
export function compileSql(
  condition: Group,
  {
    expressionOf,
    now,
    prefix = 'p',
  }: { expressionOf: ExpressionOf; now: number | RowInstant; prefix?: string },
): CompiledSql {
  const writer = new SqlWriter(expressionOf, now, prefix);
  const sql = writer.group(condition);
  return writer.faults.length === 0
    ? { ok: true, sql, params: writer.params }
    : { ok: false, faults: writer.faults };
}

class SqlWriter {
  readonly faults: Fault[] = [];
  readonly params: Record<string, SqlValue> = {};
  #count = 0;

  constructor(
    private readonly expressionOf: ExpressionOf,
    private readonly now: number | RowInstant,
    private readonly prefix: string,
  ) {}

  group({ combinator, not, parts }: Group): string {
    const texts = parts.map((part) => (part.kind === 'leaf' ? this.#leaf(part) : this.group(part)));
    const joined =
      texts.length === 0
        ? combinator === 'and'
          ? 'true'
          : 'false'
        : `(${texts.join(combinator === 'and' ? ' AND ' : ' OR ')})`;
    return not ? `NOT ${joined}` : joined;
  }

  #leaf(leaf: Leaf): string {
    const expression = this.expressionOf(leaf.field);
    if (expression === null) {
      this.faults.push({ path: `${leaf.path}.field`, reason: 'cannot be asked here' });
      return 'false';
    }
    Object.assign(this.params, expression.params);
    const present = presence(expression, leaf.field.field.type);
    if (leaf.test.kind === 'missing') {
      const known = present.length === 0 ? 'true' : neverNull(present.join(' AND '), expression);
      return leaf.negated ? known : `NOT ${known}`;
    }
    const asked = this.#test(leaf, `(${expression.sql})`);
    return neverNull([...present, leaf.negated ? `NOT (${asked})` : asked].join(' AND '), expression);
  }

  #test({ test, field }: Leaf, x: string): string {
    const type = field.field.type;
    switch (test.kind) {
      case 'missing':
        return 'true';
      case 'equals':
        return `${comparable(x, type)} = ${this.#bind(test.value, type)}`;
      case 'order':
        return `${comparable(x, type)} ${test.operator} ${this.#bind(test.than, type)}`;
      case 'between':
        return `${comparable(x, type)} BETWEEN ${this.#bind(test.low, type)} AND ${this.#bind(test.high, type)}`;
      case 'one_of':
        return type === 'number'
          ? // IN compares bits: without the sum −0 would not be in a list with 0.
            `${comparable(x, type)} + 0. IN ${this.#bindList(test.values, 'Float64')}`
          : `${x} IN ${this.#bindList(test.values, 'String')}`;
      case 'contains':
        return `position(${x}, ${this.#bind(test.text, 'text')}) > 0`;
      case 'begins':
        return `startsWith(${x}, ${this.#bind(test.text, 'text')})`;
      case 'ends':
        return `endsWith(${x}, ${this.#bind(test.text, 'text')})`;
      case 'within_last': {
        const [since, until] = this.#lastDays(test.days, type);
        return `${comparable(x, type)} > ${since} AND ${comparable(x, type)} <= ${until}`;
      }
      case 'has':
        // Not has(): of an Array(LowCardinality(String)) it never finds the empty text.
        return `hasAny(${x}, ${this.#bindList([test.member], 'String')})`;
      case 'has_one_of':
        return `hasAny(${x}, ${this.#bindList(test.members, 'String')})`;
    }
  }

  #lastDays(days: number, type: FieldType): [since: string, until: string] {
    const length = days * millisecondsOfDay;
    if (typeof this.now === 'number')
      return [this.#bind(this.now - length, type), this.#bind(this.now, type)];
    return [`${this.now.sql} - ${this.#bind(length, type)}`, this.now.sql];
  }

  #bind(value: string | number | boolean, type: FieldType): string {
    return this.#parameter(value, parameterTypes[type]);
  }

  #bindList(values: readonly (string | number)[], type: string): string {
    return this.#parameter(values, `Array(${type})`);
  }

  #parameter(value: SqlValue, type: string): string {
    const name = `${this.prefix}${this.#count}`;
    this.#count += 1;
    this.params[name] = value;
    return `{${name}:${type}}`;
  }
}

const parameterTypes: Readonly<Record<FieldType, string>> = {
  text: 'String',
  choice: 'String',
  set: 'String',
  number: 'Float64',
  boolean: 'Bool',
  instant: 'Int64',
};

/** As the closure compares: integers beyond 2^53 as the doubles that JavaScript makes of them, instants as ms. */
function comparable(x: string, type: FieldType): string {
  if (type === 'number') return `toFloat64${x}`;
  return type === 'instant' ? `toUnixTimestamp64Milli${x}` : x;
}

/** What must hold for the fact to be there; NULL at worst. */
function presence({ sql, nullable, known }: FieldExpression, type: FieldType): string[] {
  return [
    ...(known === undefined ? [] : [`(${known})`]),
    ...(nullable ? [`isNotNull(${sql})`] : []),
    // Infinity and NaN are no facts.
    ...(type === 'number' ? [`isFinite(${sql})`] : []),
  ];
}

function neverNull(sql: string, { nullable }: FieldExpression): string {
  return nullable ? `ifNull(${sql}, false)` : `(${sql})`;
}
