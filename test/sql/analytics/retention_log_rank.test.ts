import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { coverOf, delivery, person, spellMark } from './rows.js';

let database: TestDatabase;
const day = 86_400_000;
const at = (days: number) => new Date(Date.parse('2026-03-01T00:00:00.000Z') + days * day).toISOString();

/*
 *   stream | spells: days, * = opt-out, c = complaint
 *   news   | 1*  3*  5 (censored at day 5)
 *   offers | 2*  3*  4c
 *
 *   t  at risk: news offers  ended  expected: news        variance d n1 n2 (n − d) / n² (n − 1)
 *   1  3             3       1      1/2                   1/4
 *   2  2             3       1      2/5                   6/25
 *   3  2             2       2      1                     2·2·2·2/16·3 = 1/3
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const spells: [number: number, stream: string, days: number, cause: string | null][] = [
    [1, 'news', 1, 'opt_out'],
    [2, 'news', 3, 'opt_out'],
    [3, 'news', 5, null],
    [4, 'offers', 2, 'opt_out'],
    [5, 'offers', 3, 'opt_out'],
    [6, 'offers', 4, 'complaint'],
  ];
  await database.insert(
    'events',
    spells.map(([number, stream]) =>
      delivery(at(0), { person: person(number), stream, segments: ['plan:free'] }),
    ),
  );
  await database.insert(
    'spell_marks',
    spells.flatMap(([number, stream, days, cause]) =>
      cause === null ? [] : [spellMark(cause, at(days), stream, { person: person(number) })],
    ),
  );
});
afterAll(() => database.close());

async function ask(change: Record<string, unknown> = {}) {
  const rows = await database.engine.query('analytics/retention_log_rank', {
    streams: ['news', 'offers'],
    ...coverOf('news', 'offers'),
    segments: ['', 'plan:free'],
    while_in_segment: 0,
    as_of: new Date(at(5)),
    known_at: new Date(at(5)),
    step_ms: day,
    unit_ms: day,
    causes: [1],
    curves: 2,
    ...change,
  });
  expect(rows).toHaveLength(1);
  return rows[0];
}

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12));

test('sums what ended and what was to be expected over the times at which something ended', async () => {
  const v = 1 / 4 + 6 / 25 + 1 / 3;
  expect(await ask()).toEqual({
    n: [3, 3],
    observed: [2, 2],
    expected: near([1.9, 2.1]),
    variance: near([v, -v, -v, v]),
  });
});

test('of complaints alone expects its share of the one there was', async () => {
  // Day 4: one of news is still there, and the one of offers that complains.
  expect(await ask({ causes: [2] })).toEqual({
    n: [3, 3],
    observed: [0, 1],
    expected: near([1 / 2, 1 / 2]),
    variance: near([1 / 4, -1 / 4, -1 / 4, 1 / 4]),
  });
});

test('has a place for a curve of nobody, and no sums where nothing ended', async () => {
  const three = await ask({ streams: ['news', 'texts', 'offers'], segments: ['', '', ''], curves: 3 });
  expect(three?.n).toEqual([3, 0, 3]);
  expect(three?.expected).toEqual(near([1.9, 0, 2.1]));
  expect(await ask({ causes: [4] })).toEqual({ n: [3, 3], observed: [], expected: [], variance: [] });
});
