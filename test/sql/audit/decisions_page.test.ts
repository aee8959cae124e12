import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   seq | received
 *   10  | 12:00
 *   20  | 09:00, loaded late
 *   30  | 12:00
 *   40  | 11:00
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('decisions', [
    decision(10),
    decision(20, { received_at: at('09:00') }),
    decision(30, { reason: 'too_many', segments: ['plan:free'], kept_by_scoping: 2 }),
    decision(40, { received_at: at('11:00') }),
  ]);
});
afterAll(() => database.close());

const ask = (after: number, limit: number) => database.engine.query('audit/decisions_page', { after, limit });
const seqs = async (after: number, limit: number) => (await ask(after, limit)).map(({ seq }) => seq);

test('lists the decisions received last, newest first, whatever order they were loaded in', async () => {
  expect(await seqs(0, 10)).toEqual([30, 10, 40, 20]);
  expect(await seqs(0, 2)).toEqual([30, 10]);
});

test('leaves out what was committed up to the cursor', async () => {
  expect(await seqs(10, 10)).toEqual([30, 40, 20]);
  expect(await seqs(40, 10)).toEqual([]);
});

test('tells the highest number there is, whether or not its row is on the page', async () => {
  expect(new Set((await ask(0, 2)).map(({ last_seq }) => last_seq))).toEqual(new Set([40]));
  expect((await ask(0, 1))[0]).toMatchObject({
    reason: 'too_many',
    segments: ['plan:free'],
    kept_by_scoping: 2,
  });
});
