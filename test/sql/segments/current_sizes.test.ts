import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { edge } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('memberships', [edge(1, 1), edge(2, 2), edge(3, 2, { segment: 'fans' })]);
  await database.insert('memberships', [
    edge(4, 2, { edge: 'left' }),
    edge(5, 2, { segment: 'fans', edge: 'left' }),
  ]);
});
afterAll(() => database.close());

test('counts who is in each segment now; one that everybody left has no row', async () => {
  expect(await database.engine.query('segments/current_sizes', {})).toEqual([{ segment: 'vips', size: 1 }]);
});

test('an insert that is sent again under its token counts once in every table', async () => {
  const columns = ['person', 'segment', 'seq', 'edge', 'version', 'at', 'received_at', 'cause', 'cause_id'];
  const values = edge(6, 3);
  const line = JSON.stringify(columns.map((column) => values[column]));
  for (const _ of [1, 2]) await database.engine.insert('memberships', columns, line, 'token 6');
  const [counted] = await database.engine.rows<{ edges: number; flows: number }>(
    'counted',
    `SELECT (SELECT count() FROM memberships WHERE seq = 6) AS edges,
      (SELECT sum(entered) FROM segment_flows_hourly WHERE segment = 'vips') AS flows`,
  );
  expect(counted).toEqual({ edges: 1, flows: 3 });
});
