import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';

/*
 *   1 | 2024 | for ever            still holds
 *   2 | 2024 | lifted              long over
 *   3 | 2024 | until 11:00         over by noon
 *   4 | 2026 | lifted              over, and recent
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const old = '2024-01-01T00:00:00.000Z';
  const pause = (number: number, version: number, from: string, change: object = {}) => ({
    ...{
      id: uuid(number),
      version,
      stream: 'news',
      campaign: '',
      from_at: from,
      until: null,
      lifted_at: null,
    },
    ...{ incident: 'i', why: 'w', changed_by: 'ada', ...change },
  });
  await database.insert('send_pauses', [
    pause(1, 1, old),
    pause(2, 1, old),
    pause(3, 1, old, { until: at('11:00') }),
    pause(4, 1, at('10:00')),
  ]);
  await database.insert('send_pauses', [
    pause(2, 2, old, { lifted_at: old }),
    pause(4, 2, at('10:00'), { lifted_at: at('11:00') }),
  ]);
});
afterAll(() => database.close());

test('tells pauses that may hold and recent ones, in their newest version', async () => {
  const rows = await database.engine.query('alerts/send_pauses_all', { now: new Date(at('12:00')) });
  expect(rows.map(({ id, version, lifted_at }) => [id, version, lifted_at])).toEqual([
    [uuid(4), 2, at('11:00')],
    [uuid(1), 1, null],
  ]);
});
