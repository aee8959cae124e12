import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { delivery, person } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('events', [
    delivery('2026-11-10T23:59:59.999Z', { segments: ['plan:free'] }),
    delivery('2026-11-11T00:00:00.000Z', { segments: ['plan:free', 'country:DE'] }),
    delivery('2026-11-11T10:00:00.000Z', { segments: ['plan:free'] }),
    delivery('2026-11-11T11:00:00.000Z', { type: 'opened', segments: ['plan:free'] }),
    delivery('2026-11-11T12:00:00.000Z', { person: person(2), stream: 'news', segments: [] }),
    delivery('2026-11-12T00:00:00.000Z', { person: person(3) }),
  ]);
});
afterAll(() => database.close());

const ask = async (first: 'none' | 'stream' | 'segment', second: 'none' | 'stream' = 'none') =>
  (
    await database.engine.query('analytics/send_pressure', {
      first,
      second,
      from: new Date('2026-11-11T00:00:00Z'),
      to: new Date('2026-11-12T00:00:00Z'),
    })
  ).map((row) => [row.first_key, row.second_key, row.messages, row.subscribers]);

test('counts messages and the different people who received them', async () => {
  expect(await ask('none')).toEqual([['', '', 3, 2]]);
  expect(await ask('stream')).toEqual([
    ['promotions', '', 2, 1],
    ['news', '', 1, 1],
  ]);
  expect(await ask('segment', 'stream')).toEqual([
    ['plan:free', 'promotions', 2, 1],
    ['country:DE', 'promotions', 1, 1],
  ]);
});
