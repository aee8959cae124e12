import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision, uuid } from '../permissions/rows.js';
import { dead, receipt, target, waiting } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const ask = () => database.engine.query('targets/waiting_by_target', {});

/** Runs first: nothing has been stored yet. */
test('answers nothing where there are no targets, whatever was decided', async () => {
  expect(await ask()).toEqual([]);
  await database.insert(
    'decisions',
    [10, 20, 30, 40, 50].map((seq) => decision(seq, { received_at: at(`12:${seq}`) })),
  );
  expect(await ask()).toEqual([]);
});

/*
 *   target | since | cursor | settled beyond it       | waits
 *   1      | 0     | 20     | 40 acknowledged         | 30 (a receipt says so), 50
 *   2      | 30    |        | 50 dead                 | 40
 *   3      | 0     | 50     |                         |
 *   4      | 0     |        | (disabled)              | all five
 *   5      | 0     |        | (deleted)               |
 */
test('counts what is neither acknowledged nor dead beyond the cursor, and tells the oldest', async () => {
  await database.insert('targets', [
    target(1),
    target(2, { since: 30 }),
    target(3),
    target(4, { enabled: false }),
    target(5, { enabled: false, deleted: true }),
  ]);
  await database.insert('target_cursors', [
    { target: uuid(101), version: 1, seq: 20 },
    { target: uuid(103), version: 1, seq: 50 },
  ]);
  await database.insert('receipts', [receipt(1, 30, waiting), receipt(1, 40, waiting), receipt(2, 50, dead)]);
  await database.insert('receipts', [receipt(1, 40, { version: 2 })]);
  expect(await ask()).toEqual([
    { target: uuid(101), waiting: 2, oldest_waiting_at: at('12:30') },
    { target: uuid(102), waiting: 1, oldest_waiting_at: at('12:40') },
    { target: uuid(104), waiting: 5, oldest_waiting_at: at('12:10') },
  ]);
});
