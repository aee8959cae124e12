import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';
import { edge } from './rows.js';

let database: TestDatabase;

/*
 *   person | vips                      | fans
 *   1      | entered 10:00, left 12:00 | entered 11:00
 *   2      | entered 11:30             |
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('memberships', [
    edge(1, 1),
    edge(2, 1, { segment: 'fans', at: at('11:00') }),
    edge(3, 1, { edge: 'left', at: at('12:00') }),
    edge(4, 2, { at: at('11:30') }),
  ]);
});
afterAll(() => database.close());

test('tells in what each was at the instant of the question, the instant of an edge included', async () => {
  const questions = [
    [0, 1, '09:59'],
    [1, 1, '10:00'],
    [2, 1, '11:59'],
    [3, 1, '12:00'],
    [4, 2, '11:00'],
    [5, 2, '23:00'],
    [6, 3, '12:00'],
  ] as const;
  const asked = questions.map(
    ([number, person, time]) => `${number}\t${uuid(person)}\t${Date.parse(at(time))}`,
  );
  expect(await database.engine.query('segments/memberships_as_of', { asked: asked.join('\n') })).toEqual([
    { number: 1, segments: ['vips'] },
    { number: 2, segments: ['fans', 'vips'] },
    { number: 3, segments: ['fans'] },
    { number: 5, segments: ['vips'] },
  ]);
});
