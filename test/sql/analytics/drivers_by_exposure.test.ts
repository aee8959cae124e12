import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { attributed, decision, delivery, person } from './rows.js';

/*
 * Window [11 Nov 00:00, 13 Nov 00:00).
 *
 *   person | delivered, campaign                                  | opted out
 *   1      | 5 Nov a (before the window), 11 Nov a, 12 Nov b       | 12 Nov, of b: a third each
 *   2      | 11 Nov b                                              |
 *   3      | 1 Nov a (more than 7 days before), 11 Nov 10:00 a     |
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const tier = { segments: ['engagement:active'] };
  await database.insert('events', [
    delivery('2026-11-05T12:00:00.000Z', { ...tier, campaign: 'a' }),
    delivery('2026-11-11T00:00:00.000Z', { ...tier, campaign: 'a' }),
    delivery('2026-11-12T00:00:00.000Z', { ...tier, campaign: 'b', id: 'the last' }),
    delivery('2026-11-11T00:00:00.000Z', { ...tier, campaign: 'b', person: person(2) }),
    delivery('2026-11-01T00:00:00.000Z', { ...tier, campaign: 'a', person: person(3) }),
    delivery('2026-11-11T10:00:00.000Z', { ...tier, campaign: 'a', person: person(3) }),
  ]);
  await database.insert('decisions', [
    decision('2026-11-12T06:00:00.000Z', {
      ...attributed('2026-11-12T00:00:00.000Z', { attributed_segments: tier.segments }),
      attributed_delivery: 'the last',
    }),
  ]);
});
afterAll(() => database.close());

test('shares an opt-out among what was sent in the seven days before, and bands people by how much that was', async () => {
  const rows = await database.engine.query('analytics/drivers_by_exposure', {
    from: new Date('2026-11-11T00:00:00Z'),
    to: new Date('2026-11-13T00:00:00Z'),
  });
  const of = (view: string, dimension: string) =>
    rows
      .filter((row) => row.view === view && row.dimension === dimension)
      .map((row) => [row.key, row.delivered, row.opt_outs, row.compared]);
  expect(of('dose', 'campaign')).toEqual([
    ['a', 2, 1 / 3, 2],
    ['b', 2, 1 / 3, 2],
  ]);
  expect(of('dose', 'channel')).toEqual([['email', 4, expect.closeTo(2 / 3, 12), 0]]);
  // Two in seven days: 5 and 11 Nov; then three with the 12th. 1 Nov is too long ago.
  expect(of('last_touch', 'frequency')).toEqual([
    ['1', 2, 0, 2],
    ['2-3', 2, 1, 2],
  ]);
});
