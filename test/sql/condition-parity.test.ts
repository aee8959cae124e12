import { conditionOperators } from '@secateur/backend/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFacts } from '../support/condition-columns.js';
import { anyBatch } from '../support/condition-generator.js';
import { Parity } from '../support/condition-parity.js';
import { openTestDatabase, type TestDatabase } from '../support/engine.js';

/** `pnpm parity` asks what the project promises; every run asks a slice of it. */
const isFull = process.env.SECATEUR_PARITY === 'full';
const wanted = isFull ? 100_000 : 16_000;
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
