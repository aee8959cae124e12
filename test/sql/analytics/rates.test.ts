import type { Dimension } from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { attributed, decision, delivery, stream } from './rows.js';

/*
 * Window [11 Nov 00:00, 13 Nov 00:00), so the window before is [9 Nov 00:00, 11 Nov 00:00). N counts deliveries.
 *
 *   hour of delivery | stream     | campaign | segments         | N | came of it
 *   8 Nov 23:00      | promotions | bf       | DE               | 1 |                              too early
 *   9 Nov 00:00      | promotions | bf       | DE               | 2 | opt-out                      before
 *   10 Nov 23:00     | news       | ''       | DE, free         | 1 |                              before
 *   11 Nov 00:00     | promotions | bf       | DE, free         | 2 | opt-out, decided on 14 Nov   now
 *   12 Nov 23:00     | promotions | xm       | US               | 1 | complaint by message alone   now
 *   12 Nov 23:00     | news       | ''       | (none)           | 1 |                              now
 *   13 Nov 00:00     | promotions | xm       | US               | 1 | opt-out                      too late
 *   (none)           | promotions |          | DE               |   | opt-out on 12 Nov            unattributed
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('streams', [
    stream('promotions', 'email', 'promotions', 'shop'),
    stream('promotions', 'email', 'promotions', 'shop', 2),
    stream('news', 'push', 'newsletter', 'blog'),
  ]);
  const news = {
    stream: 'news',
    channel: 'push',
    category: 'newsletter',
    origin: 'blog',
    campaign: '',
    message_type: '',
  };
  const de = { segments: ['country:DE'] };
  const free = { segments: ['country:DE', 'plan:free'] };
  const us = { segments: ['country:US'], campaign: 'xm' };
  // Two inserts make two parts: the sums must not rely on a merge.
  await database.insert('events', [
    delivery('2026-11-08T23:59:59.999Z', de),
    delivery('2026-11-09T00:00:00.000Z', de),
    delivery('2026-11-09T00:30:00.000Z', de),
    delivery('2026-11-10T23:59:59.999Z', { ...news, ...free }),
    delivery('2026-11-11T00:00:00.000Z', free),
  ]);
  await database.insert('events', [
    delivery('2026-11-11T00:10:00.000Z', free),
    delivery('2026-11-12T23:59:59.999Z', us),
    delivery('2026-11-12T23:00:00.000Z', news),
    delivery('2026-11-13T00:00:00.000Z', us),
    delivery('2026-11-11T00:10:00.000Z', { ...free, type: 'opened' }),
  ]);
  await database.insert('decisions', [
    decision(
      '2026-11-09T05:00:00.000Z',
      attributed('2026-11-09T00:30:00.000Z', { attributed_segments: ['country:DE'] }),
    ),
    decision('2026-11-14T05:00:00.000Z', {
      ...attributed('2026-11-11T00:10:00.000Z', { attributed_segments: ['country:DE', 'plan:free'] }),
      reason: 'It is too much, really.',
    }),
    decision('2026-11-13T05:00:00.000Z', {
      ...attributed('2026-11-12T23:59:59.999Z', {
        attributed_segments: ['country:US'],
        attributed_campaign: 'xm',
      }),
      type: 'complained',
      trigger: 'complaint',
      category: '',
      origin: '',
      stream: '',
    }),
    decision(
      '2026-11-13T05:00:00.000Z',
      attributed('2026-11-13T00:00:00.000Z', {
        attributed_segments: ['country:US'],
        attributed_campaign: 'xm',
      }),
    ),
    decision('2026-11-12T12:00:00.000Z', { segments: ['country:DE'] }),
  ]);
});
afterAll(() => database.close());

async function both(first: Dimension | 'none', second: Dimension | 'none', limit = 500) {
  return database.engine.query('analytics/rates', {
    first,
    second,
    limit,
    previous_from: new Date('2026-11-09T00:00:00Z'),
    from: new Date('2026-11-11T00:00:00Z'),
    to: new Date('2026-11-13T00:00:00Z'),
  });
}

async function ask(dimension: Dimension | 'none', limit = 500) {
  const rows = await both(dimension, 'none', limit);
  return rows.map(({ first_key, second_key, values, ...counts }) => ({ key: first_key, ...counts }));
}

/** Deliveries, opt-outs and complaints now and before. */
const row = (key: string, now: [number, number, number], before: [number, number, number]) => ({
  key,
  delivered: now[0],
  opt_outs: now[1],
  complaints: now[2],
  previous_delivered: before[0],
  previous_opt_outs: before[1],
  previous_complaints: before[2],
});

