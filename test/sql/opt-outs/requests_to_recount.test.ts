import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, person } from '../analytics/rows.js';

let database: TestDatabase;
const early = '2026-11-10T12:00:00.000Z';
const late = '2026-11-11T12:00:00.000Z';

/*
 *   person | asked | type       | counts as
 *   1      | late  | opted_out  | belongs to d-1; ended something
 *   1      | early | complained | belongs to none at first, and ended something; to d-2, counted anew, and ended nothing
 *   1      | early | opted_in   | does not count
 *   2      | early | opted_out  | is not asked about
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const complaint = decision(early, {
    type: 'complained',
    streams_stopped: ['promotions'],
    facts: '{"of":"complaint"}',
  });
  await database.insert('decisions', [
    { ...complaint, attributed_delivery: '' },
    decision(late, {
      attributed_delivery: 'd-1',
      streams_stopped: ['promotions'],
      facts: '{"of":"opt-out"}',
    }),
    decision(early, { type: 'opted_in', attributed_delivery: '', facts: '' }),
    decision(early, { person: person(2), attributed_delivery: '', facts: '' }),
  ]);
  const change = {
    person: person(1),
    decision: complaint.id,
    seq: complaint.seq,
    event_id: complaint.event_id,
    type: 'complained',
    order_at: early,
    received_at: early,
    version: 1,
  };
  await database.insert('recounts', [
    { ...change, sign: -1, attributed_delivery: '' },
    { ...change, sign: 1, attributed_delivery: 'd-2', unsolicited: true, kept_by_scoping: 3, stops: 0 },
  ]);
});
afterAll(() => database.close());

test('says what each request of these people counts as now, and what its decision knew, oldest first', async () => {
  const rows = await database.engine.query('opt-outs/requests_to_recount', { ids: person(1) });
  expect(
    rows.map((row) => [
      row.type,
      row.attributed_delivery,
      row.unsolicited,
      row.kept_by_scoping,
      row.stops,
      row.version,
      row.facts,
    ]),
  ).toEqual([
    ['complained', 'd-2', true, 3, false, 1, '{"of":"complaint"}'],
    ['opted_out', 'd-1', false, 0, true, 0, '{"of":"opt-out"}'],
  ]);
});
