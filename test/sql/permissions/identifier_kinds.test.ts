import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { ids, uuid } from './rows.js';

let database: TestDatabase;

/*
 *   identifier | person | kind  | linked
 *   50         | 1      | email | yes
 *   50         | 2      | email | yes
 *   51         | 1      | phone | yes, then given up
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const link = (identifier: number, person: number, kind: string, linked: boolean, version: number) => ({
    identifier: uuid(identifier),
    person: uuid(person),
    kind,
    linked,
    version,
  });
  await database.insert('identifiers', [
    link(50, 1, 'email', true, 1),
    link(50, 2, 'email', true, 1),
    link(51, 1, 'phone', true, 1),
  ]);
  await database.insert('identifiers', [link(51, 1, 'phone', false, 2)]);
});
afterAll(() => database.close());

test('says what each identifier is, once, also when its person gave it up', async () => {
  const rows = await database.engine.query('permissions/identifier_kinds', { ids: ids(50, 51, 52) });
  expect(new Map(rows.map(({ identifier, kind }) => [identifier, kind]))).toEqual(
    new Map([
      [uuid(50), 'email'],
      [uuid(51), 'phone'],
    ]),
  );
  expect(rows).toHaveLength(2);
});

test('answers nothing for no ids, and for what is no id', async () => {
  expect(await database.engine.query('permissions/identifier_kinds', { ids: '' })).toEqual([]);
  expect(await database.engine.query('permissions/identifier_kinds', { ids: 'x\ny' })).toEqual([]);
});
