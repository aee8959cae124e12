import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { delivery, person } from '../analytics/rows.js';
import { cover, mark } from './rows.js';

/* Person 1 leaves on 5 and 15 Nov and comes back in between; 2 bounces on 12 Nov, known on 14 Nov; 3 stays. */
let database: TestDatabase;
const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T00:00:00.000Z`;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert(
    'events',
    [1, 2, 3].map((who) => delivery(day(1), { person: person(who) })),
  );
  await database.insert('spell_marks', [
    mark(day(5), 1),
    mark(day(8), 0),
    mark(day(15), 2),
    mark(day(12), 3, { person: person(2), subject: person(2), received_at: day(14) }),
  ]);
});
afterAll(() => database.close());

const asked = (from: number, asOf: number, knownAt: number) =>
  database.engine.query('churn/endings', {
    ...cover,
    ...{ from: new Date(day(from)), as_of: new Date(day(asOf)), known_at: new Date(day(knownAt)) },
  });

test('tells each subscription that ended, since when it was open, and why', async () => {
  expect(await asked(1, 20, 20)).toEqual([
    { person: person(1), stream: 'promotions', began_at: day(1), ended_at: day(5), cause: 1 },
    { person: person(1), stream: 'promotions', began_at: day(8), ended_at: day(15), cause: 2 },
    { person: person(2), stream: 'promotions', began_at: day(1), ended_at: day(12), cause: 3 },
  ]);
});

test('by what had happened and was known, from an instant on', async () => {
  expect((await asked(1, 13, 13)).map(({ ended_at }) => ended_at)).toEqual([day(5)]);
  expect((await asked(10, 20, 20)).map(({ ended_at }) => ended_at)).toEqual([day(15), day(12)]);
});
