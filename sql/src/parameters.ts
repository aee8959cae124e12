import { blank, stringLiteral } from './statement.js';

/** What may be bound: a Date for DateTime and DateTime64, text for Date and UUID, null only where Nullable. */
export type ParameterValue =
  | string
  | number
  | boolean
  | Date
  | null
  | readonly ParameterValue[]
  | { readonly [key: string]: ParameterValue };

export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** A `{name:Type}` of a statement. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
}

const placeholder = /\{\s*([A-Za-z_]\w*)\s*:([^{}]+)\}/g;

/**
 * The parameters of a statement, once each, in order of first use.
 * @throws ParameterError if one name is declared with two types
 */
export function parametersOf(sql: string): Parameter[] {
  const types = new Map<string, string>();
  for (const match of blank(sql).matchAll(placeholder)) {
    const name = match[1] ?? '';
    const whole = sql.slice(match.index, match.index + match[0].length);
    const type = whole.slice(whole.indexOf(':') + 1, -1).trim();
    const before = types.get(name);
    if (before !== undefined && before !== type) {
      throw new ParameterError(`Parameter ${name} is declared as ${before} and as ${type}`);
    }
    types.set(name, type);
  }
  return [...types].map(([name, type]) => ({ name, type }));
}

/** Instants without a zone would be read in the server's zone: ours are UTC. */
export function inUtc(sql: string): string {
  const visible = blank(sql);
  let result = '';
  let last = 0;
  for (const match of visible.matchAll(placeholder)) {
    const end = match.index + match[0].length;
    result += sql.slice(last, match.index);
    result += sql
      .slice(match.index, end)
      .replace(/\bDateTime64\(\s*(\d)\s*\)/g, "DateTime64($1, 'UTC')")
      .replace(/\bDateTime\b(?!\s*\()/g, "DateTime('UTC')");
    last = end;
  }
  return result + sql.slice(last);
}

/** A parameter that cannot be bound: missing, unknown, or of a kind the engine could not read back unchanged. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
}

/** `2026-11-20 09:30:00.123`, which ClickHouse reads in the zone of the type (seconds for DateTime). */
function instantText(date: Date, type: string): string {
  const text = date.toISOString().replace('T', ' ').replace('Z', '');
  return /\bDateTime64\b/.test(type) ? text : text.slice(0, 19);
}

function plain(name: string, value: ParameterValue | undefined, type: string): ParameterValue {
  if (value === undefined) throw new ParameterError(`Parameter ${name} is missing`);
  if (value === null) {
    if (!/\bNullable\(/.test(type))
      throw new ParameterError(`Parameter ${name} is null but its type is ${type}`);
    return null;
  }
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value))
      throw new ParameterError(`Parameter ${name} holds half a surrogate pair, which is not text`);
    return value;
  }
  if (typeof value === 'number') {
    if (!/\b(?:Float|BFloat|Decimal)/.test(type) && !Number.isSafeInteger(value)) {
      throw new ParameterError(`Parameter ${name} is not a safe integer but its type is ${type}`);
    }
    return value;
  }
  if (typeof value === 'boolean') return value;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new ParameterError(`Parameter ${name} is an invalid date`);
    if (!/\bDateTime/.test(type))
      throw new ParameterError(`Parameter ${name} is a Date but its type is ${type}`);
    return instantText(value, type);
  }
  if (Array.isArray(value)) return value.map((item: ParameterValue) => plain(name, item, type));
  return Object.fromEntries(
    Object.entries(value as Record<string, ParameterValue>).map(([key, item]) => [
      key,
      plain(name, item, type),
    ]),
  );
}

/**
 * Checks the values against the parameters of the statement and turns dates into text.
 * @throws ParameterError, which names the parameter and never its value
 */
export function checkParameters(sql: string, values: ParameterValues): ParameterValues {
  const parameters = parametersOf(sql);
  const known = new Set(parameters.map(({ name }) => name));
  const unknown = Object.keys(values).find((name) => !known.has(name));
  if (unknown !== undefined) throw new ParameterError(`Parameter ${unknown} is not in the statement`);
  return Object.fromEntries(parameters.map(({ name, type }) => [name, plain(name, values[name], type)]));
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
};

function escaped(text: string): string {
  return text.replace(/[\\\t\n\r\0]/g, (character) => escapes[character] ?? character);
}

function nested(value: ParameterValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${escaped(value).replaceAll("'", "\\'")}'`;
  if (typeof value === 'number' || typeof value === 'boolean') return numberText(value);
  if (Array.isArray(value)) return `[${value.map(nested).join(',')}]`;
  return `{${Object.entries(value as Record<string, ParameterValue>)
    .map(([key, item]) => `${nested(key)}:${nested(item)}`)
    .join(',')}}`;
}

function numberText(value: number | boolean): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  return Number.isNaN(value) ? 'nan' : String(value);
}

/** A checked value in the escaped text that ClickHouse reads parameters from (the TabSeparated rules). */
export function parameterText(value: ParameterValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') return escaped(value);
  return nested(value);
}

/** `SET param_a = '…', param_b = '…'; ` for a connection that keeps them; '' without parameters. */
export function setParameters(texts: Readonly<Record<string, string>>): string {
  const assignments = Object.entries(texts).map(([name, text]) => `param_${name} = ${stringLiteral(text)}`);
  return assignments.length === 0 ? '' : `SET ${assignments.join(', ')}; `;
}
