import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const at = '2026-11-11T12:00:00.000Z';
  const de = { segments: ['country:DE'] };
  const out = { unsolicited: true, ...de };
  await database.insert('decisions', [
    decision(at, de),
    decision(at, { ...out, type: 'complained', trigger: 'complaint' }),
    decision(at, { ...out, type: 'complained', trigger: 'complaint' }),
    decision(at, { ...out, trigger: 'provider_suppressed' }),
    decision(at, { ...out, trigger: 'opt_out_preference_signal', stream: '' }),
    decision(at, { ...out, made_by: 'agent', segments: [] }),
    decision(at, { ...out, trigger: 'link_unsubscribe' }),
    decision(at, { ...out, type: 'erased', trigger: 'erasure_request_art17', stream: '' }),
    decision(at, { ...out, type: 'opted_in' }),
    decision('2026-11-12T00:00:00.000Z', out),
  ]);
});
afterAll(() => database.close());

test('tells everybody first and then segments, each stream with all who left there, by kind', async () => {
  const rows = await database.engine.query('analytics/unsolicited', {
    from: new Date('2026-11-11T00:00:00Z'),
    to: new Date('2026-11-12T00:00:00Z'),
    limit: 10,
  });
  expect(rows.map((row) => [row.segment, row.stream, row.requests, row.unsolicited])).toEqual([
    ['', 'promotions', 6, 5],
    ['', '', 2, 2],
    ['country:DE', 'promotions', 5, 4],
    ['country:DE', '', 2, 2],
  ]);
  const kinds = (index: number) =>
    Object.fromEntries((rows[index]?.kinds ?? []).map((kind, place) => [kind, rows[index]?.counts[place]]));
  expect(kinds(0)).toEqual({ complaint: 2, suppression: 1, agent: 1, late: 1 });
  expect(kinds(1)).toEqual({ privacy_signal: 1, erasure: 1 });
});
