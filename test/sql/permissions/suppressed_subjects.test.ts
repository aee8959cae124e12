import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, line, none, uuid } from './rows.js';

let database: TestDatabase;

/*
 *   subject | effects in the ledger
 *   1       | opt_in, cap
 *   2       | opt_out, opt_out
 *   3       | pause
 *   4       | hold
 *   5       | void
 *   6       | opt_out, void: whether it stands is asked elsewhere
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const effects: [number, string][] = [
    [6, 'opt_out'],
    [2, 'opt_out'],
    [1, 'opt_in'],
    [4, 'hold'],
    [1, 'cap'],
    [3, 'pause'],
    [2, 'opt_out'],
    [5, 'void'],
    [6, 'void'],
  ];
  for (const [index, [subject, effect]] of effects.entries()) {
    await database.insert('decisions', [
      decision(index, { statements: [line(index, { subject: uuid(subject), effect })] }),
    ]);
  }
});
afterAll(() => database.close());

const ask = async (after: string, limit: number) =>
  (await database.engine.query('permissions/suppressed_subjects', { after, limit })).map(
    (row) => row.subject,
  );

test('names each subject once that an opt-out, a pause or a hold was ever written about', async () => {
  expect(await ask(none, 10)).toEqual([2, 3, 4, 6].map(uuid));
});

test('goes on after the last subject, so that pages make up the whole', async () => {
  expect(await ask(none, 2)).toEqual([uuid(2), uuid(3)]);
  expect(await ask(uuid(3), 2)).toEqual([uuid(4), uuid(6)]);
  expect(await ask(uuid(6), 2)).toEqual([]);
});

test('follows one order for random ids too, which is not the order of their text', async () => {
  const random = ['f0000000-0000-4000-8000-000000000001', '0f000000-0000-4000-b000-000000000002'];
  await database.insert('decisions', [
    decision(90, { statements: random.map((subject, index) => line(90 + index, { subject })) }),
  ]);
  const whole = await ask(none, 10);
  const paged: string[] = [];
  for (let page = await ask(none, 1); page.length > 0; page = await ask(page[0] ?? none, 1))
    paged.push(...page);
  expect(paged).toEqual(whole);
  expect(new Set(whole)).toEqual(new Set([...[2, 3, 4, 6].map(uuid), ...random]));
});
