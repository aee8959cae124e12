import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   row | deadline | versions
 *   1   | 14:00    | open
 *   2   | 12:00    | open
 *   3   | 11:00    | open, then replayed
 *   4   | 12:00    | open
 *   5   | 10:00    | open, then dismissed
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const row = (number: number, deadline: string, version = 1, state = 'open') => ({
    id: uuid(number),
    version,
    received_at: at('09:00'),
    deadline_at: at(deadline),
    door: 'events',
    code: 'unidentified',
    detail: 'subscriber: nobody',
    field: 'subscriber',
    sealed: 'k.secret',
    state,
  });
  await database.insert('quarantine', [
    row(1, '14:00'),
    row(2, '12:00'),
    row(3, '11:00'),
    row(4, '12:00'),
    row(5, '10:00'),
  ]);
  await database.insert('quarantine', [row(3, '11:00', 2, 'replayed'), row(5, '10:00', 2, 'dismissed')]);
});
afterAll(() => database.close());

test('lists what waits, the nearest deadline first, and nothing of what the rows held', async () => {
  const rows = await database.engine.query('events/quarantine_open', { limit: 10 });
  expect(rows.map(({ id }) => id)).toEqual([uuid(2), uuid(4), uuid(1)]);
  expect(rows[0]).toEqual({
    id: uuid(2),
    received_at: at('09:00'),
    deadline_at: at('12:00'),
    door: 'events',
    code: 'unidentified',
    detail: 'subscriber: nobody',
    field: 'subscriber',
  });
});

test('holds at most the limit', async () => {
  expect(await database.engine.query('events/quarantine_open', { limit: 2 })).toHaveLength(2);
});
