import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { uuid } from '../permissions/rows.js';
import { alarm } from './rows.js';

/* The alarm of day 20,001 was filed under another incident later. Day 19,999 is too old. */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('alarms', [
    alarm(19_999, { incident: uuid(1) }),
    alarm(20_001, { incident: uuid(1) }),
    alarm(20_000, { incident: uuid(1), level: 'segment', key: 'plan:free' }),
  ]);
  await database.insert('alarms', [alarm(20_001, { incident: uuid(2), version: 2 })]);
});
afterAll(() => database.close());

test('tells each cell and day once, with its incident', async () => {
  const cell = { metric: 'opt_outs', stream: 'news' };
  expect(await database.engine.query('alerts/flagged_days', { since: 20_000 })).toEqual([
    { ...cell, level: 'segment', key: 'plan:free', on_day: 20_000, incident: uuid(1) },
    { ...cell, level: 'stream', key: '', on_day: 20_001, incident: uuid(2) },
  ]);
});
