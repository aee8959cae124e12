import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, ids, subject, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   person | first seen | identifiers
 *   1      | 09:00      | external 101, e-mail 50
 *   2      | 08:00      | external 102, e-mail 50
 *   3      | 07:00      | external 103, e-mail 50 given up for 51
 *   4      | 06:00      | external 104
 *   5      |            | e-mail 52, but no row of the person yet
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const link = (identifier: number, person: number, linked = true, version = 1) => ({
    identifier: uuid(identifier),
    person: uuid(person),
    kind: identifier > 100 ? 'external' : 'email',
    linked,
    version,
  });
  await database.insert('subjects', [
    subject(1, 1, { email_id: uuid(50), first_seen_at: at('09:00') }),
    subject(2, 1, { email_id: uuid(50) }),
    subject(3, 1, { email_id: uuid(50), first_seen_at: at('07:00') }),
    subject(4, 1, { first_seen_at: at('06:00') }),
  ]);
  await database.insert('subjects', [subject(3, 2, { email_id: uuid(51), first_seen_at: at('07:00') })]);
  await database.insert('identifiers', [
    ...[1, 2, 3, 4].map((person) => link(100 + person, person)),
    link(50, 1),
    link(50, 2),
    link(50, 3),
    link(51, 3, true, 2),
    link(52, 5),
  ]);
  await database.insert('identifiers', [link(50, 3, false, 2)]);
});
afterAll(() => database.close());

const ask = async (...identifiers: number[]) =>
  (await database.engine.query('subscribers/subjects_by_identifier', { ids: ids(...identifiers) })).map(
    ({ identifier, person }) => [Number(identifier.slice(-3)), Number(person.slice(-3))],
  );

test('answers everybody who has the address, the one seen first at the head', async () => {
  expect(await ask(50)).toEqual([
    [50, 2],
    [50, 1],
  ]);
});

test('an address that was given up leads to nobody, the new one to its person', async () => {
  expect(await ask(51)).toEqual([[51, 3]]);
});

test('one row for each pair of identifier and person', async () => {
  const rows = await ask(50, 102, 104, 999);
  expect(rows.map(([, person]) => person)).toEqual([4, 2, 2, 1]);
  expect(rows.map(([identifier]) => identifier).sort()).toEqual([102, 104, 50, 50]);
});

test('leaves out a person of whom there is no row', async () => {
  expect(await ask(52)).toEqual([]);
});

test('answers the newest version of the person', async () => {
  const [row] = await database.engine.query('subscribers/subjects_by_identifier', { ids: ids(103) });
  expect(row).toMatchObject({ version: 2, email_id: uuid(51), external_id: uuid(103), sealed: 'sealed 3.2' });
});
