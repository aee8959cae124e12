import {
  type Condition,
  type ConditionCatalogue,
  type ConditionField,
  type ConditionLeaf,
  type ConditionOperator,
  conditionFieldId,
  type FieldType,
  fieldParameters,
  fieldTypes,
  operatorsOf,
} from '@secateur/backend/contract';
import fc from 'fast-check';
import { type Column, columns, type RawFact } from './condition-columns.js';

/** A catalogue, conditions over it, and people of whom they are asked. */
export interface Batch {
  readonly catalogue: ConditionCatalogue;
  readonly fields: readonly BatchField[];
  readonly conditions: readonly Condition[];
  /** One fact for each field, in their order. */
  readonly rows: readonly (readonly RawFact[])[];
  readonly now: number;
}

/** A field as leaves name it, and the column that holds it. */
export interface BatchField {
  readonly id: string;
  readonly column: Column;
}

const day = 86_400_000;
export const now = Date.UTC(2026, 10, 20, 9, 30, 0, 123);

const hostile = [
  '',
  'a',
  'ab',
  'b',
  'A',
  '\0',
  'a\0b',
  '\ud800',
  'a\udc00b',
  '\ufffd',
  '😀',
  '😀b',
  'é',
  'e\u0301',
  '5',
  '-0',
  ' a ',
  "'",
  '\\',
  '\\N',
  'a,b',
  '{p0:String}',
  '\n',
];
const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...hostile) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  // Code units, so that pairs are torn.
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom('\ud83d', '\ude00', 'a', '\0'), { maxLength: 4 })
      .map((units) => units.join('')),
  },
);

const big = 2 ** 53;
const anyNumber = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      -0,
      0,
      1,
      -1,
      0.5,
      0.1 + 0.2,
      0.3,
      big - 1,
      big,
      big + 2,
      -big,
      -big - 2,
      2 ** 63,
      1e20,
      1e308,
      5e-324,
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
);
/** Beyond 2^53 they are no doubles: both sides have to round them alike. */
const integers = [
  0n,
  1n,
  -1n,
  5n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 53n + 3n,
  -(2n ** 53n) - 1n,
  2n ** 62n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];

const dayCounts = [1, 7, 30] as const;
const instants = [
  now - day / 2,
  now + day,
  0,
  -1,
  Date.UTC(1900, 0, 1),
  Date.UTC(2299, 11, 31, 23, 59, 59, 999),
  Date.UTC(2026, 10, 1),
];
/** Both ends of the last so many days, and what lies beside them. */
const endsOf = (days: number): number[] => [
  ...[-1, 0, 1].map((more) => now - days * day + more),
  ...[0, 1].map((more) => now + more),
];

/** Conditions and facts draw from one small pool, so that they meet. */
interface Pool {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
  readonly instants: readonly number[];
  readonly days: number;
  readonly fields: readonly (BatchField & { readonly choices: readonly string[] })[];
}

/** Operator and type: leaves choose among these, so that each comes as often as any other. */
export const cells: readonly { readonly type: FieldType; readonly operator: ConditionOperator }[] =
  fieldTypes.flatMap((type) => operatorsOf(type).map((operator) => ({ type, operator })));

/** @param size how many conditions and people; each is asked of each */
export function anyBatch(size: { readonly conditions: number; readonly rows: number }): fc.Arbitrary<Batch> {
  return anyCatalogue.chain(({ catalogue, pool }) =>
    fc.record({
      catalogue: fc.constant(catalogue),
      fields: fc.constant(pool.fields),
      conditions: fc.noBias(
        fc.array(anyGroup(pool, 1), { minLength: 1, maxLength: size.conditions, size: 'max' }),
      ),
      rows: fc.noBias(fc.array(anyRow(pool), { minLength: 1, maxLength: size.rows, size: 'max' })),
      now: fc.constant(now),
    }),
  );
}

