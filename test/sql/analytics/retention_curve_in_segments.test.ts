import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { coverOf, delivery, person, spellMark } from './rows.js';

let database: TestDatabase;

const day = 86_400_000;
const at = (days: number) => new Date(Date.parse('2026-03-01T00:00:00.000Z') + days * day).toISOString();
let seq = 0;
const membership = (number: number, edge: 'entered' | 'left', days: number, segment = 'loyal') => ({
  person: person(number),
  segment,
  seq: ++seq,
  edge,
  version: 1,
  at: at(days),
  received_at: at(days),
  cause: 'event',
  cause_id: `c-${seq}`,
});
const close = (number: number, cause: string, days: number) =>
  spellMark(cause, at(days), 'promotions', { person: person(number) });

/*
 *   person | delivered (segment country:DE) | loyal           | close | in loyal          | while in loyal
 *   1      | 0 (DE)                         | from -5         | 4     | 0 → 4 opt-out     | the same
 *   2      | 0                              | from 3          | 6     | enters at 3, → 6  | the same
 *   3      | 0, 5 (DE)                      | 2 to 5          | 8     | enters at 2, → 8  | 2 to 5, censored
 *   4      | 0 (DE), 7                      | 1 to 2, from 4  |       | enters at 1, → 10 | 1 to 2 and 4 to 10, censored
 *   5      | 0                              | from 9          | 9     | none: entered as it ended
 *   6      | 0                              | -5 to -1        |       | none: had left before
 *   7      | 0                              |                 | 3     | none
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const german = { segments: ['country:DE', 'plan:free'] };
  await database.insert('events', [
    delivery(at(0), german),
    delivery(at(0), { person: person(2) }),
    delivery(at(0), { person: person(3) }),
    delivery(at(5), { person: person(3), ...german }),
    delivery(at(0), { person: person(4), ...german }),
    delivery(at(7), { person: person(4) }),
    delivery(at(0), { person: person(5) }),
    delivery(at(0), { person: person(6) }),
    delivery(at(0), { person: person(7) }),
  ]);
  await database.insert('spell_marks', [
    close(1, 'opt_out', 4),
    close(2, 'opt_out', 6),
    close(3, 'opt_out', 8),
    close(5, 'opt_out', 9),
    close(7, 'opt_out', 3),
  ]);
  await database.insert('memberships', [
    membership(1, 'entered', -5),
    membership(2, 'entered', 3),
    membership(3, 'entered', 2),
    membership(3, 'left', 5),
    membership(4, 'entered', 1),
    membership(4, 'left', 2),
    membership(4, 'entered', 4),
    membership(5, 'entered', 9),
    membership(6, 'entered', -5),
    membership(6, 'left', -1),
    membership(7, 'entered', -5, 'idle'),
  ]);
});
afterAll(() => database.close());

async function ask(segments: string[], change: Record<string, unknown> = {}) {
  const rows = await database.engine.query('analytics/retention_curve_in_segments', {
    streams: segments.map(() => 'promotions'),
    segments,
    while_in_segment: 0,
    ...coverOf('promotions'),
    as_of: new Date(at(10)),
    known_at: new Date(at(10)),
    step_ms: day,
    unit_ms: day,
    causes: [1],
    min_at_risk: 0,
    most: 1000,
    ...change,
  });
  return rows.map(({ curve, t, at_risk, events, censored }) => [curve, t, at_risk, events, censored]);
}

test('counts a spell from the moment its person is in the segment, and to its end', async () => {
  expect(await ask(['loyal'])).toEqual([
    // 3 and 4 have come by day 4, and 2: it entered on day 3
    [1, 4, 4, 1, 0],
    [1, 6, 3, 1, 0],
    [1, 8, 2, 1, 0],
    [1, 10, 1, 0, 1],
  ]);
});

test('while in the segment alone: leaving it censors, and coming back is a stretch of its own', async () => {
  expect(await ask(['loyal'], { while_in_segment: 1 })).toEqual([
    // 4, who entered at 1, leaves at 2 and comes back at 4: at risk after it
    [1, 2, 2, 0, 1],
    [1, 4, 3, 1, 0],
    [1, 5, 3, 0, 1],
    [1, 6, 2, 1, 0],
    [1, 10, 1, 0, 1],
  ]);
});

test('knows a built-in segment by what each delivery said', async () => {
  // 1 and 4 from the beginning, 3 from day 5; 4 is followed although the delivery of day 7 says no more.
  expect(await ask(['country:DE'])).toEqual([
    [1, 4, 2, 1, 0],
    [1, 8, 2, 1, 0],
    [1, 10, 1, 0, 1],
  ]);
  expect(await ask(['country:DE'], { while_in_segment: 1 })).toEqual([
    [1, 4, 2, 1, 0],
    [1, 7, 2, 0, 1],
    [1, 8, 1, 1, 0],
  ]);
});

test('compares segments, and everybody among them', async () => {
  const rows = await ask(['', 'idle', 'nobody']);
  expect(rows.filter(([curve]) => curve === 1).map(([, t, n]) => [t, n])).toEqual([
    [3, 7],
    [4, 6],
    [6, 5],
    [8, 4],
    [9, 3],
    [10, 2],
  ]);
  expect(rows.filter(([curve]) => curve === 2)).toEqual([[2, 3, 1, 1, 0]]);
  expect(rows.filter(([curve]) => curve === 3)).toEqual([]);
});

test('takes for members whom it was known to be', async () => {
  const then = { as_of: new Date(at(3.5)), known_at: new Date(at(3.5)) };
  // 1 from the beginning, 2 since day 3, 3 since day 2, 4 since day 1: all censored on day 3.5, the fourth begun.
  expect(await ask(['loyal'], then)).toEqual([[1, 4, 4, 0, 4]]);
  expect(await ask(['loyal'], { as_of: new Date(at(2.5)), known_at: new Date(at(2.5)) })).toEqual([
    [1, 3, 3, 0, 3],
  ]);
});
