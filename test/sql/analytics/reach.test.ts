import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { coverOf, delivery, person, spellMark, takenBack } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const ask = () => database.engine.query('analytics/reach', coverOf('promotions', 'news', 'alerts'));

/** Runs first: nothing has been stored yet. */
test('reaches nobody in an empty database', async () => {
  expect(await ask()).toEqual([{ spells: 0, subscribers: 0, streams: 0 }]);
});

/*
 *   person | stream     | delivered | said, in order of time                   | open
 *   1      | promotions | twice     |                                          | yes
 *   1      | news       | once      | opt-out                                  | no
 *   2      | promotions | once      | opt-out, opt-in                          | yes
 *   2      | news       | never     | opt-in                                   | yes
 *   3      | promotions | once      | opt-in, opt-out                          | no
 *   4      | alerts     | never     | opt-out                                  | no
 *   5      | promotions | once, later than the opt-out                         | no: a delivery opens nothing again
 *   6      | news       | once      | opt-out and opt-in at the same instant   | no: ties deny
 *   7      | news       | once      | opt-out, taken back                      | yes
 *   8      | news       | once      | strong opt-out, opt-in, explicit opt-in  | yes, by the explicit one
 *   9      | news       | once      | strong opt-out, opt-in                   | no
 */
test('counts a spell that has begun, and whose endings are all lifted or taken back', async () => {
  const news = { stream: 'news', channel: 'push', category: 'newsletter' };
  await database.insert('events', [
    delivery('2026-11-01T00:00:00.000Z'),
    delivery('2026-11-01T00:00:00.000Z', news),
    delivery('2026-11-01T00:00:00.000Z', { person: person(2) }),
    delivery('2026-11-01T00:00:00.000Z', { person: person(3) }),
    ...[6, 7, 8, 9].map((number) =>
      delivery('2026-11-01T00:00:00.000Z', { person: person(number), ...news }),
    ),
  ]);
  await database.insert('events', [
    delivery('2026-11-02T00:00:00.000Z'),
    delivery('2026-11-09T00:00:00.000Z', { person: person(5) }),
  ]);
  const mark = (number: number, cause: string, at: string, stream: string, grade = 1) =>
    spellMark(cause, at, stream, { person: person(number), grade });
  const early = '2026-11-03T00:00:00.000Z';
  const late = '2026-11-04T00:00:00.000Z';
  const undone = mark(7, 'opt_out', early, 'news');
  // The later ones arrive first: not the order of arrival decides.
  await database.insert('spell_marks', [
    mark(2, 'opt_in', late, 'promotions'),
    mark(2, 'opt_in', late, 'news'),
    takenBack(undone.decision, late),
    mark(8, 'opt_in', '2026-11-05T00:00:00.000Z', 'news', 2),
    mark(8, 'opt_in', late, 'news'),
    mark(9, 'opt_in', late, 'news'),
  ]);
  await database.insert('spell_marks', [
    mark(1, 'opt_out', early, 'news'),
    mark(2, 'opt_out', early, 'promotions'),
    mark(3, 'opt_in', early, 'promotions'),
    mark(3, 'opt_out', late, 'promotions'),
    mark(4, 'opt_out', early, 'alerts'),
    mark(5, 'opt_out', early, 'promotions'),
    mark(6, 'opt_in', late, 'news'),
    mark(6, 'opt_out', late, 'news'),
    undone,
    mark(8, 'opt_out', early, 'news', 2),
    mark(9, 'opt_out', early, 'news', 2),
  ]);
  expect(await ask()).toEqual([{ spells: 5, subscribers: 4, streams: 2 }]);
});