const anyCatalogue = fc
  .record({
    texts: fc.tuple(anyText, anyText, anyText, anyText).map(related),
    numbers: fc.array(anyNumber, { minLength: 3, maxLength: 6 }).map((numbers) => [0, -0, ...numbers]),
    days: fc.constantFrom(...dayCounts),
    instants: fc.array(fc.constantFrom(...instants), { minLength: 2, maxLength: 4 }),
    names: fc.array(fc.tuple(fc.constantFrom(null, null, ...fieldParameters), anyText), {
      minLength: columns.length,
      maxLength: columns.length,
    }),
  })
  .map(({ names, ...values }) => {
    const choices = [...new Set(values.texts.map((text) => text.toWellFormed()))].slice(0, 4);
    const parameters = { stream: new Set<string>(), category: new Set<string>(), channel: new Set<string>() };
    const fields = columns.map((column, index) => {
      const [parameter, name] = names[index] ?? [null, ''];
      const base = `${column.name}.${parameter === null ? name : index}`;
      if (parameter !== null) parameters[parameter].add(`x${name}`.toWellFormed());
      const id = parameter === null ? base : conditionFieldId(base, parameter, `x${name}`);
      return { id, column, choices, definition: definitionOf(base, column, choices, parameter) };
    });
    const listed = (texts: Set<string>) => [...texts].map((value) => ({ value, title: value }));
    const catalogue: ConditionCatalogue = {
      fields: fields.map(({ definition }) => definition),
      parameters: {
        stream: listed(parameters.stream),
        category: listed(parameters.category),
        channel: listed(parameters.channel),
      },
    };
    const pool: Pool = { ...values, instants: [...endsOf(values.days), ...values.instants], fields };
    return { catalogue, pool };
  });

/** Texts that begin with, end with and contain each other, that NUL divides, that differ by case, that have a pair. */
function related([a, b, c, d]: readonly [string, string, string, string]): string[] {
  return [`${d}k`, `${d}K`, a, b, c, d, a + b, b + a, `${c}\0${d}`, `😀${c}`, ''];
}

function definitionOf(
  id: string,
  { type, mayBeMissing }: Column,
  choices: readonly string[],
  parameter: (typeof fieldParameters)[number] | null,
): ConditionField {
  return {
    id,
    type,
    title: id,
    unit: null,
    description: '',
    group: '',
    may_be_missing: mayBeMissing,
    operators: operatorsOf(type).filter((operator) => mayBeMissing || !isPresence(operator)),
    used_in: ['decision', 'sweep'],
    choices: type === 'choice' ? choices.map((value) => ({ value, title: value })) : null,
    parameters: parameter === null ? [] : [parameter],
    parameter_required: parameter !== null,
    widens_only: false,
  };
}

const isPresence = (operator: ConditionOperator): boolean => operator === 'null' || operator === 'notNull';

/** Chosen so that two in five conditions hold: `or` more often than `and`, few parts, some turned. */
function anyGroup(pool: Pool, depth: number): fc.Arbitrary<Condition> {
  const parts =
    depth === 8
      ? anyLeaf(pool)
      : fc.oneof<fc.WeightedArbitrary<ConditionLeaf | Condition>[]>(
          { weight: 8, arbitrary: anyLeaf(pool) },
          // Read when it is reached: eight levels of groups would be built for each.
          {
            weight: depth === 1 ? 2 : 1,
            arbitrary: fc.constant(null).chain(() => anyGroup(pool, depth + 1)),
          },
        );
  return fc.record(
    {
      combinator: fc.constantFrom('or', 'or', 'and'),
      not: fc.constantFrom(false, false, true),
      rules: fc.array(parts, { maxLength: 3, ...(depth === 1 ? { minLength: 1 } : {}) }),
    },
    { requiredKeys: ['combinator', 'rules'] },
  );
}

function anyLeaf(pool: Pool): fc.Arbitrary<ConditionLeaf> {
  return fc.constantFrom(...cells).chain(({ type, operator }) => {
    const fields = pool.fields.filter(({ column }) => column.type === type);
    const mayBeMissing = fields.filter(({ column }) => column.mayBeMissing);
    return fc
      .constantFrom(...mayBeMissing, ...mayBeMissing, ...(isPresence(operator) ? [] : fields))
      .chain(({ id, choices }) => {
        const value = anyValue(type, operator, pool, choices);
        if (value === null) return fc.constant({ field: id, operator });
        return value.map((given): ConditionLeaf => ({ field: id, operator, value: given }));
      });
  });
}

type Value = NonNullable<ConditionLeaf['value']>;

