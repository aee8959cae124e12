import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { edge } from './rows.js';

let database: TestDatabase;

/*
 *   day before          | 11 November 2026
 *   23:59 entered twice | 00:00 entered, 00:59 left, 01:00 left | next day 00:00 entered (outside)
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('memberships', [
    edge(1, 1, { at: '2026-11-10T23:59:59.999Z' }),
    edge(2, 2, { at: '2026-11-10T23:00:00.000Z' }),
    edge(3, 3, { at: '2026-11-11T00:00:00.000Z' }),
    edge(4, 1, { at: '2026-11-11T00:59:59.999Z', edge: 'left' }),
    edge(5, 2, { at: '2026-11-11T01:00:00.000Z', edge: 'left' }),
    edge(6, 1, { at: '2026-11-12T00:00:00.000Z' }),
    edge(7, 1, { at: '2026-11-11T00:00:00.000Z', segment: 'fans' }),
  ]);
});
afterAll(() => database.close());

const flows = (interval: 'hour' | 'day') =>
  database.engine.query('segments/flows', {
    segment: 'vips',
    interval,
    from: new Date('2026-11-11T00:00:00Z'),
    to: new Date('2026-11-12T00:00:00Z'),
  });

test('counts by hour, and all before the window in one', async () => {
  expect(await flows('hour')).toEqual([
    { bucket: '2026-11-11T00:00:00Z', entered: 1, left: 1 },
    { bucket: '2026-11-11T01:00:00Z', entered: 0, left: 1 },
    { bucket: null, entered: 2, left: 0 },
  ]);
});

test('counts by day', async () => {
  expect(await flows('day')).toEqual([
    { bucket: '2026-11-11T00:00:00Z', entered: 1, left: 2 },
    { bucket: null, entered: 2, left: 0 },
  ]);
});
