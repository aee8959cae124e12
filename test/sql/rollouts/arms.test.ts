import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, uuid } from '../permissions/rows.js';

let database: TestDatabase;
const version = uuid(70);
const [from, to] = ['2026-09-01T00:00:00.000Z', '2026-10-20T00:00:00.000Z'];

let seq = 0;
/** Person `number` acted, and it was decided at once. */
function act(
  number: number,
  when: string,
  rollout: '' | 'new' | 'old',
  change: Record<string, unknown> = {},
) {
  seq += 1;
  const times = { occurred_at: when, received_at: when, order_at: when, decided_at: when };
  const ruleset = rollout === 'new' ? version : uuid(60);
  const streams = { streams_stopped: ['promotions'], streams_kept: ['news', 'texts'] };
  return decision(seq, {
    id: uuid(500 + seq),
    person: uuid(number),
    ...times,
    ruleset,
    rollout,
    ...streams,
    ...change,
  });
}

const later = { streams_stopped: ['news'], streams_kept: ['texts'] };
const idle = { streams_stopped: [], streams_kept: ['texts'] };
const complained = { type: 'complained', streams_stopped: ['news', 'texts'], streams_kept: [] };

/*
 * The window is 1 September to 20 October. First decisions at noon; what is not said otherwise stops 1 stream and keeps 2.
 *
 *   person | arm | first   | then                                             | repeat | complaint
 *   1      | new | 1 Sep   | 2 Sep leaves again (1 stopped, 1 kept)           | yes    |
 *   2      | new | 1 Sep   | 12:00:00.999 the same day, leaves again          |        |
 *   3      | new | 1 Sep   | 12:00:01.000 the same day, leaves again          | yes    |
 *   4      | new | 1 Sep   | 1 Oct 12:00 complains: the last instant          | yes    | yes
 *   5      | new | 1 Sep   | 1 Oct 12:00:00.001 complains: too late           |        |
 *   6      | new | 30 Sep  | 19 Oct complains twice, once after the rollout   | yes    | yes
 *   7      | old | 1 Sep   | 2 Sep leaves again, nothing left to stop         |        |
 *   8      | old | 1 Sep   | 2 Sep complains, decided by the new arm          | yes    | yes
 *   9      | old | 1 Sep   | a complaint of August is told of on 3 Sep        |        |
 *   10     | old | 1 Sep   | the first is a complaint; another at that instant|        |
 *   11     | old | 30 Sep  | 25 Oct leaves again, after the rollout           | yes    |   another version was in force by then
 *   address 90, nobody's: old, 1 Sep
 *   12: no arm. 13: before the window. 14: only an opt-in. 15: in the new arm of another version. 16: at `to`.
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const noon = '2026-09-01T12:00:00.000Z';
  const next = '2026-09-02T12:00:00.000Z';
  await database.insert('decisions', [
    ...[1, 2, 3, 4, 5].map((number) => act(number, noon, 'new')),
    act(6, '2026-09-30T12:00:00.000Z', 'new'),
    ...[7, 8, 9].map((number) => act(number, noon, 'old')),
    act(10, noon, 'old', { type: 'complained', streams_kept: [] }),
    act(11, '2026-09-30T12:00:00.000Z', 'old', { ruleset: uuid(61) }),
    act(0, noon, 'old', { person: null, identifier: uuid(90) }),

    act(1, next, 'new', later),
    act(2, '2026-09-01T12:00:00.999Z', 'new', later),
    act(3, '2026-09-01T12:00:01.000Z', 'new', later),
    act(4, '2026-10-01T12:00:00.000Z', 'new', complained),
    act(5, '2026-10-01T12:00:00.001Z', 'new', complained),
    act(6, '2026-10-19T12:00:00.000Z', 'new', complained),
    act(6, '2026-10-20T12:00:00.000Z', '', complained),
    act(7, next, 'old', idle),
    act(8, next, 'new', complained),
    act(9, '2026-09-03T12:00:00.000Z', 'old', { ...complained, order_at: '2026-08-20T12:00:00.000Z' }),
    act(10, noon, 'old', complained),
    act(11, '2026-10-25T12:00:00.000Z', '', later),

    act(12, noon, ''),
    act(13, '2026-08-31T23:59:59.999Z', 'old'),
    act(14, noon, 'old', { type: 'opted_in' }),
    act(15, noon, 'new', { ruleset: uuid(71) }),
    act(16, to, 'old'),
  ]);
});
afterAll(() => database.close());

const ask = (now: string) =>
  database.engine.query('rollouts/arms', {
    from: new Date(from),
    to: new Date(to),
    ruleset: version,
    now: new Date(now),
  });

/*
 * new: 6 first decisions and 6 later ones in the window of persons 1 to 6, and one of person 8 that counts for the old arm.
 *   stopped 6 + (1 + 1 + 1 + 2 + 2 + 2), kept 6 × 2 + (1 + 1 + 1)
 * old: 7, 8, 9, 11 and the address with 1 stopped and 2 kept, 10 with 1 and 0; later ones of 7 (0, 1), 8 (2, 0), 9 (2, 0),
 *   10 (2, 0): stopped 6 + 6, kept 10 + 1. First kept 10, squares 5 × 4.
 * On 26 October the 30 days of 6 and 11 (to 30 October) are not over.
 */
test('counts people by the arm of their first decision, and what they did within 30 days', async () => {
  expect(await ask('2026-10-26T00:00:00.000Z')).toEqual([
    {
      arm: 'new',
      rulesets: [version],
      people: 6,
      decisions: 12,
      streams_stopped: 15,
      streams_kept: 15,
      first_kept: 12,
      first_kept_squares: 24,
      repeats: 4,
      complaints: 2,
      followed_people: 5,
      followed_repeats: 3,
      followed_complaints: 1,
    },
    {
      arm: 'old',
      rulesets: [uuid(60), uuid(61)],
      people: 6,
      decisions: 10,
      streams_stopped: 12,
      streams_kept: 11,
      first_kept: 10,
      first_kept_squares: 20,
      repeats: 2,
      complaints: 1,
      followed_people: 5,
      followed_repeats: 1,
      followed_complaints: 1,
    },
  ]);
});

test('follows a person for 30 times 24 hours, the last instant included', async () => {
  const followed = async (now: string) => (await ask(now)).map((row) => row.followed_people);
  expect(await followed('2026-10-30T11:59:59.999Z')).toEqual([5, 5]);
  expect(await followed('2026-10-30T12:00:00.000Z')).toEqual([6, 6]);
});

test('does not look ahead of now, and has no row for an arm that decided nothing', async () => {
  const early = await database.engine.query('rollouts/arms', {
    from: new Date(from),
    to: new Date('2026-09-01T12:00:00.500Z'),
    ruleset: version,
    now: new Date('2026-09-01T12:00:00.500Z'),
  });
  expect(early.map(({ arm, people, repeats, complaints }) => [arm, people, repeats, complaints])).toEqual([
    ['new', 5, 0, 0],
    ['old', 5, 0, 0],
  ]);
  const nobody = {
    from: new Date('2026-01-01'),
    to: new Date('2026-01-02'),
    ruleset: version,
    now: new Date('2026-01-02'),
  };
  expect(await database.engine.query('rollouts/arms', nobody)).toEqual([]);
});