function anyValue(
  type: FieldType,
  operator: ConditionOperator,
  pool: Pool,
  choices: readonly string[],
): fc.Arbitrary<Value> | null {
  switch (operator) {
    case 'null':
    case 'notNull':
      return null;
    case 'withinLast':
    case 'notWithinLast':
      return fc.constantFrom(pool.days, String(pool.days), ...dayCounts);
    case 'between':
    case 'notBetween':
      return fc
        .array(anyOrdered(type, pool), { minLength: 2, maxLength: 2 })
        .map((ends) => ends.sort((a, b) => a - b))
        .chain((ends) => fc.tuple(...ends.map((end) => written(type, end))))
        .chain(asList);
    case 'in':
    case 'notIn':
      return fc.array(anyOne(type, pool, choices), { minLength: 1, maxLength: 4 }).chain(asList);
    case 'contains':
    case 'doesNotContain':
    case 'beginsWith':
    case 'doesNotBeginWith':
    case 'endsWith':
    case 'doesNotEndWith':
      return type === 'set' ? fc.constantFrom(...pool.texts) : anyPart(pool);
    default:
      return anyOne(type, pool, choices);
  }
}

const anyOrdered = (type: FieldType, pool: Pool): fc.Arbitrary<number> =>
  fc.constantFrom(...(type === 'instant' ? pool.instants : pool.numbers));

function anyOne(
  type: FieldType,
  pool: Pool,
  choices: readonly string[],
): fc.Arbitrary<string | number | boolean> {
  if (type === 'boolean') return fc.constantFrom(true, false, 'true', 'false');
  if (type === 'choice') return fc.constantFrom(...choices);
  if (type === 'text' || type === 'set') return fc.constantFrom(...pool.texts);
  return anyOrdered(type, pool).chain((value) => written(type, value));
}

/** Numbers as numbers or as an input of the page writes them, instants as ISO 8601. */
function written(type: FieldType, value: number): fc.Arbitrary<string | number> {
  if (type === 'instant') {
    const text = new Date(value).toISOString();
    return fc.constantFrom(
      text,
      text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('Z', '+00:00'),
    );
  }
  return fc.constantFrom<string | number>(value, Object.is(value, -0) ? '-0' : String(value));
}

/** As a list, or with commas between where the items allow it. */
function asList(items: readonly (string | number | boolean)[]): fc.Arbitrary<Value> {
  const texts = items.map((item) => (Object.is(item, -0) ? '-0' : String(item)));
  const isSplit = texts.every((text) => text !== '' && text === text.trim() && !text.includes('\\'));
  const split = texts.map((text) => text.replaceAll(',', '\\,')).join(', ');
  return isSplit ? fc.constantFrom<Value>([...items], split) : fc.constant([...items]);
}

/** A piece of some text, by code units: it may tear a pair. Now and then what stands behind NUL. */
function anyPart(pool: Pool): fc.Arbitrary<string> {
  const piece = fc
    .tuple(fc.constantFrom(...pool.texts), fc.nat(3), fc.integer({ min: 1, max: 3 }), fc.boolean())
    .map(([text, from, length, isEnd]) =>
      isEnd ? text.slice(-length) : text.slice(Math.min(from, Math.max(0, text.length - 1)), from + length),
    );
  const behindNul = pool.texts.flatMap((text) => text.split('\0').slice(1));
  return fc
    .oneof({ weight: 3, arbitrary: piece }, { weight: 1, arbitrary: fc.constantFrom(...behindNul) })
    .map((part) => (part === '' ? 'a' : part));
}

function anyRow(pool: Pool): fc.Arbitrary<RawFact[]> {
  return fc.tuple(...pool.fields.map(({ column, choices }) => anyFact(column, pool, choices)));
}

function anyFact(column: Column, pool: Pool, choices: readonly string[]): fc.Arbitrary<RawFact> {
  const there = anyPresent(column, pool, choices);
  if (!column.mayBeMissing) return there;
  return fc.oneof({ weight: 3, arbitrary: there }, { weight: 2, arbitrary: fc.constant(null) });
}

function anyPresent(
  { type, isInteger, mayBeMissing }: Column,
  pool: Pool,
  choices: readonly string[],
): fc.Arbitrary<RawFact> {
  switch (type) {
    case 'text':
      return fc.constantFrom(...pool.texts);
    case 'choice':
      // A fact may be none of the list.
      return fc.constantFrom(...choices, ...pool.texts);
    case 'boolean':
      return fc.boolean();
    case 'instant':
      return fc.constantFrom(...pool.instants);
    case 'set':
      return fc.subarray([...pool.texts], { maxLength: 4 });
    case 'number': {
      if (isInteger) return fc.constantFrom(...integers);
      const finite = fc.constantFrom(...pool.numbers);
      const none = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
      return mayBeMissing
        ? fc.oneof({ weight: 8, arbitrary: finite }, { weight: 1, arbitrary: none })
        : finite;
    }
  }
}
