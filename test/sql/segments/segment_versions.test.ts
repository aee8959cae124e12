import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at } from '../permissions/rows.js';

let database: TestDatabase;
const version = (key: string, number: number, change: Record<string, unknown> = {}) => ({
  key,
  version: number,
  name: `${key} ${number}`,
  condition: '{}',
  state: 'active',
  changed_at: at('10:00'),
  changed_by: 'ada',
  ...change,
});

beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('segments', [version('b', 1), version('a', 2, { state: 'archived' })]);
  await database.insert('segments', [version('a', 1), version('b', 1)]);
});
afterAll(() => database.close());

test('tells each version once, oldest first', async () => {
  const rows = await database.engine.query('segments/segment_versions', {});
  expect(rows.map(({ key, version, state }) => [key, version, state])).toEqual([
    ['a', 1, 'active'],
    ['a', 2, 'archived'],
    ['b', 1, 'active'],
  ]);
  expect(rows[0]).toEqual({
    key: 'a',
    version: 1,
    name: 'a 1',
    description: '',
    condition: '{}',
    state: 'active',
    why: '',
    changed_at: at('10:00'),
    changed_by: 'ada',
  });
});
