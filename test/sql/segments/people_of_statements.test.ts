import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision, line, subject, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   statement about        | received | lapses | asked: after 10:00, up to 11:00
 *   address 50, of 1 and 2 | 10:30    |        | 1, 2; and 3 gave the address up
 *   person 4               | 11:00    |        | 4
 *   person 5               | 10:00    |        |
 *   person 6               | 08:00    | 10:30  | 6
 *   person 7               | 08:00    | 11:30  |
 *   address 51, of nobody  | 10:30    |        |
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert(
    'subjects',
    [1, 2, 3, 4, 5, 6, 7].map((number) => subject(number, 1)),
  );
  const link = (person: number, version: number, linked = true) => ({
    identifier: uuid(50),
    person: uuid(person),
    kind: 'email',
    linked,
    version,
  });
  await database.insert('identifiers', [link(1, 1), link(2, 1), link(3, 1)]);
  await database.insert('identifiers', [link(3, 2, false)]);
  const said = (seq: number, time: string, statement: Record<string, unknown>) =>
    decision(seq, { received_at: at(time), statements: [line(seq, statement)] });
  const person = (number: number) => ({ subject: uuid(number), binds: 'person' });
  await database.insert('decisions', [
    said(1, '10:30', {}),
    said(2, '11:00', person(4)),
    said(3, '10:00', person(5)),
    said(4, '08:00', { ...person(6), expires_at: at('10:30') }),
    said(5, '08:00', { ...person(7), expires_at: at('11:30') }),
    said(6, '10:30', { subject: uuid(51) }),
  ]);
});
afterAll(() => database.close());

test('finds whose statements arrived or lapsed, and all who have the address', async () => {
  const window = { from: new Date(at('10:00')), to: new Date(at('11:00')) };
  const rows = await database.engine.query('segments/people_of_statements', window);
  expect(rows.map(({ person }) => person)).toEqual([uuid(1), uuid(2), uuid(4), uuid(6)]);
});
