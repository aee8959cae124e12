import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const row = (ruleset: number, event: string, time: string, percent: number | null = null) => ({
    ruleset: uuid(ruleset),
    event,
    at: at(time),
    by: 'ada',
    why: 'because',
    percent,
    data: '',
  });
  await database.insert('ruleset_events', [row(2, 'created', '10:00'), row(1, 'published', '09:30', 20)]);
  await database.insert('ruleset_events', [row(1, 'created', '09:00')]);
});
afterAll(() => database.close());

test('answers what became of each version in the order in which it happened', async () => {
  const rows = await database.engine.query('rules/ruleset_events_all', {});
  expect(rows.map(({ ruleset, event, percent }) => [ruleset, event, percent])).toEqual([
    [uuid(1), 'created', null],
    [uuid(1), 'published', 20],
    [uuid(2), 'created', null],
  ]);
});
