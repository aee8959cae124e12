import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { uuid } from '../permissions/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const latest = () => database.engine.query('suggestions/latest_suggestions', {});

test('what was suggested last, whenever it was written', async () => {
  expect(await latest()).toEqual([]);
  const at = (time: string, body: string) => ({ computed_at: time, model: uuid(1), base: uuid(2), body });
  await database.insert('churn_suggestions', [
    at('2026-11-12T04:20:00.123Z', '{"rows":["second"]}'),
    at('2026-11-11T04:20:00.000Z', '{"rows":["first"]}'),
  ]);
  await database.insert('churn_suggestions', [at('2026-11-10T04:20:00.000Z', '{"rows":["before"]}')]);
  const [row, ...more] = await latest();
  expect(more).toEqual([]);
  expect(row).toMatchObject({ its_model: uuid(1), base: uuid(2), body: '{"rows":["second"]}' });
  expect(new Date(row?.computed_at ?? '').toISOString()).toBe('2026-11-12T04:20:00.123Z');
});
