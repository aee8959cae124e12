import { readQueries } from '@secateur/sql';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { naiveCurve, naiveLogRank } from '../support/naive-survival.js';
import {
  anyCause,
  type CurveRow,
  openSpellTable,
  type Spell,
  type SpellTable,
} from '../support/spell-table.js';
import { tied } from '../survival/tied-times.js';

let table: SpellTable;
beforeAll(async () => {
  table = await openSpellTable();
});
afterAll(() => table.close());

const spell = (entry: number | null, exit: number, cause: number, curve = 1): Spell => ({
  entry,
  exit,
  cause,
  curve,
});

async function curve(spells: readonly Spell[], asked: Parameters<SpellTable['curves']>[0] = {}) {
  await table.fill(spells);
  return table.curves(asked);
}

const column = (rows: readonly CurveRow[], name: keyof CurveRow) => rows.map((row) => row[name]);
const close = (ours: readonly (number | null | undefined)[], theirs: readonly (number | null)[]) => {
  expect(ours.length).toBe(theirs.length);
  for (const [index, each] of theirs.entries()) {
    if (each === null) expect(ours[index]).toBeNull();
    else
      expect(Math.abs((ours[index] ?? Number.NaN) - each)).toBeLessThan(1e-9 * Math.max(1, Math.abs(each)));
  }
};

/*
 * Six spells, three of them seen late, and what follows by hand:
 *
 *   entry exit cause          t   at risk           d1 d2   S          1: S·d1/n     2: S·d2/n
 *   -     1    1              1   4 of 4            1  0    3/4        1/4
 *   -     2    censored       2   4: one came       0  0    3/4
 *   -     4    2              4   4: one came at 2  1  1    3/8        +3/4·1/4      3/4·1/4
 *   -     4    1              5   2                 0  1    3/16                     +3/8·1/2
 *   1     5    2              6   1                 0  0    3/16
 *   2     6    censored
 *
 * The one who enters at 1 is not at risk at 1, the one who enters at 2 not at 2.
 */
const byHand = [
  spell(null, 1, 1),
  spell(null, 2, 0),
  spell(null, 4, 2),
  spell(null, 4, 1),
  spell(1, 5, 2),
  spell(2, 6, 0),
];

