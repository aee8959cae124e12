import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { attributed, decision, delivery } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const ask = (from: string, to: string) =>
  database.engine.query('analytics/overview_totals', { from: new Date(from), to: new Date(to) });

const zeros = {
  delivered: 0,
  opt_outs: 0,
  complaints: 0,
  previous_delivered: 0,
  previous_opt_outs: 0,
  previous_complaints: 0,
};

/** Runs first: nothing has been stored yet. */
test('answers with zeros when nothing was delivered', async () => {
  expect(await ask('2026-11-11T00:00:00Z', '2026-11-12T00:00:00Z')).toEqual([zeros]);
});

/*
 * Windows of one day.
 *
 *   hour of delivery | segments | came of it
 *   9 Nov 23:00      | DE       | opt-out                   two days before
 *   10 Nov 00:00     | DE       | complaint                 the day before
 *   10 Nov 23:00     | DE       |                           the day before
 *   11 Nov 00:00     | DE, free | opt-out, on 17 Nov        now
 *   11 Nov 23:00     | (none)   | opened                    now
 *   (none)           |          | opt-out on 11 Nov         unattributed
 */
test('counts each delivery once, now and in the window of the same length before', async () => {
  await database.insert('events', [
    delivery('2026-11-09T23:59:59.999Z', { segments: ['country:DE'] }),
    delivery('2026-11-10T00:00:00.000Z', { segments: ['country:DE'] }),
    delivery('2026-11-10T23:59:59.999Z', { segments: ['country:DE'] }),
    delivery('2026-11-11T00:00:00.000Z', { segments: ['country:DE', 'plan:free'] }),
  ]);
  await database.insert('events', [
    delivery('2026-11-11T23:59:59.999Z'),
    delivery('2026-11-11T23:59:59.999Z', { type: 'opened' }),
  ]);
  const de = { attributed_segments: ['country:DE'] };
  await database.insert('decisions', [
    decision('2026-11-10T12:00:00.000Z', attributed('2026-11-09T23:59:59.999Z', de)),
    decision('2026-11-11T12:00:00.000Z', {
      type: 'complained',
      ...attributed('2026-11-10T00:00:00.000Z', de),
    }),
    decision('2026-11-17T12:00:00.000Z', attributed('2026-11-11T00:00:00.000Z', de)),
    decision('2026-11-11T12:00:00.000Z'),
  ]);
  expect(await ask('2026-11-11T00:00:00Z', '2026-11-12T00:00:00Z')).toEqual([
    {
      delivered: 2,
      opt_outs: 1,
      complaints: 0,
      previous_delivered: 2,
      previous_opt_outs: 0,
      previous_complaints: 1,
    },
  ]);
});

test('has nothing in a window of other days', async () => {
  expect(await ask('2026-12-11T00:00:00Z', '2026-12-12T00:00:00Z')).toEqual([zeros]);
});
