import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision } from '../analytics/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const since = new Date('2026-11-10T12:00:00Z');
const ask = () => database.engine.query('alerts/rule_failures', { since });

test('has no row where nothing was decided', async () => {
  expect(await ask()).toEqual([]);
});

/*
 *   committed | version | stream     | trace
 *   11:59     | v2      | news       | broken failed                    too early
 *   12:00     | v2      | news       | broken failed (TypeError)
 *   12:05     | v2      | promotions | other matched, broken failed (RangeError)
 *   12:06     | v2      | promotions | broken did not match
 *   12:07     | v1      | promotions | broken failed (TypeError)        another version
 */
test('counts the decisions that a rule failed in, beside all of its version', async () => {
  const step = (rule: string, failed?: string) => ({
    ...{ rule, matched: failed === undefined, detail: '' },
    ...(failed === undefined ? {} : { failed }),
  });
  const row = (time: string, ruleset: string, stream: string, ...trace: object[]) =>
    decision(`2026-11-10T${time}:00.000Z`, {
      ...{
        seq: Date.parse(`2026-11-10T${time}:00.000Z`) * 1000,
        ruleset,
        stream,
        trace: JSON.stringify(trace),
      },
      flags: JSON.stringify(trace).includes('failed') ? ['rule_failed'] : [],
    });
  await database.insert('decisions', [
    row('11:59', 'v2', 'news', step('broken', 'TypeError')),
    row('12:00', 'v2', 'news', step('broken', 'TypeError')),
    row('12:05', 'v2', 'promotions', step('other'), step('broken', 'RangeError')),
    row('12:06', 'v2', 'promotions', step('broken')),
    row('12:07', 'v1', 'promotions', step('broken', 'TypeError')),
  ]);
  expect(await ask()).toMatchObject([
    { of_version: 'v1', of_rule: 'broken', failures: 1, decisions: 1 },
    {
      ...{ of_version: 'v2', of_rule: 'broken', failures: 2, decisions: 3 },
      ...{ of_streams: ['news', 'promotions'], reasons: ['RangeError', 'TypeError'] },
      ...{ first_at: '2026-11-10T12:00:00.000000Z', last_at: '2026-11-10T12:05:00.000000Z' },
    },
  ]);
});
