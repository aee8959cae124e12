import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { attributed, decision, delivery, stream } from './rows.js';

/*
 * 2026-11-15 is a Sunday, 2026-11-16 a Monday. Window [14 Nov 00:00, 17 Nov 00:00).
 *
 *   hour of delivery    | stream     | segments   | came of it
 *   Fri 13 Nov 23:00    | promotions | DE         |                       too early
 *   Sat 14 Nov 00:00    | promotions | DE         |
 *   Sat 14 Nov 05:00    | promotions | DE, free   | opt-out on 16 Nov     counts on the 14th
 *   (Sun 15 Nov: nothing)
 *   Mon 16 Nov 23:00    | promotions | DE         | complaint by message alone
 *   Mon 16 Nov 23:00    | news       | US         |
 *   Tue 17 Nov 00:00    | news       | US         |                       too late
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('streams', [
    stream('promotions', 'email', 'promotions', 'shop'),
    stream('news', 'push', 'newsletter', 'blog'),
  ]);
  const news = {
    stream: 'news',
    channel: 'push',
    category: 'newsletter',
    origin: 'blog',
    segments: ['country:US'],
  };
  const de = { segments: ['country:DE'] };
  await database.insert('events', [
    delivery('2026-11-13T23:59:00.000Z', de),
    delivery('2026-11-14T00:00:00.000Z', de),
    delivery('2026-11-14T05:00:00.000Z', { segments: ['country:DE', 'plan:free'] }),
    delivery('2026-11-16T23:00:00.000Z', de),
  ]);
  await database.insert('events', [
    delivery('2026-11-16T23:30:00.000Z', news),
    delivery('2026-11-17T00:00:00.000Z', news),
  ]);
  await database.insert('decisions', [
    decision(
      '2026-11-16T12:00:00.000Z',
      attributed('2026-11-14T05:00:00.000Z', { attributed_segments: ['country:DE', 'plan:free'] }),
    ),
    decision('2026-11-16T23:40:00.000Z', {
      ...attributed('2026-11-16T23:00:00.000Z', { attributed_segments: ['country:DE'] }),
      type: 'complained',
      category: '',
      origin: '',
    }),
    decision('2026-11-15T12:00:00.000Z'),
  ]);
});
afterAll(() => database.close());

type Params = Parameters<typeof database.engine.query<'analytics/rates_trend'>>[1];

async function ask(first: Params['first'], bucket: Params['bucket'], keys: string[]) {
  const rows = await database.engine.query('analytics/rates_trend', {
    first,
    second: 'none',
    bucket,
    zone: '',
    week_shift: 0,
    first_keys: keys,
    second_keys: keys.map(() => ''),
    from: new Date('2026-11-14T00:00:00Z'),
    to: new Date('2026-11-17T00:00:00Z'),
  });
  return rows.map((row) => [row.first_key, row.at.slice(0, 13), row.delivered, row.opt_outs, row.complaints]);
}

test('counts what a delivery led to on the day of the delivery, and leaves days without one out', async () => {
  expect(await ask('stream', 'day', ['promotions', 'news'])).toEqual([
    ['news', '2026-11-16T00', 1, 0, 0],
    ['promotions', '2026-11-14T00', 2, 1, 0],
    ['promotions', '2026-11-16T00', 1, 0, 1],
  ]);
});

test('cuts by the hour, and by weeks that start on Monday', async () => {
  expect(await ask('channel', 'hour', ['email'])).toEqual([
    ['email', '2026-11-14T00', 1, 0, 0],
    ['email', '2026-11-14T05', 1, 1, 0],
    ['email', '2026-11-16T23', 1, 0, 1],
  ]);
  expect(await ask('channel', 'week', ['email'])).toEqual([
    ['email', '2026-11-09T00', 2, 1, 0],
    ['email', '2026-11-16T00', 1, 0, 1],
  ]);
});

test('answers for the asked segments only', async () => {
  expect(await ask('segment', 'day', ['plan:free', 'country:US'])).toEqual([
    ['country:US', '2026-11-16T00', 1, 0, 0],
    ['plan:free', '2026-11-14T00', 1, 1, 0],
  ]);
  expect(await ask('segment', 'day', [''])).toEqual([]);
});

test('takes category and origin from the stream of the delivery', async () => {
  expect(await ask('category', 'day', ['promotions'])).toEqual([
    ['promotions', '2026-11-14T00', 2, 1, 0],
    ['promotions', '2026-11-16T00', 1, 0, 1],
  ]);
  expect(await ask('origin', 'week', ['blog'])).toEqual([['blog', '2026-11-16T00', 1, 0, 0]]);
});

test('finds keys with quotes, commas and line breaks', async () => {
  const odd = "plan:it's,\n\\odd";
  await database.insert('events', [delivery('2026-11-14T00:00:00.000Z', { segments: [odd] })]);
  expect(await ask('segment', 'week', [odd])).toEqual([[odd, '2026-11-09T00', 1, 0, 0]]);
});

test('cuts by days, weeks and months of a time zone, and weeks begin as it is said', async () => {
  const at = async (bucket: Params['bucket'], zone: string, shift = 0) =>
    (
      await database.engine.query('analytics/rates_trend', {
        first: 'stream',
        second: 'none',
        bucket,
        zone,
        week_shift: shift,
        first_keys: ['news'],
        second_keys: [''],
        from: new Date('2026-11-14T00:00:00Z'),
        to: new Date('2026-11-17T00:00:00Z'),
      })
    ).map((row) => row.at);
  // The one delivery of the news: Monday 23:30 in UTC, Tuesday 05:00 in India, Monday 18:30 in New York.
  expect(await at('day', '')).toEqual(['2026-11-16T00:00:00Z']);
  expect(await at('day', 'Asia/Kolkata')).toEqual(['2026-11-16T18:30:00Z']);
  expect(await at('hour', 'Asia/Kolkata')).toEqual(['2026-11-16T23:30:00Z']);
  expect(await at('week', 'America/New_York', 1)).toEqual(['2026-11-15T05:00:00Z']);
  expect(await at('week', '', 2)).toEqual(['2026-11-14T00:00:00Z']);
  expect(await at('month', 'Europe/Berlin')).toEqual(['2026-10-31T23:00:00Z']);
});

test('a trigger has the deliveries of its other dimension in each bucket', async () => {
  const rows = await database.engine.query('analytics/rates_trend', {
    first: 'trigger',
    second: 'stream',
    bucket: 'day',
    zone: '',
    week_shift: 0,
    first_keys: ['one_click_unsubscribe', 'one_click_unsubscribe'],
    second_keys: ['promotions', 'news'],
    from: new Date('2026-11-14T00:00:00Z'),
    to: new Date('2026-11-17T00:00:00Z'),
  });
  expect(rows.map((row) => [row.second_key, row.at.slice(0, 10), row.delivered, row.opt_outs])).toEqual([
    ['news', '2026-11-16', 1, 0],
    ['promotions', '2026-11-14', 3, 1],
    ['promotions', '2026-11-16', 1, 0],
  ]);
});
