import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('knows the zones that browsers name', async () => {
  const rows = await database.engine.query('analytics/time_zones', {});
  const known = new Set(rows.map((row) => row.time_zone));
  // Newer releases of the calendar add a name now and then.
  const unknown = Intl.supportedValuesOf('timeZone').filter((zone) => !known.has(zone));
  expect(unknown.length).toBeLessThan(5);
  expect(known.has('UTC')).toBe(true);
});
