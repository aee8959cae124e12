import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, line, none, uuid } from '../permissions/rows.js';

let database: TestDatabase;
const [from, to] = [new Date('2026-11-01T00:00:00.000Z'), new Date('2026-11-11T00:00:00.000Z')];

/** Person `number` acted then. */
function act(seq: number, number: number, when: string, change: Record<string, unknown> = {}) {
  const times = { occurred_at: when, received_at: when, order_at: when, decided_at: when };
  return decision(seq, {
    ...{
      person: uuid(number),
      ...times,
      reach_open: true,
      trigger: 'link_unsubscribe',
      segments: ['plan:free'],
    },
    ...change,
  });
}

/*
 *   seq | person | segments     | stream     | when              | shown | afterwards
 *   1   | 1      | free         | promotions | 1 Nov 00:00       | yes   | pauses at once: taken
 *   2   | 2      | free         | promotions | 2 Nov 12:00       | yes   | caps 24 h less 1 ms later: taken
 *   3   | 3      | free         | promotions | 2 Nov 12:00       | yes   | caps 24 h later: too late
 *   4   | 4      | free, large  | promotions | 3 Nov             | a complaint's trigger is no page; pauses
 *   5   | 5      | none         | promotions | 3 Nov             | yes   |
 *   6   | 6      | free         | news       | 3 Nov             | yes   | paused a minute before
 *   7   | 7      | free         | promotions | 31 Oct 23:59:59.999: before the window
 *   8   | 8      | free         | promotions | 11 Nov 00:00: at the end
 *   9   | 9      | free         | promotions | rules were not open
 *  10   | 10     | free         | promotions | objects to profiling
 *  11   | 11     | free         | promotions | objected, and took it back; yes
 *  12   | 12     | free         | promotions | the objection was voided; yes
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const noon = '2026-11-02T12:00:00.000Z';
  const third = '2026-11-03T12:00:00.000Z';
  await database.insert('decisions', [
    act(1, 1, '2026-11-01T00:00:00.000Z'),
    act(2, 2, noon),
    act(3, 3, noon),
    act(4, 4, third, { trigger: 'reply_keyword', segments: ['plan:free', 'size:large'] }),
    act(5, 5, third, { segments: [] }),
    act(6, 6, third, { stream: 'news' }),
    act(7, 7, '2026-10-31T23:59:59.999Z'),
    act(8, 8, '2026-11-11T00:00:00.000Z'),
    act(9, 9, third, { reach_open: false }),
    ...[10, 11, 12].map((number) => act(number, number, third)),

    act(21, 1, '2026-11-01T00:00:00.000Z', { type: 'paused' }),
    act(22, 2, '2026-11-03T11:59:59.999Z', { type: 'capped' }),
    act(23, 3, '2026-11-03T12:00:00.000Z', { type: 'capped' }),
    act(24, 4, third, { type: 'paused' }),
    act(26, 6, '2026-11-03T11:59:00.000Z', { type: 'paused' }),
  ]);
  const said = (number: number, person: number, when: string, change: Record<string, unknown> = {}) => ({
    ...line(number, { subject: uuid(person), binds: 'person', selector: 'class=profiling', order_at: when }),
    person: uuid(person),
    received_at: when,
    ...change,
  });
  await database.insert(
    'statements',
    [
      said(1, 10, noon),
      said(2, 11, noon),
      said(3, 11, third, { effect: 'opt_in' }),
      said(4, 12, noon),
      said(5, 12, third, { selector: 'all', effect: 'void', voids: uuid(2004) }),
      // What is voided is no other person's.
      said(6, 1, noon, { selector: 'stream=news' }),
    ].map((row) => ({ ...row, voids: (row as { voids?: string }).voids ?? none })),
  );
});
afterAll(() => database.close());

const ask = (...cells: [segment: string, stream: string][]) =>
  database.engine.query('suggestions/opt_outs_of_cells', {
    segments: cells.map(([segment]) => segment),
    streams: cells.map(([, stream]) => stream),
    from,
    to,
  });

test('counts the opt-outs of each cell, and of those made on a page how many were followed within a day by what it offers', async () => {
  const cell = (of_segment: string, of_stream: string, counts: object) => ({
    of_segment,
    of_stream,
    ...counts,
  });
  expect(
    await ask(
      ['plan:free', 'promotions'],
      ['size:large', 'promotions'],
      ['plan:free', 'news'],
      ['', ''],
      ['none', 'news'],
    ),
  ).toEqual([
    cell('', '', { opt_outs: 8, shown: 7, taken: 2, latest: [12, 11, 6, 5, 4, 3, 2, 1] }),
    cell('plan:free', 'news', { opt_outs: 1, shown: 1, taken: 0, latest: [6] }),
    cell('plan:free', 'promotions', { opt_outs: 6, shown: 5, taken: 2, latest: [12, 11, 4, 3, 2, 1] }),
    cell('size:large', 'promotions', { opt_outs: 1, shown: 0, taken: 0, latest: [4] }),
  ]);
});

test('the latest nine stand for the rest', async () => {
  await database.insert(
    'decisions',
    [13, 14, 15].map((number) => act(number, number, '2026-11-09T12:00:00.000Z', { stream: 'promotions' })),
  );
  const [row] = await ask(['', '']);
  expect(row?.latest).toEqual([15, 14, 13, 12, 11, 6, 5, 4, 3]);
});
