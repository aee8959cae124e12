import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtInSegments } from '../../../backend/src/segments/built-in.js';
import type { AttributeValue, Subject } from '../../../backend/src/subscribers/subject.js';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { delivery, person } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const day = 86_400_000;
const now = Date.parse('2026-11-20T12:00:00.000Z');
const iso = (ms: number) => new Date(ms).toISOString();

async function sizes(): Promise<Record<string, number>> {
  const rows = await database.engine.query('analytics/segment_sizes', { at: new Date(now) });
  return Object.fromEntries(rows.map((row) => [row.segment, row.size]));
}

const subject = (
  number: number,
  firstSeenAt: number,
  jurisdiction: string,
  attributes: object,
  version = 1,
) => ({
  person: person(number),
  version,
  jurisdiction,
  attributes: JSON.stringify(attributes),
  first_seen_at: iso(firstSeenAt),
});

/*
 *   person | attributes            | jurisdiction | first seen | opened         | segments
 *   1      | plan free             | DE           | 90 d ago   | 29 d ago       | DE, free, active
 *   2      | country AT, plan free | DE           | 90 d ago   | 31 d ago       | AT, free, lapsing
 *   3      |                       | US-CA        | 90 d ago   | 91 d ago       | US, dormant
 *   4      | plan pro              |              | 13 d ago   | never          | pro, new
 *   5      | plan 7 (no text)      |              | 15 d ago   | by machine     | dormant
 *   6      | version 2: plan pro   |              | 90 d ago   | clicked 1 d ago| pro, active
 */
test('counts the newest version of each person in each segment', async () => {
  await database.insert('subjects', [
    subject(1, now - 90 * day, 'DE', { plan: 'free' }),
    subject(2, now - 90 * day, 'DE', { country: 'AT', plan: 'free' }),
    subject(3, now - 90 * day, 'US-CA', {}),
    subject(4, now - 13 * day, '', { plan: 'pro' }),
    subject(5, now - 15 * day, '', { plan: 7 }),
    subject(6, now - 90 * day, 'FR', { plan: 'free' }),
  ]);
  await database.insert('subjects', [subject(6, now - 90 * day, '', { plan: 'pro' }, 2)]);
  const opened = (number: number, at: number, change = {}) =>
    delivery(iso(at), { person: person(number), type: 'opened', flags: [], ...change });
  await database.insert('events', [
    opened(1, now - 29 * day),
    opened(1, now - 60 * day),
    opened(2, now - 31 * day),
    opened(3, now - 91 * day),
    opened(5, now - day, { flags: ['machine'] }),
  ]);
  await database.insert('events', [opened(1, now - 80 * day), opened(6, now - day, { type: 'clicked' })]);
  expect(await sizes()).toEqual({
    'country:AT': 1,
    'country:DE': 1,
    'country:US': 1,
    'engagement:active': 2,
    'engagement:dormant': 2,
    'engagement:lapsing': 1,
    'engagement:new': 1,
    'plan:free': 2,
    'plan:pro': 2,
  });
});

// Whatever JSON can hold: quotes, controls, a name that stands inside a text, values that are no text.
const value = fc.oneof(
  fc.constantFrom<AttributeValue>(
    'DE',
    'free',
    '',
    'null',
    '"country":',
    "it's\n\\",
    'Österreich',
    0,
    1.5,
    true,
    false,
  ),
  fc.string({ maxLength: 6 }),
);
const attributes = fc
  .dictionary(fc.constantFrom('country', 'plan', 'Country', 'note'), value)
  .map((record) => ({ ...record }));
/** Around every edge of the tiers, and never. */
const instant = fc.oneof(
  fc.constant(0),
  fc
    .tuple(fc.constantFrom(0, 14, 30, 90), fc.integer({ min: -2, max: 2 }))
    .map(([days, ms]) => now - days * day + ms),
);
const someone = fc.record({
  attributes,
  jurisdiction: fc.constantFrom('', 'DE', 'US-CA'),
  firstSeenAt: instant.map((at) => Math.max(at, 1)),
  opened: instant,
  clicked: instant,
});

test('agrees with the segments that decisions and deliveries are given', async () => {
  await database.engine.command('TRUNCATE TABLE subjects');
  await database.engine.command('TRUNCATE TABLE engagement');
  const people = fc.sample(someone, { numRuns: 5000, seed: 20261120 });
  await database.insert(
    'subjects',
    people.map((one, index) => subject(index, one.firstSeenAt, one.jurisdiction, one.attributes)),
  );
  await database.insert(
    'engagement',
    // Nobody engaged: no row, as for people who were only imported.
    people.flatMap((one, index) =>
      one.opened === 0 && one.clicked === 0
        ? []
        : [{ person: person(index), last_opened_at: iso(one.opened), last_clicked_at: iso(one.clicked) }],
    ),
  );
  const expected: Record<string, number> = {};
  for (const { attributes, jurisdiction, firstSeenAt, opened, clicked } of people) {
    const who = { attributes, jurisdiction, firstSeenAt } as Subject;
    const engagement = { lastDeliveredAt: 0, lastOpenedAt: opened, lastClickedAt: clicked };
    for (const segment of builtInSegments(who, engagement, now)) {
      expected[segment] = (expected[segment] ?? 0) + 1;
    }
  }
  expect(await sizes()).toEqual(expected);
});
