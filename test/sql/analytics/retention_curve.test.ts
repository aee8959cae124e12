import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { coverOf, delivery, person, spellMark, takenBack } from './rows.js';

let database: TestDatabase;

const day = 86_400_000;
const at = (days: number) => new Date(Date.parse('2026-03-01T00:00:00.000Z') + days * day).toISOString();
const mark = (number: number, cause: string, days: number, change: Record<string, unknown> = {}) =>
  spellMark(cause, at(days), 'promotions', { person: person(number), ...change });
const undone = mark(5, 'opt_out', 2);

/*
 *   person | stream     | delivered           | said                                  | spells by day 20
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
  await database.insert('spell_marks', [
    mark(1, 'opt_out', 3),
    mark(2, 'complaint', 3.5),
    mark(4, 'opt_in', 0),
    mark(4, 'hard_bounce', 7),
    undone,
    takenBack(undone.decision, at(2.01)),
    mark(6, 'opt_out', 1),
    mark(6, 'opt_in', 6),
    mark(7, 'opt_out', 1),
    spellMark('erasure', at(19), 'news', { person: person(9), received_at: at(25) }),
  ]);
});
afterAll(() => database.close());

const any = [1, 2, 3, 4, 5];
async function ask(change: Record<string, unknown> = {}) {
  return database.engine.query('analytics/retention_curve', {
    streams: ['promotions'],
    ...coverOf('promotions', 'news'),
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

  /*
   *   person | said, in whatever order it came                                    | spells on texts by day 20
   *   11     | opt-out 5, opt-in 5                                                | 5: ties deny
   *   12     | strong opt-out 5, opt-in 8, explicit 10                            | 5, and 10: from the explicit one
   *   13     | opt-out 5 within an hour, opt-in half an hour later                | 5: too near to tell
   *   14     | opt-out 5 at another address, opt-in 8                             | 5: lifts nothing there
   *   15     | opt-out 5, opt-in 8 without evidence                               | 5
   *   16     | opt-in 2 without evidence, delivered 3                             | 18
   *   17     | opt-out 5, opt-in 8, opt-out 6 that became known last               | 5, and 12
   */
  test('begin again only with what lifts every ending that stands then', async () => {
    const texts = (number: number, cause: string, days: number, change: Record<string, unknown> = {}) =>
      spellMark(cause, at(days), 'texts', { person: person(number), ...change });
    await database.insert(
      'events',
      [11, 12, 13, 14, 15, 17].map((number) =>
        delivery(at(0), { person: person(number), stream: 'texts', channel: 'sms' }),
      ),
    );
    await database.insert('events', [delivery(at(3), { person: person(16), stream: 'texts' })]);
    await database.insert('spell_marks', [
      texts(11, 'opt_in', 5),
      texts(11, 'opt_out', 5),
      texts(12, 'opt_in', 10, { grade: 2 }),
      texts(12, 'opt_in', 8),
      texts(12, 'opt_out', 5, { grade: 2 }),
      texts(13, 'opt_out', 5, { tolerance: 3_600_000 }),
      texts(13, 'opt_in', 5 + 1 / 48),
      texts(14, 'opt_out', 5, { subject: person(99) }),
      texts(14, 'opt_in', 8),
      texts(15, 'opt_in', 8, { grade: 0 }),
      texts(15, 'opt_out', 5),
      texts(16, 'opt_in', 2, { grade: 0 }),
      texts(17, 'opt_out', 5),
      texts(17, 'opt_in', 8),
    ]);
    await database.insert('spell_marks', [texts(17, 'opt_out', 6)]);
    expect(brief(await ask({ streams: ['texts'], ...coverOf('texts') }))).toEqual([
      [5, 9, 6, 0],
      [10, 3, 0, 1],
      [12, 2, 0, 1],
      [18, 1, 0, 1],
    ]);
  });

  test('are not told by lines older than what they may cover', async () => {
    const cover = coverOf('texts');
    const counts = async (change: Partial<typeof cover>) => {
      const rows = await ask({ streams: ['texts'], ...cover, ...change });
      return [rows[0]?.n, rows.reduce((sum, { events }) => sum + events, 0)];
    };
    // Of the opt-ins that of day 10 alone: 12 comes back, 17 does not, and 16 begins with the delivery.
    expect(await counts({ cover_since: [Date.parse(at(9))] })).toEqual([8, 6]);
    // Nobody has said anything since day 5.
    expect(await counts({ cover_until: [Date.parse(at(5.5))] })).toEqual([7, 6]);
  });
});
