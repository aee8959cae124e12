import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { delivery, person, spellMark, takenBack } from '../analytics/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const november = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-12-01T00:00:00Z') };
const ask = (quote_formulas = false) =>
  database.engine.query('exports/events', { ...november, quote_formulas });

test('has no row where nothing was received', async () => {
  expect(await ask()).toEqual([]);
});

/*
 *   event | person | received            | in it
 *   a     | 1      | November 1st 00:00  | yes
 *   b     | 1      | December 1st 00:00  | no: too late
 *   c     | 1      | November, of October| yes: the receipt counts
 *   d     | 2      | November            | no: was erased
 *   e     | 3      | November            | yes: the erasure was taken back
 *   f     | 9      | November            | no: there is no profile
 */
test('has what was received in the month, but of nobody who was erased', async () => {
  const erasure = (number: number) =>
    spellMark('erasure', '2026-11-20T00:00:00.000Z', '', { person: person(number), selector: '@' });
  const undone = erasure(3);
  await database.insert(
    'subjects',
    [1, 2, 3].map((number) => ({ person: person(number), version: 1 })),
  );
  await database.insert('spell_marks', [
    erasure(2),
    undone,
    takenBack(undone.decision, '2026-11-20T00:05:00.000Z'),
  ]);
  const event = (id: string, number: number, received: string, change = {}) =>
    delivery(received, { id, person: person(number), ...change });
  await database.insert('events', [
    event('a', 1, '2026-11-01T00:00:00.000Z', {
      ...{ campaign: '=1+1', segments: ['plan:free'], flags: ['machine'], metadata: '{"user_agent":"x"}' },
    }),
    event('b', 1, '2026-12-01T00:00:00.000Z'),
    event('c', 1, '2026-11-20T00:00:00.000Z', { occurred_at: '2026-10-20T00:00:00.000Z' }),
    event('d', 2, '2026-11-02T00:00:00.000Z'),
    event('e', 3, '2026-11-02T00:00:00.000Z'),
    event('f', 9, '2026-11-02T00:00:00.000Z'),
  ]);
  const rows = await ask();
  expect(rows.map(({ id }) => id).sort()).toEqual(['a', 'c', 'e']);
  const first = rows.find(({ id }) => id === 'a');
  expect(first).toMatchObject({
    ...{ type: 'delivered', person: person(1), stream: 'promotions', campaign: '=1+1' },
    ...{ segments: ['plan:free'], flags: ['machine'], received_at: '2026-11-01T00:00:00.000Z' },
  });
  expect(Object.keys(first ?? {})).not.toContain('metadata');
  const quoted = await ask(true);
  expect(quoted.find(({ id }) => id === 'a')).toMatchObject({ campaign: "'=1+1", person: person(1) });
});
