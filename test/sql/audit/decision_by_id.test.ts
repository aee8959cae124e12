import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision, line, none, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   decision | what
 *   1        | opt-out of address 50, taken back by 2
 *   2        | void of 1, written about address 50
 *   3        | opt-out of address 50
 *   4        | void of 3, but written about another person's address 51: not a word about 3
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const about = { identifier: uuid(50) };
  const voiding = (number: number, voids: number, change = {}) =>
    line(number, { effect: 'void', selector: '*', voids: uuid(voids), ...change });
  await database.insert('decisions', [
    decision(1, {
      ...about,
      statements: [line(1)],
      floor: '[{"row":1}]',
      facts: '{"person":"x"}',
      trace: '[]',
      effective: ['channel=email'],
      attributed_message: 'm-1',
      attributed_at: at('10:00'),
      segments: ['plan:free'],
    }),
    decision(2, { ...about, type: 'undone', voids: uuid(1001), statements: [voiding(2, 1001)] }),
    decision(3, { ...about, statements: [line(3)] }),
    decision(4, {
      person: uuid(2),
      identifier: uuid(51),
      statements: [voiding(4, 1003, { subject: uuid(51) })],
    }),
  ]);
});
afterAll(() => database.close());

const ask = (id: number) => database.engine.query('audit/decision_by_id', { id: uuid(id) });

test('tells all that the decision knew and did', async () => {
  expect(await ask(1001)).toMatchObject([
    {
      id: uuid(1001),
      type: 'opted_out',
      person: uuid(1),
      identifier: uuid(50),
      floor: '[{"row":1}]',
      facts: '{"person":"x"}',
      effective: ['channel=email'],
      attributed_message: 'm-1',
      attributed_at: at('10:00'),
      segments: ['plan:free'],
    },
  ]);
});

test('says that it was taken back only when that was written about the same person or address', async () => {
  expect(await ask(1001)).toMatchObject([{ voided: 1 }]);
  expect(await ask(1002)).toMatchObject([{ voided: 0 }]);
  expect(await ask(1003)).toMatchObject([{ voided: 0 }]);
});

test('answers nothing for an id that is not there', async () => {
  expect(await ask(9)).toEqual([]);
  expect(await database.engine.query('audit/decision_by_id', { id: none })).toEqual([]);
});
