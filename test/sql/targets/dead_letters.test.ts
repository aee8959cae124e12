import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';
import { dead, micro, receipt, waiting } from './rows.js';

let database: TestDatabase;

/*
 *   target | seq | versions
 *   1      | 10  | dead
 *   1      | 20  | dead, then acknowledged
 *   1      | 30  | waiting, then dead at 12:30
 *   1      | 40  | waiting
 *   1      | 50  | dead
 *   2      | 60  | dead
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('receipts', [
    receipt(1, 10, dead),
    receipt(1, 20, dead),
    receipt(1, 30, waiting),
    receipt(1, 40, waiting),
    receipt(1, 50, dead),
    receipt(2, 60, dead),
  ]);
  await database.insert('receipts', [
    receipt(1, 20, { version: 2 }),
    receipt(1, 30, { ...dead, version: micro(at('12:30')), attempts: 4 }),
  ]);
});
afterAll(() => database.close());

const letters = (after: number, limit: number) =>
  database.engine.query('targets/dead_letters', { target: uuid(101), after, limit });

test('answers what is dead still, the oldest first', async () => {
  const rows = await letters(0, 10);
  expect(rows.map(({ seq }) => seq)).toEqual([10, 30, 50]);
  expect(rows[1]).toEqual({
    seq: 30,
    decision: uuid(1030),
    attempts: 4,
    first_sent_at: at('12:01'),
    received_at: at('12:00'),
    decided_at: at('12:00'),
    status: 422,
    detail: 'answered 422',
    died_at: at('12:30'),
  });
});

test('begins after a place and holds at most the limit', async () => {
  expect((await letters(10, 1)).map(({ seq }) => seq)).toEqual([30]);
  expect(await letters(50, 10)).toEqual([]);
});
