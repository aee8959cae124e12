import { Overview, RatesAnswer } from '@secateur/backend/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';

const hour = 3_600_000;
let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const nothing = { numerator: 0, denominator: 0, value: null, lower: null, upper: null };

async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await app.request(path);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function overview(search = ''): Promise<Overview> {
  const { status, body } = await get(`/v1/analytics/overview${search}`);
  expect(status).toBe(200);
  return Overview.parse(body);
}

async function rates(search: string): Promise<RatesAnswer> {
  const { status, body } = await get(`/v1/analytics/rates?${search}`);
  expect(status).toBe(200);
  return RatesAnswer.parse(body);
}

async function send(path: string, body: unknown, method = 'POST'): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await app.request(path, { method, headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { rejected?: unknown[] };
  expect(answer.rejected ?? []).toEqual([]);
}

/** Runs first: nothing has been stored yet. */
describe('an empty database', () => {
  test('answers with nulls and zeros', async () => {
    expect(await overview()).toMatchObject({
      reach: { value: 0, subscribers: 0, streams: 0 },
      delivered: 0,
      opt_out_rate: nothing,
      previous_opt_out_rate: nothing,
      complaint_rate: nothing,
      unsolicited: nothing,
      unattributed_opt_outs: 0,
      permissions_kept: 0,
      time_to_honour_p99_ms: null,
    });
    expect((await rates('dimension=segment')).rows).toEqual([]);
  });

  test('has a bucket for each day of the default window, the last unfinished, and each one a gap', async () => {
    const { trend } = await overview();
    expect(trend.length).toBeGreaterThanOrEqual(7);
    expect(trend.map((point) => point.rate)).toEqual(trend.map(() => nothing));
    expect(trend.map((point) => point.finished)).toEqual(trend.map((_, index) => index < trend.length - 1));
  });
});

/**
 * Deliveries, three hours ago, and what came of them:
 *
 *           | country plan | promotions m-      | newsletter | what happened
 *   ada     | DE      free | 1 → opted out      | delivered  | 1 kept by scoping
 *   bob     | DE      pro  | 2 → complained     |            | unsolicited
 *   cyd     | US      free | 3                  |            |
 *   dan     | US      free |                    |            | opts out of nothing delivered: unattributed, unsolicited
 */
describe('what was posted', () => {
  const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
  const newsletter = { channel: 'email', category: 'newsletter', origin: 'blog' };
  const at = new Date(Date.now() - 3 * hour).toISOString();
  const later = new Date(Date.now() - 2 * hour).toISOString();

  beforeAll(async () => {
    for (const [key, stream, title] of [
      ['promotions', promotions, 'Offers'],
      ['newsletter', newsletter, 'News'],
    ] as const) {
      const definition = {
        class: 'commercial',
        brand: 'shop',
        list_id: `${key}.example.com`,
        regime: 'opt_out',
      };
      await send(
        `/v1/streams/${key}`,
        { ...stream, ...definition, title, all_option_shown: true, legal_basis: 'consent' },
        'PUT',
      );
    }
    await send('/v1/subscribers', [
      { id: 'ada', email: 'ada@example.com', jurisdiction: 'DE', attributes: { plan: 'free' } },
      { id: 'bob', email: 'bob@example.com', jurisdiction: 'DE', attributes: { plan: 'pro' } },
      { id: 'cyd', email: 'cyd@example.com', jurisdiction: 'US', attributes: { plan: 'free' } },
      { id: 'dan', email: 'dan@example.com', jurisdiction: 'US', attributes: { plan: 'free' } },
    ]);
    const delivery = { type: 'delivered', occurred_at: at, campaign: 'bf', message_type: 'offer' };
    await send(
      '/v1/events',
      [
        { id: 'd-1', subscriber: 'ada', message_id: 'm-1', ...delivery, ...promotions },
        { id: 'd-2', subscriber: 'bob', message_id: 'm-2', ...delivery, ...promotions },
        { id: 'd-3', subscriber: 'cyd', message_id: 'm-3', ...delivery, ...promotions },
        { id: 'd-4', subscriber: 'ada', message_id: 'm-4', ...delivery, ...newsletter, campaign: '' },
      ].map((event) => Object.fromEntries(Object.entries(event).filter(([, value]) => value !== ''))),
    );
    await send('/v1/events', [
      {
        id: 'o-1',
        type: 'opted_out',
        subscriber: 'ada',
        ...promotions,
        message_id: 'm-1',
        asked: 'this',
        trigger: 'one_click_unsubscribe',
        occurred_at: later,
      },
      // A feedback report names the message alone: neither category nor origin.
      {
        id: 'o-2',
        type: 'complained',
        subscriber: 'bob',
        channel: 'email',
        message_id: 'm-2',
        trigger: 'complaint',
        occurred_at: later,
      },
      {
        id: 'o-3',
        type: 'opted_out',
        subscriber: 'dan',
        ...promotions,
        asked: 'this',
        trigger: 'link_unsubscribe',
        occurred_at: later,
      },
    ]);
  });

  const of = (numerator: number, denominator: number) => ({
    numerator,
    denominator,
    value: numerator / denominator,
  });

  test('is read back as the tiles of the overview', async () => {
    const answer = await overview();
    expect(answer).toMatchObject({
      query: 'analytics/overview_totals',
      reach: { value: 2, subscribers: 2, streams: 2 },
      delivered: 4,
      opt_out_rate: of(1, 4),
      complaint_rate: of(1, 4),
      previous_opt_out_rate: nothing,
      unsolicited: of(2, 3),
      unattributed_opt_outs: 1,
    });
  });
  test.todo('rest');
});