describe('a curve', () => {
  test('with delayed entry and two causes is as computed by hand', async () => {
    const rows = await curve(byHand);
    expect(column(rows, 't')).toEqual([1, 2, 4, 5, 6]);
    expect(column(rows, 'at_risk')).toEqual([4, 4, 4, 2, 1]);
    expect(column(rows, 'events')).toEqual([1, 0, 2, 1, 0]);
    expect(column(rows, 'censored')).toEqual([0, 1, 0, 0, 1]);
    close(column(rows, 'survival'), [3 / 4, 3 / 4, 3 / 8, 3 / 16, 3 / 16]);
    const greenwood = [1 / 12, 1 / 12, 1 / 12 + 1 / 4, 1 / 12 + 1 / 4 + 1 / 2, 1 / 12 + 1 / 4 + 1 / 2];
    const survival = [3 / 4, 3 / 4, 3 / 8, 3 / 16, 3 / 16];
    close(
      column(rows, 'std_error'),
      greenwood.map((sum, index) => (survival[index] ?? 0) * Math.sqrt(sum)),
    );
    close(column(rows, 'nelson_aalen'), [1 / 4, 1 / 4, 3 / 4, 5 / 4, 5 / 4]);
    close(column(rows, 'opt_out'), [1 / 4, 1 / 4, 7 / 16, 7 / 16, 7 / 16]);
    close(column(rows, 'complaint'), [0, 0, 3 / 16, 3 / 8, 3 / 8]);
    expect(new Set(column(rows, 'n'))).toEqual(new Set([6]));
  });

  test('of one cause takes the others for censored, and the shares by cause stay the same', async () => {
    const all = await curve(byHand);
    const one = await curve(byHand, { causes: [1] });
    close(column(one, 'survival'), [3 / 4, 3 / 4, 9 / 16, 9 / 16, 9 / 16]);
    expect(column(one, 'censored')).toEqual([0, 1, 1, 1, 1]);
    expect(column(one, 'opt_out')).toEqual(column(all, 'opt_out'));
    expect(column(one, 'complaint')).toEqual(column(all, 'complaint'));
  });

  /* Freireich et al. (1963): weeks in remission under 6-MP. Figures: Klein & Moeschberger, Survival Analysis, 2nd ed.,
     tables 4.1A and 4.2. */
  const mercaptopurine = [
    6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35,
  ];
  const placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
  const remissions = (weeks: readonly number[], number: number) =>
    weeks.map((week) => spell(null, Math.abs(week), week > 0 ? 1 : 0, number));

  test('of the remissions of Freireich et al. is the published one', async () => {
    const rows = (await curve(remissions(mercaptopurine, 1))).filter(({ events }) => events > 0);
    expect(column(rows, 't')).toEqual([6, 7, 10, 13, 16, 22, 23]);
    const rounded = (name: keyof CurveRow, digits: number) =>
      rows.map((row) => Number(Number(row[name]).toFixed(digits)));
    expect(rounded('survival', 3)).toEqual([0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]);
    expect(rounded('std_error', 3)).toEqual([0.076, 0.087, 0.096, 0.107, 0.114, 0.128, 0.135]);
    expect(rounded('nelson_aalen', 3)).toEqual([0.143, 0.202, 0.268, 0.352, 0.443, 0.585, 0.752]);
  });

  test('of their two groups differs by the published log-rank sums', async () => {
    await table.fill([...remissions(mercaptopurine, 1), ...remissions(placebo, 2)]);
    const { n, observed, expected, variance } = await table.logRank(2);
    expect([n, observed]).toEqual([
      [21, 21],
      [9, 21],
    ]);
    expect(expected.map((each) => Number(each.toFixed(2)))).toEqual([19.25, 10.75]);
    expect(variance[0]?.toFixed(4)).toBe('6.2570');
  });

  test('falls to 0 where everybody ends and stays there, without error or band, whoever comes later', async () => {
    const rows = await curve([spell(0, 2, 1), spell(3, 6, 1), spell(3, 7, 0), spell(4, 8, 1)]);
    expect(column(rows, 'survival')).toEqual([0, 0, 0, 0]);
    for (const name of ['std_error', 'lower', 'upper'] as const) {
      expect(column(rows, name)).toEqual([null, null, null, null]);
    }
    close(column(rows, 'nelson_aalen'), [1, 4 / 3, 4 / 3, 7 / 3]);
    close(column(rows, 'opt_out'), [1, 1, 1, 1]);
  });

  test('goes on where nobody is at risk for a while and others come', async () => {
    const rows = await curve([spell(null, 1, 1), spell(null, 2, 0), spell(5, 6, 1), spell(5, 7, 0)]);
    expect(column(rows, 'at_risk')).toEqual([2, 1, 2, 1]);
    close(column(rows, 'survival'), [1 / 2, 1 / 2, 1 / 4, 1 / 4]);
  });

  test('counts those who end at time 0 when they were there from the beginning, and none who entered at their end', async () => {
    const rows = await curve([
      spell(null, 0, 1),
      spell(null, 0, 0),
      spell(null, 3, 0),
      spell(3, 3, 1),
      spell(2, 2, 1),
    ]);
    expect(column(rows, 't')).toEqual([0, 3]);
    expect(column(rows, 'at_risk')).toEqual([3, 1]);
    close(column(rows, 'survival'), [2 / 3, 2 / 3]);
    expect(rows[0]?.n).toBe(3);
  });

  test('without an end has survival 1, no error, and no band', async () => {
    const rows = await curve([spell(null, 1, 0), spell(null, 2, 0)]);
    expect(column(rows, 'survival')).toEqual([1, 1]);
    expect(column(rows, 'std_error')).toEqual([0, 0]);
    expect(column(rows, 'lower')).toEqual([null, null]);
  });

  test('of nobody has no rows, and a comparison of nobody no sums', async () => {
    expect(await curve([])).toEqual([]);
    expect(await table.logRank(2)).toEqual({ n: [], observed: [], expected: [], variance: [] });
  });

  test('of a hundred million keeps the digits of a single end', async () => {
    const rows = await curve([
      { ...spell(null, 1, 1), weight: 1 },
      { ...spell(null, 2, 0), weight: 99_999_999 },
    ]);
    close([rows[0]?.survival], [1 - 1e-8]);
    // log(1 − d/n) would lose half the digits: 1 − S to twelve of them.
    expect(Math.abs((1 - (rows[0]?.survival ?? 0)) / 1e-8 - 1)).toBeLessThan(1e-7);
    expect(Math.abs((rows[0]?.std_error ?? 0) / Math.sqrt((1 - 1e-8) * 1e-16) - 1)).toBeLessThan(1e-9);
  });

  test('begins where enough are at risk, on condition of having stayed, and is cut off where they are not', async () => {
    const late = [spell(0, 1, 1), ...[1, 1, 1, 1].map((entry, index) => spell(entry, 3 + index, index % 2))];
    const rows = await curve(late, { minAtRisk: 3 });
    expect(rows.map(({ t, shown, at_risk }) => [t, shown, at_risk])).toEqual([
      [1, 0, 1],
      [3, 1, 4],
      [4, 1, 3],
      [5, 0, 2],
      [6, 0, 1],
    ]);
    expect(column(rows, 'events').slice(0, 3)).toEqual([0, 0, 1]);
    close(column(rows, 'survival').slice(1, 3), [1, 2 / 3]);
  });
});

