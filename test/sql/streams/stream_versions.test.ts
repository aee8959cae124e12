import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { at } from '../permissions/rows.js';

let database: TestDatabase;

const row = (key: string, version: number, time: string, value: string) => ({
  key,
  version,
  channel: 'email',
  category: key,
  origin: 'shop',
  class: value,
  brand: 'shop',
  markets: ['DE', 'US'],
  reviewed: true,
  changed_at: at(time),
});

/*
 *   key        | version | class         | changed
 *   promotions | 1       | commercial    | 09:00
 *   promotions | 2       | informational | 11:00
 *   news       | 1       | commercial    | 10:00, written by two groups that saw it first at the same time
 */
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('streams', [
    row('promotions', 2, '11:00', 'informational'),
    row('news', 1, '10:00', 'commercial'),
  ]);
  await database.insert('streams', [
    row('news', 1, '10:00', 'commercial'),
    row('promotions', 1, '09:00', 'commercial'),
  ]);
});
afterAll(() => database.close());

test('answers every version once, oldest first', async () => {
  const rows = await database.engine.query('streams/stream_versions', {});
  expect(rows.map((one) => [one.key, one.version, one.class])).toEqual([
    ['promotions', 1, 'commercial'],
    ['news', 1, 'commercial'],
    ['promotions', 2, 'informational'],
  ]);
  expect(rows[0]).toMatchObject({
    markets: ['DE', 'US'],
    reviewed: true,
    all_option_shown: false,
    changed_at: at('09:00'),
  });
});
