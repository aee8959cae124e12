import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, delivery, ids, uuid } from '../permissions/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const event = (id: string, person: number, time: string, change: Record<string, unknown> = {}) =>
    delivery(id, at('08:00'), { id, person: uuid(person), received_at: at(time), ...change });
  await database.insert('events', [
    event('a', 1, '10:30', { type: 'opened' }),
    event('b', 1, '10:40'),
    event('c', 2, '11:00', { type: 'clicked' }),
    event('d', 3, '10:00'),
    event('e', 4, '10:30', { type: 'bounced' }),
    event('f', 5, '11:01'),
  ]);
});
afterAll(() => database.close());

const window = { from: new Date(at('10:00')), to: new Date(at('11:00')) };

test('finds who had events in the window, and the latest event of each', async () => {
  expect(await database.engine.query('segments/people_of_events', { ...window, ids: '' })).toEqual([
    { person: uuid(1), event: 'b', received_at: at('10:40') },
    { person: uuid(2), event: 'c', received_at: at('11:00') },
  ]);
});

test('of some people alone where they are named', async () => {
  const rows = await database.engine.query('segments/people_of_events', { ...window, ids: ids(2, 3) });
  expect(rows.map(({ person }) => person)).toEqual([uuid(2)]);
});
