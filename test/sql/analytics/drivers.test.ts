import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { attributed, decision, delivery } from './rows.js';

/*
 * Window [11 Nov 00:00, 13 Nov 00:00). n messages, x opt-outs.
 *
 *   campaign | stream     | tier   | n | x
 *   bf       | promotions | active | 3 | 2     others there: 2, 0
 *   xm       | promotions | active | 2 | 0
 *   bf       | promotions | dormant| 1 | 1     alone there
 *   news     | news       | active | 2 | 1     alone there
 *   bf       | sale       | none   | 2 | 1     alone there: nobody knows the person
 */
const active = { segments: ['engagement:active', 'country:DE'] };
const dormant = { segments: ['engagement:dormant'] };
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const at = '2026-11-11T10:00:00.000Z';
  const xm = { ...active, campaign: 'xm', message_type: 'news' };
  const news = { ...active, campaign: 'news', stream: 'news', origin: 'blog' };
  const sale = { stream: 'sale', channel: 'push' };
  await database.insert('events', [
    ...[1, 2, 3].map(() => delivery(at, active)),
    ...[1, 2].map(() => delivery(at, xm)),
    delivery(at, dormant),
    ...[1, 2].map(() => delivery(at, news)),
    ...[1, 2].map(() => delivery(at, sale)),
    delivery('2026-11-13T00:00:00.000Z', active),
  ]);
  const of = (change: object) => decision('2026-11-12T00:00:00.000Z', attributed(at, { ...change }));
  await database.insert('decisions', [
    of({ attributed_segments: active.segments }),
    of({ attributed_segments: active.segments }),
    of({ attributed_segments: dormant.segments }),
    of({ attributed_segments: [], attributed_stream: 'sale', attributed_channel: 'push' }),
    of({
      attributed_segments: active.segments,
      attributed_campaign: 'news',
      attributed_stream: 'news',
      attributed_origin: 'blog',
    }),
  ]);
});
afterAll(() => database.close());

test('sums what each cell has in strata where there are others', async () => {
  const rows = await database.engine.query('analytics/drivers', {
    from: new Date('2026-11-11T00:00:00Z'),
    to: new Date('2026-11-13T00:00:00Z'),
  });
  const of = (dimension: string, key: string) =>
    rows.find((row) => row.dimension === dimension && row.key === key);
  expect(of('campaign', 'bf')).toEqual({
    dimension: 'campaign',
    key: 'bf',
    delivered: 6,
    opt_outs: 4,
    compared: 3,
    compared_opt_outs: 2,
    expected: 0,
    conditional_mean: (3 * 2) / 5,
    conditional_variance: (3 * 2 * 2 * 3) / (25 * 4),
    own_weight: (2 * 2) / 5,
    other_weight: 0,
    log_ratio_term: (3 * 2 * 2 - 0) / 25,
  });
  expect(of('campaign', 'xm')).toMatchObject({ delivered: 2, expected: (2 * 2) / 3, own_weight: 0 });
  expect(of('campaign', 'news')).toMatchObject({ delivered: 2, opt_outs: 1, compared: 0, expected: 0 });
  // Within the tier active: the shop 5 messages with 2 opt-outs, the blog 2 with 1. Dormant has only the shop.
  expect(of('origin', 'blog')).toMatchObject({ delivered: 2, compared: 2, expected: (2 * 2) / 5 });
  expect(of('origin', 'shop')).toMatchObject({ delivered: 8, compared: 5, expected: 5 / 2 });
  expect(of('channel', 'email')).toMatchObject({ delivered: 8, opt_outs: 4, compared: 0 });
  expect(of('channel', 'push')).toMatchObject({ delivered: 2, opt_outs: 1, compared: 0 });
});
