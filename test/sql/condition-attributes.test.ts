import { attributeExpression, attributeFact, readFact } from '@secateur/backend/conditions';
import type { AttributeDefinition } from '@secateur/backend/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/engine.js';

type Value = string | number | boolean;

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const types: readonly AttributeDefinition['type'][] = ['text', 'number', 'boolean', 'instant'];
const name = 'n.a"m e';

const hostile: readonly Value[] = [
  ...[true, false, 0, 1, -1.5, 2 ** 53, 2 ** 53 + 2, 2 ** 62, -(2 ** 62), 1e21, 1e308, 5e-324, 0.1 + 0.2],
  ...['', 'a', 'a\0b', '5', 'true', 'null', '😀', '\ufffd', '"', '\\', '\n', '[]', '{}'],
  ...[
    '2026-11-20',
    '2024-02-29',
    '2023-02-29',
    '2026-13-01',
    '2026-11-31',
    '26-11-20',
    '20261120',
    '1795132800000',
  ],
  ...[
    '2026-11-20T09:30:00Z',
    '2026-11-20T09:30Z',
    '2026-11-20T09:30:00',
    '2026-11-20 09:30:00Z',
    '2026-11-20T9:30:00Z',
  ],
  ...['2026-11-20T09:30:00.5+02:00', '2026-11-20T09:30:00.1239Z', '2026-11-20T09:30:00.123456789123Z'],
  ...['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59.9999Z', '2026-11-20T24:00:00Z', '2026-11-20T23:59:60Z'],
  ...[
    '2026-11-20T09:30:00+14:00',
    '2026-11-20T09:30:00-23:59',
    '2026-11-20T09:30:00+24:00',
    '2026-11-20T09:30:00z',
  ],
  ...[
    '1900-01-01',
    '1900-01-01T00:00:00+00:01',
    '1899-12-31',
    '2299-12-31T23:59:59.999Z',
    '2300-01-01',
    '9999-12-31',
  ],
  ...[
    '0000-01-01',
    '2000-00-00',
    '2000-10-00',
    '2026-11-20\n',
    ' 2026-11-20',
    'tomorrow',
    '2026-11-20T09:30:00.Z',
  ],
];

const wires: Record<AttributeDefinition['type'], (sql: string) => string> = {
  text: (sql) => sql,
  number: (sql) => sql,
  boolean: (sql) => `CAST(${sql} AS Nullable(Bool))`,
  instant: (sql) => `toUnixTimestamp64Milli(${sql})`,
};

/** What the engine makes of each attribute, by the type that it was declared to be. */
async function byEngine(values: readonly Value[]): Promise<Record<string, unknown>[]> {
  const params: Record<string, string | readonly string[]> = {
    documents: values.map((value) => JSON.stringify({ before: [1], [name]: value, after: 'x' })),
  };
  const expressions = types.map((type) => {
    const { sql, params: own } = attributeExpression(name, type, 'document');
    Object.assign(params, own);
    return `${wires[type](sql)} AS \`${type}\``;
  });
  return database.engine.rows(
    'attributes',
    `SELECT ${expressions.join(', ')} FROM (SELECT arrayJoin({documents:Array(String)}) AS document)`,
    params as Record<string, string[]>,
  );
}

const byUs = (values: readonly Value[]) =>
  values.map((value) =>
    Object.fromEntries(types.map((type) => [type, readFact(type, attributeFact(type, value))])),
  );

test('the engine and the closures read the same out of an attribute, whatever it holds', async () => {
  expect(await byEngine(hostile)).toEqual(byUs(hostile));
  const digits = fc.stringMatching(
    /^(19|20|22)[0-9]{2}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-6][0-9](:[0-6][0-9](\.[0-9]{1,7})?)?(Z|[+-][0-2][0-9]:[0-6][0-9]))?$/,
  );
  const value = fc.oneof(
    digits,
    fc.string({ unit: 'binary' }),
    fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 62), max: 2 ** 62 })
      .map((number) => number + 0),
    fc.boolean(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 50, maxLength: 200, size: 'max' }), async (values) => {
      expect(await byEngine(values)).toEqual(byUs(values));
    }),
    { numRuns: 20, interruptAfterTimeLimit: 20_000 },
  );
});

test('an attribute that is not there is missing', async () => {
  const { sql, params } = attributeExpression('plan', 'text');
  const asked = `SELECT ${sql} AS plan FROM (SELECT arrayJoin(['{}', '', '{"plan":null}', '{"plan":["a"]}', '[1]']) AS attributes)`;
  const rows = await database.engine.rows('attributes', asked, params as Record<string, string>);
  expect(rows).toEqual(Array(5).fill({ plan: null }));
});