test('times of data that differ by rounding alone are one time, as R takes them; others are not', async () => {
  const times = [0.1 + 0.2, 0.3, 0.300001, 7];
  const time = tied(times);
  const rows = await curve(times.map((each) => spell(null, time(each), 1)));
  expect(column(rows, 't')).toEqual([0.3, 0.300001, 7]);
  expect(column(rows, 'events')).toEqual([2, 1, 1]);
});

const anySpell = fc.record({
  curve: fc.integer({ min: 1, max: 3 }),
  entry: fc.option(fc.integer({ min: 0, max: 8 })),
  exit: fc.integer({ min: 0, max: 9 }),
  cause: fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 4, 5),
});
const anyCauses = fc.constantFrom(anyCause, [1], [2], [3]);

describe('any spells', () => {
  test('give the curves of the definitions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySpell, { minLength: 1, maxLength: 40 }),
        anyCauses,
        fc.constantFrom(0, 0, 2, 4),
        async (spells, causes, minAtRisk) => {
          const rows = await curve(spells, { causes, minAtRisk });
          for (const number of [1, 2, 3]) {
            const ours = rows.filter((row) => row.curve === number && row.shown === 1);
            const theirs = naiveCurve(
              spells.filter((one) => one.curve === number),
              causes,
              minAtRisk,
            );
            expect(column(ours, 't')).toEqual(theirs.map(({ t }) => t));
            for (const name of [
              'at_risk',
              'events',
              'censored',
              'survival',
              'std_error',
              'lower',
              'upper',
              'nelson_aalen',
              'nelson_aalen_error',
            ] as const) {
              close(
                column(ours, name),
                theirs.map((point) => point[name]),
              );
            }
            for (const [index, cause] of (
              ['opt_out', 'complaint', 'hard_bounce', 'erasure', 'consent_expiry'] as const
            ).entries()) {
              close(
                column(ours, cause),
                theirs.map(({ incidence }) => incidence[index] ?? Number.NaN),
              );
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('give the log-rank sums of the definitions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySpell, { minLength: 1, maxLength: 40 }),
        anyCauses,
        async (spells, causes) => {
          await table.fill(spells);
          const ours = await table.logRank(3, causes);
          const theirs = naiveLogRank(spells, 3, causes);
          // Where nothing ended the engine has no sums at all.
          if (ours.observed.length === 0) expect(theirs.observed).toEqual([0, 0, 0]);
          else {
            close(ours.observed, theirs.observed);
            close(ours.expected, theirs.expected);
            close(ours.variance, theirs.variance);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the texts of the statements', () => {
  const text = (name: string) =>
    readQueries()
      .get(name)
      ?.sql.replace(/^--.*\n/gm, '') ?? '';
  const from = (sql: string, cte: string) => sql.slice(sql.search(new RegExp(`^ {2}${cte} AS$`, 'm')));
  const until = (sql: string, cte: string) => sql.slice(0, sql.search(new RegExp(`^ {2}${cte} AS$`, 'm')));

  test('of curves are one text from the CTE marks on', () => {
    const plain = from(text('analytics/retention_curve'), 'marks');
    expect(plain).toBe(from(text('analytics/retention_curve_in_segments'), 'marks'));
    expect(plain.length).toBeGreaterThan(1000);
  });

  // How a curve of streams makes spells of it is another text, held against the same walk in retention-spells.test.ts.
  test('ask the ledger for the same', () => {
    const inSegments = until(text('analytics/retention_curve_in_segments'), 'marks');
    expect(until(text('analytics/retention_log_rank'), 'marks')).toBe(inSegments);
    const said = until(inSegments, 'marked');
    const curve = until(text('analytics/retention_curve'), 'marked');
    const unsaid = (sql: string) => sql.replace(/^ {2}--.*\n/gm, '');
    expect(unsaid(curve)).toBe(unsaid(said));
    expect(said.length).toBeGreaterThan(1000);
  });
});
