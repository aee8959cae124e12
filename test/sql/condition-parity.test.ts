import { Catalogue, checkCondition, compileSql } from '@secateur/backend/conditions';
import { conditionOperators } from '@secateur/backend/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFacts } from '../support/condition-columns.js';
import { anyBatch } from '../support/condition-generator.js';
import { Parity } from '../support/condition-parity.js';
import { openTestDatabase, type TestDatabase } from '../support/engine.js';

/** `pnpm parity` asks what the project promises; every run asks a slice of it. */
const isFull = process.env.SECATEUR_PARITY === 'full';
const wanted = isFull ? 100_000 : 12_000;
/** Each operator × type × missing at least so often. */
const wantedEach = isFull ? 200 : 20;

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.engine.command(createFacts);
});
afterAll(() => database.close());

test('closure, trace, SQL on the engine and the obvious interpreter agree on every condition and all facts', async () => {
  const seed = Number(process.env.SECATEUR_SEED);
  const parity = new Parity(database);
  const batches = fc.asyncProperty(anyBatch({ conditions: 120, rows: 40 }), (batch) => parity.compare(batch));
  for (let round = 0; parity.pairs < wanted; round += 1)
    await fc.assert(batches, { seed: seed + round, numRuns: 4, interruptAfterTimeLimit: 60_000 });

  const [least, leastAsked] = [...parity.asked].sort(([, a], [, b]) => a - b)[0] ?? [];
  const [hardest, leastCaught] = [...parity.caught].sort(([, a], [, b]) => a - b)[0] ?? [];
  const caught = [...parity.caught.values()].filter((count) => count > 0).length;
  const share = parity.held / parity.pairs;
  process.stdout.write(
    `parity: seed ${seed}, pairs ${parity.pairs}, true ${(100 * share).toFixed(1)} %, ` +
      `least asked ${least} (${leastAsked} times), mutants caught ${caught}/${parity.caught.size}, ` +
      `the hardest by ${leastCaught} pairs (${hardest?.operator} ${hardest?.name})\n`,
  );
  expect(share).toBeGreaterThanOrEqual(0.3);
  expect(leastAsked, least).toBeGreaterThanOrEqual(wantedEach);
  const uncaught = [...parity.caught].filter(([, count]) => count === 0).map(([mutant]) => mutant);
  const operatorsCaught = new Set(
    [...parity.caught].flatMap(([{ operator }, count]) => (count > 0 ? [operator] : [])),
  );
  expect([...operatorsCaught].sort()).toEqual([...conditionOperators].sort());
  if (isFull) expect(uncaught).toEqual([]);
}, 1_200_000);

test('the engine answers the largest condition that there may be', async () => {
  const fields = [
    { field: 'text', type: 'text', sql: 'toString(number)' },
    { field: 'count', type: 'number', sql: 'number' },
  ] as const;
  const catalogue = new Catalogue({
    fields: fields.map(({ field, type }) => ({
      ...{ id: field, type, title: field, unit: null, description: '', group: '', may_be_missing: false },
      ...{ operators: ['in'], used_in: ['sweep'], choices: null, parameters: [], parameter_required: false },
      widens_only: false,
    })),
    parameters: { stream: [], category: [], channel: [] },
  });
  // Of the numbers asked for, those of the last leaf are there: 9,999,002 to 10,000,001.
  const listed = (leaf: number) =>
    Array.from({ length: 1000 }, (_, index) => 10_000_001 - (199 - leaf) * 1000 - (999 - index));
  const leaves = Array.from({ length: 200 }, (_, index) => {
    const values = listed(index);
    return index % 2 === 0
      ? { field: 'text', operator: 'in', value: values.map((value) => `${value} ${'x'.repeat(20)}`) }
      : { field: 'count', operator: 'in', value: values };
  });
  let condition: object = { combinator: 'or', rules: leaves };
  for (let depth = 1; depth < 8; depth += 1)
    condition = { combinator: 'and', not: depth > 5, rules: [condition] };
  const checked = checkCondition(condition, catalogue, 'sweep');
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  const sqlOf = new Map<string, string>(fields.map(({ field, sql }) => [field, sql]));
  const compiled = compileSql(checked.condition, {
    expressionOf: ({ id }) => ({ sql: sqlOf.get(id) ?? '', nullable: false }),
    now: 0,
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  const rows = await database.engine.rows(
    'the largest condition',
    `SELECT count() AS people, max(number) AS last FROM numbers(9999000, 2000) WHERE ${compiled.sql}`,
    compiled.params,
  );
  expect(rows).toEqual([{ people: 1000, last: 10_000_001 }]);
});
