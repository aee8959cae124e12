import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { coverOf, delivery, person, spellMark, stream, takenBack } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

type Cut = 'none' | 'segment' | 'stream' | 'channel' | 'category' | 'origin';
const now = '2026-11-20T00:00:00.000Z';

async function reach(first: Cut, second: Cut = 'none', at = now) {
  const rows = await database.engine.query('analytics/reach_by', {
    ...coverOf('promotions', 'news', 'alerts'),
    ...{ first, second, at: new Date(at), segments_at: new Date(now), limit: 100 },
  });
  return rows.map((row) => [row.first_key, row.second_key, row.spells, row.subscribers, row.streams]);
}

/** Runs first: nothing has been stored yet. */
test('reaches nobody in an empty database', async () => {
  for (const first of ['none', 'segment', 'stream'] as const) expect(await reach(first)).toEqual([]);
});

/*
 *   person | attributes | opened     | promotions (email)   | news (email)  | alerts (push)     | segment loyal
 *   1      | DE, free   | 10 days ago| delivered 1st        | delivered 1st | opt-out 3rd       | entered
 *   2      | DE, pro    |            | opt-in 5th           |               | delivered 10th    | entered, left
 *   3      | none       |            | delivered 1st,       | delivered 1st,|                   |
 *          |            |            | opt-out 6th          | opt-out 6th taken back on the 7th
 */
test('counts open spells by stream, channel, segment and two at once, at any instant', async () => {
  await database.insert('streams', [
    stream('promotions', 'email', 'promotions', 'shop'),
    stream('news', 'email', 'newsletter', 'blog'),
    stream('alerts', 'push', 'alerts', 'shop'),
  ]);
  await database.insert('streams', [{ ...stream('news', 'email', 'newsletter', 'blog', 2), title: 'News' }]);
  const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T00:00:00.000Z`;
  const sent = (number: number, key: string, at = day(1)) =>
    delivery(at, { person: person(number), stream: key });
  const mark = (number: number, cause: string, at: string, key: string) =>
    spellMark(cause, at, key, { person: person(number), subject: person(number) });
  const undone = mark(3, 'opt_out', day(6), 'news');
  await database.insert('events', [
    sent(1, 'promotions'),
    sent(1, 'news'),
    sent(2, 'alerts', day(10)),
    sent(3, 'promotions'),
    sent(3, 'news'),
    delivery(day(10), { person: person(1), type: 'opened' }),
  ]);
  await database.insert('events', [sent(1, 'promotions', day(12))]);
  await database.insert('spell_marks', [
    takenBack(undone.decision, day(7)),
    mark(1, 'opt_out', day(3), 'alerts'),
    mark(2, 'opt_in', day(5), 'promotions'),
    mark(3, 'opt_out', day(6), 'promotions'),
    undone,
  ]);
  const subject = (number: number, attributes: object, jurisdiction = '') => ({
    ...{ person: person(number), version: 1, jurisdiction, first_seen_at: day(1) },
    attributes: JSON.stringify(attributes),
  });
  await database.insert('subjects', [
    subject(1, { plan: 'free' }, 'DE'),
    subject(2, { plan: 'pro', country: 'DE' }),
    subject(3, {}),
  ]);
  const edge = (number: number, seq: number, name: string) => ({
    ...{
      person: person(number),
      segment: 'loyal',
      seq,
      edge: name,
      version: 1,
      at: day(2),
      received_at: day(2),
    },
    ...{ cause: 'event', cause_id: 'x' },
  });
  await database.insert('memberships', [edge(1, 1, 'entered'), edge(2, 2, 'entered')]);
  await database.insert('memberships', [edge(2, 3, 'left')]);

  expect(await reach('none')).toEqual([['', '', 5, 3, 3]]);
  expect(await reach('stream')).toEqual([
    ['news', '', 2, 2, 1],
    ['promotions', '', 2, 2, 1],
    ['alerts', '', 1, 1, 1],
  ]);
  // Person 1 has two spells on the channel, and is one person there.
  expect(await reach('channel')).toEqual([
    ['email', '', 4, 3, 2],
    ['push', '', 1, 1, 1],
  ]);
  expect(await reach('origin', 'category')).toEqual([
    ['blog', 'newsletter', 2, 2, 1],
    ['shop', 'promotions', 2, 2, 1],
    ['shop', 'alerts', 1, 1, 1],
  ]);
  expect(await reach('segment')).toEqual([
    ['country:DE', '', 4, 2, 3],
    ['engagement:dormant', '', 3, 2, 3],
    ['engagement:active', '', 2, 1, 2],
    ['loyal', '', 2, 1, 2],
    ['plan:free', '', 2, 1, 2],
    ['plan:pro', '', 2, 1, 2],
  ]);
  expect(await reach('segment', 'channel')).toContainEqual(['plan:pro', 'push', 1, 1, 1]);
  expect(await reach('stream', 'none', day(5))).toEqual([
    ['news', '', 2, 2, 1],
    ['promotions', '', 2, 2, 1],
  ]);
  expect(await reach('stream', 'none', day(6))).toEqual([
    ['promotions', '', 3, 3, 1],
    ['news', '', 2, 2, 1],
  ]);
});
