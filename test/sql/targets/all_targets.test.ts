import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';
import { target } from './rows.js';

let database: TestDatabase;

/*
 *   target | made  | versions
 *   1      | 12:00 | 1, 2 (renamed)
 *   2      | 11:00 | 1, 2 (deleted)
 *   3      | 13:00 | 3, 2 (written late)
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('targets', [
    target(1, { created_at: at('12:00') }),
    target(2, { created_at: at('11:00') }),
    target(3, { created_at: at('13:00'), version: 3, name: 'newest' }),
  ]);
  await database.insert('targets', [
    target(1, { created_at: at('12:00'), version: 2, name: 'renamed' }),
    target(2, { created_at: at('11:00'), version: 2, deleted: true, enabled: false, sealed: '' }),
    target(3, { created_at: at('13:00'), version: 2, name: 'older' }),
  ]);
});
afterAll(() => database.close());

test('answers every target in its newest version, the oldest first, deleted ones too', async () => {
  const rows = await database.engine.query('targets/all_targets', {});
  expect(rows.map(({ id, name, deleted }) => [id, name, deleted])).toEqual([
    [uuid(102), 'target 2', true],
    [uuid(101), 'renamed', false],
    [uuid(103), 'newest', false],
  ]);
  expect(rows[1]).toEqual({ ...target(1, { created_at: at('12:00'), version: 2, name: 'renamed' }) });
});
