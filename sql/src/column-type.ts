import type { ParameterValue } from './parameters.js';

/** A ClickHouse type, taken apart: `Tuple(a UInt8, b Array(String))` has two named arguments. */
export interface ColumnType {
  readonly name: string;
  readonly items: readonly ColumnType[];
  /** Names of a tuple's elements or of an enum's values, in order; empty if it has none. */
  readonly labels: readonly string[];
}

/** @throws Error if the text is not a type */
export function parseColumnType(text: string): ColumnType {
  const trimmed = text.trim();
  const open = trimmed.indexOf('(');
  if (open === -1) {
    if (!/^\w+$/.test(trimmed)) throw new Error(`Cannot read the type ${text}`);
    return { name: trimmed, items: [], labels: [] };
  }
  if (!trimmed.endsWith(')')) throw new Error(`Cannot read the type ${text}`);
  const name = trimmed.slice(0, open).trim();
  const parts = splitArguments(trimmed.slice(open + 1, -1));
  if (/^Enum(8|16)?$/.test(name)) return { name, items: [], labels: parts.map(enumLabel) };
  if (name === 'SimpleAggregateFunction') return parseColumnType(parts.slice(1).join(','));
  if (name === 'Tuple' || name === 'Nested') {
    const named = parts.map((part) => /^(`(?:[^`\\]|\\.)*`|[A-Za-z_]\w*)\s+(\S[\s\S]*)$/.exec(part));
    if (parts.length > 0 && named.every((match) => match !== null)) {
      return {
        name,
        items: named.map((match) => parseColumnType(match?.[2] ?? '')),
        labels: named.map((match) => (match?.[1] ?? '').replace(/^`|`$/g, '')),
      };
    }
    return { name, items: parts.map(parseColumnType), labels: [] };
  }
  const containers = ['Array', 'Nullable', 'LowCardinality', 'Map', 'Variant'];
  return { name, items: containers.includes(name) ? parts.map(parseColumnType) : [], labels: [] };
}

function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(/'(?:[^'\\]|\\.|'')*'|`[^`]*`|[(),]/g)) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (token === ',' && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  const last = text.slice(start).trim();
  return last === '' ? parts : [...parts, last];
}

function enumLabel(part: string): string {
  const quoted = /^'((?:[^'\\]|\\.|'')*)'/.exec(part)?.[1];
  if (quoted === undefined) throw new Error(`Cannot read the enum value ${part}`);
  return quoted.replace(/\\(.)|''/g, (_, character: string | undefined) => character ?? "'");
}

/** A string literal as Biome would leave it, in single quotes. */
export function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

const key = (label: string): string => (/^[A-Za-z_$][\w$]*$/.test(label) ? label : quoted(label));

function typeScript(type: ColumnType, forParameter: boolean): string {
  const { name, items, labels } = type;
  const of = (item: ColumnType | undefined): string =>
    item === undefined ? 'unknown' : typeScript(item, forParameter);
  const list = (element: string): string => {
    const one = /^\{.*\}$|^\[.*\]$|^\w+$/.test(element);
    const wrapped = one ? element : `(${element})`;
    return forParameter ? `readonly ${wrapped}[]` : `${wrapped}[]`;
  };
  const record = (): string =>
    `{ ${labels.map((label, index) => `${key(label)}: ${of(items[index])}`).join('; ')} }`;
  if (/^U?Int\d+$|^B?Float\d+$|^Decimal\d*$|^Interval/.test(name)) return 'number';
  if (/^DateTime/.test(name)) return forParameter ? 'Date' : 'string';
  if (/^(String|FixedString|UUID|IPv[46]|Date|Date32|Time|Time64)$/.test(name)) return 'string';
  if (name === 'Bool') return 'boolean';
  if (name === 'Nothing') return 'null';
  if (/^Enum/.test(name)) return labels.map(quoted).join(' | ');
  if (name === 'LowCardinality') return of(items[0]);
  if (name === 'Nullable') return items[0]?.name === 'Nothing' ? 'null' : `${of(items[0])} | null`;
  if (name === 'Array') return list(of(items[0]));
  if (name === 'Map') return `Record<string, ${of(items[1])}>`;
  if (name === 'Tuple') return labels.length > 0 ? record() : `[${items.map(of).join(', ')}]`;
  if (name === 'Nested') return list(record());
  if (name === 'Variant') return [...items.map(of), 'null'].join(' | ');
  throw new Error(`No TypeScript type for ${name}: convert the column in the query`);
}

/**
 * How JSONEachRow under our settings prints the type. All numbers are `number`, 64-bit ones too: beyond 2^53
 * they round, so ids are never UInt64. A Float prints NaN and infinity as null all the same.
 */
export function rowType(type: string): string {
  return typeScript(parseColumnType(type), false);
}

/** What may be bound for the type: a Date where the engine has an instant. */
export function parameterType(type: string): string {
  return typeScript(parseColumnType(type), true);
}

/** Any value of the type, to describe a query with. */
export function sampleValue(type: string): ParameterValue {
  return sample(parseColumnType(type));
}

function sample({ name, items, labels }: ColumnType): ParameterValue {
  if (name === 'LowCardinality' && items[0] !== undefined) return sample(items[0]);
  if (name === 'Nullable') return null;
  if (name === 'Array') return [];
  if (name === 'Map') return {};
  if (name === 'Bool') return false;
  if (/^Enum/.test(name)) return labels[0] ?? '';
  if (/^DateTime/.test(name)) return new Date(0);
  if (/^Date/.test(name)) return '1970-01-01';
  if (/Int|Float|Decimal/.test(name)) return 0;
  if (name === 'UUID') return '00000000-0000-0000-0000-000000000000';
  if (name === 'IPv4') return '0.0.0.0';
  if (name === 'IPv6') return '::';
  if (name === 'String' || name === 'FixedString') return '';
  throw new Error(`A parameter cannot be a ${name}`);
}
