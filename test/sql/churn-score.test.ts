import { createRandom } from '@secateur/models';
import {
  type Column,
  hazardLabels,
  learn,
  predictLogits,
  riskWithin,
  scoreSql,
} from '@secateur/models/churn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/engine.js';

const seed = Number(process.env.SECATEUR_SEED);
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** Rows whose hazard depends on a number with gaps, on a level, and on nothing in a third column. */
function table(rows: number): { columns: Column[]; days: Float64Array } {
  const random = createRandom(seed);
  const age = Float64Array.from({ length: rows }, () =>
    random.chance(0.1) ? Number.NaN : random.normal(0, 30),
  );
  const levels = ["it's", 'b\\c', '', 'ü'];
  const level = Array.from({ length: rows }, () => levels[random.integer(levels.length)] as string);
  const whole = Float64Array.from({ length: rows }, () => random.integer(4));
  const days = Float64Array.from(age, (value, row) => {
    const z = -2 + (Number.isNaN(value) ? 1 : Math.sin(value / 20)) + (level[row] === 'ü' ? 1 : 0);
    return random.exponential(40 / Math.exp(z));
  });
  return {
    days,
    columns: [
      { name: 'age', kind: 'numeric', values: age },
      { name: 'level', kind: 'categorical', values: level },
      { name: 'whole', kind: 'numeric', values: whole },
    ],
  };
}

test.each([
  [400, 'few rows'],
  [4000, 'many rows, which are calibrated'],
])('of %i rows the engine scores what TypeScript scores, to 1e-12 (%s)', async (rows) => {
  const { columns, days } = table(rows);
  const time = days.map((one) => Math.min(90, one));
  const labels = hazardLabels(
    time,
    days.map((one) => (one <= 90 ? 1 : 0)),
    new Float64Array(rows).fill(90),
  );
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  // Networks stay out: they are scored in batches and not by an expression.
  const learned = await learn({ columns, labels }, all, { seed });
  const model = { ...learned, networks: [] };
  const logits = await predictLogits(model, columns, all);
  const sql = scoreSql(model);
  const cells = all.reduce<string[]>((lines, row) => {
    const [age, level, whole] = columns.map(({ values }) => values[row]);
    lines.push(JSON.stringify([row, Number.isNaN(age) ? null : age, level, whole]));
    return lines;
  }, []);
  await database.engine.command('DROP TABLE IF EXISTS scored');
  await database.engine.command(
    'CREATE TABLE scored (row UInt32, age Nullable(Float64), level String, whole Float64) ENGINE = MergeTree ORDER BY row',
  );
  await database.engine.insert('scored', ['row', 'age', 'level', 'whole'], cells.join('\n'), null);
  const found = await database.engine.rows<{ row: number; r7: number; r30: number; r90: number }>(
    'score',
    `SELECT row, ${sql.risk('score', 3)} AS r7, ${sql.risk('score', 5)} AS r30, ${sql.risk('score', 7)} AS r90
     FROM (SELECT row, ${sql.score} AS score FROM scored) ORDER BY row`,
  );
  expect(found).toHaveLength(rows);
  for (const [name, intervals] of [
    ['r7', 3],
    ['r30', 5],
    ['r90', 7],
  ] as const) {
    const risk = riskWithin(logits, 7, intervals);
    const differences = found.map((one) => Math.abs(one[name] - (risk[one.row] as number)));
    expect(Math.max(...differences)).toBeLessThan(1e-12);
  }
  expect(Math.max(...found.map(({ r30 }) => r30)) - Math.min(...found.map(({ r30 }) => r30))).toBeGreaterThan(
    0.1,
  );
});
