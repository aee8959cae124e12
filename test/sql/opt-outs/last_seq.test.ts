import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision } from '../permissions/rows.js';
import { edge } from '../segments/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('is 0 before the first decision, and then the highest number given, not the last written, to an edge of a membership, too', async () => {
  expect(await database.engine.query('opt-outs/last_seq', {})).toEqual([{ seq: 0 }]);
  // Microseconds since the epoch: larger than 2^32 and exact.
  await database.insert('decisions', [decision(1_795_419_634_355_001), decision(1_795_419_634_355_000)]);
  await database.insert('decisions', [decision(7)]);
  expect(await database.engine.query('opt-outs/last_seq', {})).toEqual([{ seq: 1_795_419_634_355_001 }]);
  await database.insert('memberships', [edge(1_795_419_634_355_002, 1)]);
  expect(await database.engine.query('opt-outs/last_seq', {})).toEqual([{ seq: 1_795_419_634_355_002 }]);
});
