import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision, line, uuid } from './rows.js';

let database: TestDatabase;

/*
 *   seq | written in | lines
 *   10  | first      | an opt-out of address 50, a pause until 18:00
 *   20  | second     |
 *   30  | first      |
 *   40  | second     |
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const pause = { effect: 'pause', expires_at: at('18:00'), subject: uuid(1), binds: 'person' };
  const effective = ['channel=email'];
  await database.insert('decisions', [
    decision(30),
    decision(10, {
      effective,
      streams_stopped: ['a'],
      streams_kept: ['b'],
      statements: [line(1), line(2, pause)],
    }),
  ]);
  await database.insert('decisions', [decision(40), decision(20)]);
});
afterAll(() => database.close());

const seqs = async (since: number, limit: number, until = 40) =>
  (await database.engine.query('permissions/changes_between', { since, until, limit })).map(({ seq }) => seq);

test('answers in the order of the sequence number, whatever order they were written in', async () => {
  expect(await seqs(0, 10)).toEqual([10, 20, 30, 40]);
});

test('begins after the cursor, whether or not a decision has that number', async () => {
  expect(await seqs(20, 10)).toEqual([30, 40]);
  expect(await seqs(25, 10)).toEqual([30, 40]);
  expect(await seqs(40, 10)).toEqual([]);
});

test('ends with the last number asked for', async () => {
  expect(await seqs(0, 10, 30)).toEqual([10, 20, 30]);
  expect(await seqs(10, 10, 29)).toEqual([20]);
});

test('holds at most the limit, the oldest first', async () => {
  expect(await seqs(0, 3)).toEqual([10, 20, 30]);
});

test('tells the lines that a decision wrote', async () => {
  const [row] = await database.engine.query('permissions/changes_between', { since: 0, until: 40, limit: 1 });
  expect(row).toMatchObject({
    id: uuid(1010),
    person: uuid(1),
    effective: ['channel=email'],
    streams_stopped: ['a'],
    streams_kept: ['b'],
    received_at: at('12:00'),
    statements: [
      { id: uuid(2001), subject: uuid(50), binds: 'identifier', effect: 'opt_out', expires_at: null },
      { id: uuid(2002), subject: uuid(1), binds: 'person', effect: 'pause', expires_at: at('18:00') },
    ],
  });
});
