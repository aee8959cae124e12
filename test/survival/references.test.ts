import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSpellTable, type SpellTable } from '../support/spell-table.js';
import { Comparison, compareCompetingRisks, compareKaplanMeier } from './compare.js';
import { readReferences } from './references.js';

/*
 * Every survival case of a references.json, through the service's own statements. `pnpm survival <file>`.
 * Not ours and passed over: other kinds of interval than log-log, Fleming–Harrington, weighted log-rank (rho), robust and
 * incidence errors, Gray's test, regressions, IPCW.
 */
const { kaplanMeier, competing } = readReferences(process.env.SECATEUR_SURVIVAL ?? '');

let table: SpellTable;
const all: Comparison[] = [];
beforeAll(async () => {
  table = await openSpellTable();
});
afterAll(async () => {
  await table.close();
  const values = all.reduce((sum, one) => sum + one.values, 0);
  const largest = Math.max(0, ...all.map((one) => one.largest));
  process.stdout.write(
    `survival: ${all.length} cases, ${values} values, largest difference ${largest.toExponential(1)}\n`,
  );
});

function compared(): Comparison {
  const found = new Comparison();
  all.push(found);
  return found;
}

describe('survival', () => {
  test.each([...kaplanMeier])('%s is as R has it', async (_, one) => {
    const found = compared();
    await compareKaplanMeier(table, one, found);
    expect(found.faults).toEqual([]);
    expect(found.values).toBeGreaterThan(10);
  });

  test.each([...competing])('%s, with competing causes, is as R has it', async (_, one) => {
    const found = compared();
    await compareCompetingRisks(table, one, found);
    expect(found.faults).toEqual([]);
    expect(found.values).toBeGreaterThan(10);
  });
});
