import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   row | versions
 *   1   | open, then replayed
 *   2   | open
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const row = (number: number, version: number, state: string) => ({
    id: uuid(number),
    version,
    received_at: at('09:00'),
    deadline_at: at('12:00'),
    door: 'opt-outs',
    code: 'unidentified',
    detail: 'nobody',
    field: 'subscriber',
    sealed: `k.${number}`,
    state,
  });
  await database.insert('quarantine', [row(1, 1, 'open'), row(2, 1, 'open')]);
  await database.insert('quarantine', [row(1, 2, 'replayed')]);
});
afterAll(() => database.close());

test('answers the newest version of the row with what it held, sealed', async () => {
  expect(await database.engine.query('events/quarantine_by_id', { id: uuid(1) })).toEqual([
    {
      id: uuid(1),
      received_at: at('09:00'),
      deadline_at: at('12:00'),
      door: 'opt-outs',
      code: 'unidentified',
      detail: 'nobody',
      field: 'subscriber',
      sealed: 'k.1',
      state: 'replayed',
    },
  ]);
  expect(await database.engine.query('events/quarantine_by_id', { id: uuid(2) })).toMatchObject([
    { state: 'open' },
  ]);
});

test('answers nothing for an id that is not there', async () => {
  expect(await database.engine.query('events/quarantine_by_id', { id: uuid(9) })).toEqual([]);
});
