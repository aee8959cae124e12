import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, delivery, person } from './rows.js';

let database: TestDatabase;

const day = 86_400_000;
const at = (days: number) => new Date(Date.parse('2026-03-01T00:00:00.000Z') + days * day).toISOString();
const edge = (
  number: number,
  kind: string,
  cause: string,
  days: number,
  known = days,
  stream = 'promotions',
) =>
  decision(at(known), {
    person: person(number),
    spell_edges: [{ stream, edge: kind, at: at(days), cause }],
  });

/*
 *   person | stream     | delivered           | edges                                 | spells by day 20
 *   1      | promotions | 0, 2                | close 3 (opt_out)                     | 3 → opt-out
 *   2      | promotions | 0                   | close 3.5 (complaint)                 | 3.5 → complaint
 *   3      | promotions | 10                  |                                       | 10, censored
 *   4      | promotions | 5                   | open 0 (opt_in), close 7 (hard_bounce)| 7 → hard bounce: from the opt-in
 *   5      | promotions | 0                   | close 2 (opt_out), open 2.01 (undo)   | 20, censored: not ended at all
 *   6      | promotions | 0                   | close 1 (opt_out), open 6 (opt_in)    | 1 → opt-out, and 14, censored
 *   7      | promotions | 4                   | close 1 (opt_out)                     | none: a delivery opens nothing again
 *   8      | promotions | 12, received on 30  |                                       | 8, censored, once that is known
 *   9      | news       | 18                  | close 19 (erasure), received on 25    | 2, censored; 1 → erasure, once known
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const news = { stream: 'news', person: person(9) };
  await database.insert('events', [
    delivery(at(0)),
    delivery(at(2)),
    delivery(at(0), { person: person(2) }),
    delivery(at(10), { person: person(3) }),
    delivery(at(5), { person: person(4) }),
    delivery(at(0), { person: person(5) }),
    delivery(at(0), { person: person(6) }),
    delivery(at(4), { person: person(7) }),
    delivery(at(18), news),
    delivery(at(18), { person: person(7), type: 'opened' }),
  ]);
  await database.insert('events', [delivery(at(12), { person: person(8), received_at: at(30) })]);
  await database.insert('decisions', [
    edge(1, 'close', 'opt_out', 3),
    edge(2, 'close', 'complaint', 3.5),
    edge(4, 'open', 'opt_in', 0),
    edge(4, 'close', 'hard_bounce', 7),
    edge(5, 'close', 'opt_out', 2),
    edge(5, 'open', 'undo', 2.01),
    edge(6, 'close', 'opt_out', 1),
    edge(6, 'open', 'opt_in', 6),
    edge(7, 'close', 'opt_out', 1),
    edge(9, 'close', 'erasure', 19, 25, 'news'),
  ]);
});
afterAll(() => database.close());

const any = [1, 2, 3, 4, 5, 6];
async function ask(change: Record<string, unknown> = {}) {
  return database.engine.query('analytics/retention_curve', {
    streams: ['promotions'],
    as_of: new Date(at(20)),
    known_at: new Date(at(20)),
    step_ms: day,
    unit_ms: day,
    causes: any,
    min_at_risk: 0,
    most: 1000,
    ...change,
  });
}
const brief = (rows: Awaited<ReturnType<typeof ask>>) =>
  rows.map(({ t, at_risk, events, censored }) => [t, at_risk, events, censored]);

describe('spells', () => {
  test('begin with an opt-in or first delivery, end with a closing, and are censored where they are open', async () => {
    const rows = await ask();
    //  7 spells: 1 (opt-out), 3, 4 (3.5 begun), 7, 10, 14, 20
    expect(brief(rows)).toEqual([
      [1, 7, 1, 0],
      [3, 6, 1, 0],
      [4, 5, 1, 0],
      [7, 4, 1, 0],
      [10, 3, 0, 1],
      [14, 2, 0, 1],
      [20, 1, 0, 1],
    ]);
    const last = rows.at(-1);
    expect(last?.n).toBe(7);
    expect(last?.survival).toBeCloseTo((6 / 7) * (5 / 6) * (4 / 5) * (3 / 4), 12);
    expect([last?.opt_out, last?.complaint, last?.hard_bounce, last?.erasure]).toEqual(
      [2 / 7, 1 / 7, 1 / 7, 0].map((share) => expect.closeTo(share, 12)),
    );
  });

  test('of one cause: the others censor', async () => {
    expect(brief(await ask({ causes: [2] })).slice(0, 4)).toEqual([
      [1, 7, 0, 1],
      [3, 6, 0, 1],
      [4, 5, 1, 0],
      [7, 4, 0, 1],
    ]);
  });

  test('are told to the millisecond in steps of one', async () => {
    const rows = await ask({ step_ms: 1 });
    expect(rows.map(({ t }) => t)).toEqual([1, 3, 3.5, 7, 10, 14, 20]);
  });

  test('are told in other units', async () => {
    const rows = await ask({ step_ms: 7 * day, unit_ms: 7 * day });
    expect(brief(rows)).toEqual([
      [1, 7, 4, 0],
      [2, 3, 0, 2],
      [3, 1, 0, 1],
    ]);
  });

  test('as of an earlier day are censored then, and a closing that is undone later still stands', async () => {
    const then = new Date(at(2));
    // 1, 2, 4 and 5 have been there for two days, 5 has just left; 6 left after one.
    expect(brief(await ask({ as_of: then, known_at: then }))).toEqual([
      [1, 5, 1, 0],
      [2, 4, 1, 3],
    ]);
  });

  test('change with what is known, and not with what happened since', async () => {
    const streams = ['', 'promotions', 'news'];
    const counts = async (known: number) => {
      const rows = await ask({ streams, known_at: new Date(at(known)) });
      return [1, 2, 3].map((number) => {
        const own = rows.filter(({ curve }) => curve === number);
        return [own[0]?.n, own.reduce((sum, { events }) => sum + events, 0)];
      });
    };
    expect(await counts(20)).toEqual([
      [8, 4],
      [7, 4],
      [1, 0],
    ]);
    expect(await counts(25)).toEqual([
      [8, 5],
      [7, 4],
      [1, 1],
    ]);
    expect(await counts(30)).toEqual([
      [9, 5],
      [8, 4],
      [1, 1],
    ]);
  });

  test('of a delivery that became known late began with it only from then on', async () => {
    await database.insert('events', [delivery(at(1), { person: person(3), received_at: at(40) })]);
    const longest = async (known: number) => {
      const rows = await ask({ known_at: new Date(at(known)) });
      return rows.map(({ t }) => t);
    };
    expect(await longest(39)).toContain(10);
    expect(await longest(39)).not.toContain(19);
    expect(await longest(40)).toContain(19);
    expect(await longest(40)).not.toContain(10);
  });

  test('of a stream that nobody is on are none', async () => {
    expect(await ask({ streams: ['texts'] })).toEqual([]);
  });
});
