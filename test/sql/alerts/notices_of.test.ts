import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';
import { notice } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('alert_notices', [
    notice(uuid(1)),
    notice(uuid(2), { incident: 'i-2', made_at: at('11:00') }),
  ]);
  const taken = { version: 2, state: 'acknowledged', attempts: 1, acknowledged_at: at('10:01'), status: 204 };
  await database.insert('alert_notices', [notice(uuid(1), taken)]);
});
afterAll(() => database.close());

test('tells the receipts of one incident, or all, the newest first', async () => {
  const asked = (incident: string) => database.engine.query('alerts/notices_of', { incident, most: 10 });
  expect(await asked('i-1')).toEqual([
    {
      ...{
        id: uuid(1),
        incident: 'i-1',
        type: 'alert.opened',
        place: 'webhook',
        state: 'acknowledged',
        attempts: 1,
      },
      ...{
        made_at: at('10:00'),
        next_at: at('10:00'),
        acknowledged_at: at('10:01'),
        status: 204,
        detail: '',
      },
    },
  ]);
  expect((await asked('')).map(({ id }) => id)).toEqual([uuid(2), uuid(1)]);
});