test('counts a delivery once in each of its segments, and everybody is no segment', async () => {
  expect(await ask('segment')).toEqual([
    row('country:DE', [2, 1, 0], [3, 1, 0]),
    row('plan:free', [2, 1, 0], [1, 0, 0]),
    row('country:US', [1, 0, 1], [0, 0, 0]),
  ]);
});

test('counts a delivery once by any other dimension, and no unattributed opt-out', async () => {
  const promotions: [[number, number, number], [number, number, number]] = [
    [3, 1, 1],
    [2, 1, 0],
  ];
  const news: typeof promotions = [
    [1, 0, 0],
    [1, 0, 0],
  ];
  expect(await ask('stream')).toEqual([row('promotions', ...promotions), row('news', ...news)]);
  expect(await ask('channel')).toEqual([row('email', ...promotions), row('push', ...news)]);
  expect(await ask('campaign')).toEqual([
    row('bf', [2, 1, 0], [2, 1, 0]),
    row('', [1, 0, 0], [1, 0, 0]),
    row('xm', [1, 0, 1], [0, 0, 0]),
  ]);
  expect(await ask('message_type')).toEqual([row('offer', ...promotions), row('', ...news)]);
});

test('places a complaint that names only a message where its delivery stands', async () => {
  expect(await ask('category')).toEqual([
    row('promotions', [3, 1, 1], [2, 1, 0]),
    row('newsletter', [1, 0, 0], [1, 0, 0]),
  ]);
  expect(await ask('origin')).toEqual([row('shop', [3, 1, 1], [2, 1, 0]), row('blog', [1, 0, 0], [1, 0, 0])]);
});

test('keeps the rows with the most deliveries, and says how many there are', async () => {
  expect((await both('stream', 'none', 1)).map((row) => [row.first_key, row.values])).toEqual([
    ['promotions', 2],
  ]);
});

test('counts everybody once where nothing is cut', async () => {
  expect(await ask('none')).toEqual([row('', [4, 1, 1], [3, 1, 0])]);
});

test('cuts by two at once', async () => {
  const cells = (await both('campaign', 'stream')).map((row) => [
    row.first_key,
    row.second_key,
    row.delivered,
    row.opt_outs,
    row.complaints,
  ]);
  expect(cells).toEqual([
    ['bf', 'promotions', 2, 1, 0],
    ['', 'news', 1, 0, 0],
    ['xm', 'promotions', 1, 0, 1],
  ]);
  expect(
    (await both('stream', 'segment')).map((row) => [row.first_key, row.second_key, row.delivered]),
  ).toEqual([
    ['promotions', 'country:DE', 2],
    ['promotions', 'plan:free', 2],
    ['promotions', 'country:US', 1],
  ]);
});

test('a trigger or reason has the deliveries of the other dimension, and of reasons only codes are kept apart', async () => {
  expect(await ask('trigger')).toEqual([
    row('complaint', [4, 0, 1], [3, 0, 0]),
    row('one_click_unsubscribe', [4, 1, 0], [3, 1, 0]),
  ]);
  expect(
    (await both('reason', 'stream')).map((row) => [
      row.first_key,
      row.second_key,
      row.delivered,
      row.opt_outs,
      row.complaints,
    ]),
  ).toEqual([
    ['', 'promotions', 3, 0, 1],
    ['other', 'promotions', 3, 1, 0],
  ]);
});

test('never answers with more opt-outs and complaints than deliveries', async () => {
  for (const dimension of [
    'segment',
    'stream',
    'campaign',
    'channel',
    'category',
    'origin',
    'message_type',
    'audience',
    'none',
  ] as const) {
    for (const each of await ask(dimension)) {
      expect(each.opt_outs + each.complaints).toBeLessThanOrEqual(each.delivered);
      expect(each.previous_opt_outs + each.previous_complaints).toBeLessThanOrEqual(each.previous_delivered);
    }
  }
});
