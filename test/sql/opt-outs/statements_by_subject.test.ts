import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, decision, ids, line, none, uuid } from '../permissions/rows.js';

let database: TestDatabase;

/*
 *   line | subject | order_at | written by decision
 *   1    | 50      | 12:00    | 1
 *   2    | 50      | 10:00    | 2
 *   3    | 1       | 12:00    | 2
 *   4    | 51      | 12:00    | 2   (not asked about)
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('decisions', [decision(1, { statements: [line(1)] })]);
  await database.insert('decisions', [
    decision(2, {
      statements: [
        line(2, { order_at: at('10:00'), effect: 'cap', cap_n: 2, cap_per: 'week', expires_at: at('23:00') }),
        line(3, { subject: uuid(1), binds: 'person', effect: 'void', voids: uuid(1001), strength: 'strong' }),
        line(4, { subject: uuid(51) }),
      ],
    }),
  ]);
});
afterAll(() => database.close());

test('answers the ledger of these subjects, oldest first, as the decisions wrote it', async () => {
  const rows = await database.engine.query('opt-outs/statements_by_subject', { ids: ids(50, 1) });
  expect(rows.map(({ id }) => id)).toEqual([2, 1, 3].map((number) => uuid(2000 + number)));
  expect(rows[0]).toEqual({
    subject: uuid(50),
    order_at: at('10:00'),
    id: uuid(2002),
    binds: 'identifier',
    person: uuid(1),
    selector: 'channel=email',
    effect: 'cap',
    tolerance: 0,
    strength: 'plain',
    counts: false,
    explicit: false,
    expires_at: at('23:00'),
    basis: 'request',
    evidence: '',
    decision: uuid(1002),
    voids: none,
    cap_n: 2,
    cap_per: 'week',
  });
  expect(rows[2]).toMatchObject({ effect: 'void', voids: uuid(1001), strength: 'strong', cap_n: null });
});

test('takes more subjects than a list of values could hold', async () => {
  const many = ids(...Array.from({ length: 70_000 }, (_, index) => index + 1));
  expect(await database.engine.query('opt-outs/statements_by_subject', { ids: many })).toHaveLength(4);
});
