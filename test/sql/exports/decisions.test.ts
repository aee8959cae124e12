import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { attributed, decision, person, spellMark } from '../analytics/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const november = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-12-01T00:00:00Z') };
const ask = (quote_formulas = false) =>
  database.engine.query('exports/decisions', { ...november, quote_formulas });

test('has no row where nothing was received', async () => {
  expect(await ask()).toEqual([]);
});

/*
 *   seq | person | received   | in it
 *   1   | 1      | November   | yes, attributed
 *   2   | 1      | November   | yes, and later found to belong to a delivery
 *   3   | 1      | December   | no: too late
 *   4   | 2      | November   | no: was erased
 *   5   | nobody | November   | yes, of no person
 *   6   | 9      | November   | no: there is no profile
 */
test('has each decision of the month, as it counts now, but of nobody who was erased', async () => {
  await database.insert(
    'subjects',
    [1, 2].map((number) => ({ person: person(number), version: 1 })),
  );
  const erasure = spellMark('erasure', '2026-11-20T00:00:00.000Z', '', { person: person(2) });
  await database.insert('spell_marks', [{ ...erasure, selector: '@' }]);
  const at = '2026-11-10T00:00:00.000Z';
  const late = decision(at, { seq: 2, unsolicited: true, kept_by_scoping: 3, reason: 'You write @ night!' });
  await database.insert('decisions', [
    decision(at, {
      ...{ seq: 1, ...attributed('2026-11-09T00:00:00.000Z'), campaign: '@sum', reason: 'too_many' },
      ...{ streams_stopped: ['promotions'], streams_kept: ['news'], kept_by_scoping: 1, facts: '{"x":1}' },
    }),
    late,
    decision('2026-12-01T00:00:00.000Z', { seq: 3 }),
    decision(at, { seq: 4, person: person(2) }),
    decision(at, { seq: 5, person: '00000000-0000-0000-0000-000000000000' }),
    decision(at, { seq: 6, person: person(9) }),
  ]);
  const counted = {
    ...{ person: person(1), decision: late.id, received_at: at, order_at: at, version: 7 },
  };
  await database.insert('recounts', [
    { ...counted, sign: -1, unsolicited: true, kept_by_scoping: 3 },
    {
      ...{ ...counted, sign: 1, unsolicited: false, kept_by_scoping: 2, attributed_delivery: 'd-9' },
      ...{ attributed_stream: 'news', attributed_at: '2026-11-09T12:00:00.000Z' },
    },
  ]);
  const rows = (await ask()).sort((one, other) => one.seq - other.seq);
  expect(rows.map(({ seq, person: whose }) => [seq, whose])).toEqual([
    [1, person(1)],
    [2, person(1)],
    [5, ''],
  ]);
  expect(rows[0]).toMatchObject({
    ...{ attributed_delivery: 'd', attributed_at: '2026-11-09T00:00:00.000Z', campaign: '@sum' },
    ...{ streams_stopped: ['promotions'], streams_kept: ['news'], kept_by_scoping: 1, reason: 'too_many' },
    ...{ unsolicited: false, voids: '' },
  });
  expect(rows[1]).toMatchObject({
    ...{ attributed_delivery: 'd-9', attributed_at: '2026-11-09T12:00:00.000Z', attributed_stream: 'news' },
    ...{ unsolicited: false, kept_by_scoping: 2, reason: 'other' },
  });
  expect(rows[2]).toMatchObject({ attributed_delivery: '', attributed_at: null });
  for (const personal of ['facts', 'trace', 'statements', 'identifier'])
    expect(Object.keys(rows[0] ?? {})).not.toContain(personal);
  expect((await ask(true)).find(({ seq }) => seq === 1)?.campaign).toBe("'@sum");
});
