import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at, uuid } from '../permissions/rows.js';
import { dead, micro, receipt, waiting } from './rows.js';

let database: TestDatabase;

/*
 *   target | seq | newest receipt
 *   1      | 10  | waiting since 12:10: 503
 *   1      | 20  | waiting since 12:20: no connection
 *   1      | 30  | acknowledged at 12:30, before that waiting
 *   2      | 10  | acknowledged, before that waiting
 *   3      | 10  | dead
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('receipts', [
    receipt(1, 10, { ...waiting, version: micro(at('12:10')) }),
    receipt(1, 20, { ...waiting, version: micro(at('12:20')), status: 0, detail: 'no connection' }),
    receipt(1, 30, { ...waiting, version: micro(at('12:25')) }),
    receipt(2, 10, waiting),
    receipt(3, 10, dead),
  ]);
  await database.insert('receipts', [
    receipt(1, 30, { version: micro(at('12:30')) }),
    receipt(2, 10, { version: 2 }),
  ]);
});
afterAll(() => database.close());

test('answers the newest failure of what is waiting still', async () => {
  expect(await database.engine.query('targets/last_failures', {})).toEqual([
    { target: uuid(101), status: 0, detail: 'no connection', at: at('12:20') },
  ]);
});
