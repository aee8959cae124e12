import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const post = async (path: string, body: unknown, method = 'POST') => {
  const response = await app.request(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const newsletter = { channel: 'email', category: 'newsletter', origin: 'shop' };

const allowed = async (message: object, subscriber: string) => {
  const { body } = await post('/v1/permissions/check', { message, subscribers: [subscriber] });
  return (body.results as { allowed: boolean; reason: string }[])[0];
};

test('an opt-out stops the stream of the message, keeps the others, and the next send check obeys', async () => {
  for (const [key, stream] of [
    ['promotions', promotions],
    ['newsletter', newsletter],
  ] as const) {
    const definition = {
      ...stream,
      class: 'commercial',
      brand: 'shop',
      list_id: `${key}.shop.example.com`,
      all_option_shown: true,
      legal_basis: 'consent',
      regime: 'opt_out',
    };
    expect(await post(`/v1/streams/${key}`, definition, 'PUT')).toMatchObject({
      status: 200,
      body: { version: 1 },
    });
  }
  const profile = { id: 'u-1', email: 'ada@example.com', jurisdiction: 'US', attributes: { plan: 'free' } };
  expect(await post('/v1/subscribers', [profile])).toMatchObject({ status: 200, body: { accepted: 1 } });
  expect(await allowed(promotions, 'u-1')).toMatchObject({ allowed: true, reason: 'regime_opt_out' });

  const delivered = {
    id: 'd-1',
    type: 'delivered',
    subscriber: 'u-1',
    ...promotions,
    campaign: 'bf-2026',
    message_id: 'm-1',
  };
  const optOut = {
    id: 'o-1',
    type: 'opted_out',
    subscriber: 'u-1',
    ...promotions,
    message_id: 'm-1',
    asked: 'this',
  };
  expect(
    await post('/v1/events', [delivered, { ...optOut, trigger: 'one_click_unsubscribe' }]),
  ).toMatchObject({
    status: 200,
    body: { accepted: 2, rejected: [] },
  });
  expect(await allowed(promotions, 'u-1')).toMatchObject({ allowed: false, reason: 'opt_out' });
  expect(await allowed(newsletter, 'u-1')).toMatchObject({ allowed: true });

  const page = (await (await app.request('/v1/decisions')).json()) as { decisions: { id: string }[] };
  const decision = (await (await app.request(`/v1/decisions/${page.decisions[0]?.id}`)).json()) as object;
  expect(decision).toMatchObject({
    subscriber: 'u-1',
    stream: 'promotions',
    streams_stopped: ['promotions'],
    streams_kept: ['newsletter'],
    kept_by_scoping: 1,
    attributed: { message_id: 'm-1', campaign: 'bf-2026' },
    effective: ['channel=email;category=promotions;origin=shop'],
  });
});

test('a one-click POST to a link of ours stops its stream at once, without a redirect or a cookie', async () => {
  const message = { ...newsletter, campaign: 'weekly-47', message_id: 'm-2' };
  const link = await post('/v1/links', { subscriber: 'u-2', message, all_option_shown: true });
  expect(link).toMatchObject({ status: 200 });
  const { url, headers } = link.body as { url: string; headers: Record<string, string> };
  expect(headers).toMatchObject({
    'List-Unsubscribe': expect.stringContaining(url),
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  });
  expect(await post('/v1/subscribers', [{ id: 'u-2', jurisdiction: 'US' }])).toMatchObject({ status: 200 });
  const path = new URL(url).pathname;
  const page = await app.request(path, { headers: { authorization: '' } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<form');
  expect(await allowed(newsletter, 'u-2')).toMatchObject({ allowed: true });

  const answer = await app.request(path, {
    method: 'POST',
    headers: { authorization: '', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expect([answer.status, answer.headers.get('set-cookie'), answer.redirected]).toEqual([200, null, false]);
  expect(await allowed(newsletter, 'u-2')).toMatchObject({ allowed: false, reason: 'opt_out' });
  expect(await allowed(promotions, 'u-2')).toMatchObject({ allowed: true });
});

const rateOf = async (campaign: string) => {
  const answer = await app.request('/v1/analytics/rates?dimension=campaign');
  const { rows } = (await answer.json()) as { rows: { key: string; opt_out_rate: { numerator: number } }[] };
  return rows.find(({ key }) => key === campaign)?.opt_out_rate;
};

test('an opt-out belongs to its delivery also where the sender gives no message ids', async () => {
  const delivered = { id: 'd-5', type: 'delivered', subscriber: 'u-5', ...promotions, campaign: 'plain' };
  await post('/v1/events', [delivered]);
  const optOut = { type: 'opted_out', subscriber: 'u-5', ...promotions, asked: 'this' };
  await post('/v1/events', [
    { ...optOut, id: 'o-5' },
    { ...optOut, id: 'o-6' },
  ]);
  expect(await rateOf('plain')).toMatchObject({ numerator: 1, denominator: 1 });
});

test('a delivery that arrives late is counted in the segments of its own time', async () => {
  const event = (id: string, type: string, occurred_at: string) => ({
    ...{ id, type, occurred_at, subscriber: 'u-6', ...promotions, campaign: `late-${id}` },
  });
  const days = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();
  await post('/v1/events', [event('l-1', 'opened', days(300)), event('l-2', 'opened', days(1))]);
  await post('/v1/events', [
    event('l-3', 'delivered', days(0)),
    event('l-4', 'delivered', days(100)),
    event('l-5', 'delivered', days(290)),
    event('l-6', 'delivered', days(301)),
  ]);
  const rows = await app.engine.rows<{ id: string; segments: string[] }>(
    'late deliveries',
    "SELECT id, segments FROM events WHERE id IN ('l-3', 'l-4', 'l-5', 'l-6') ORDER BY id",
  );
  const tiers = rows.map(({ id, segments }) => [id, segments.find((one) => one.startsWith('engagement:'))]);
  expect(tiers).toEqual([
    ['l-3', 'engagement:active'],
    ['l-4', 'engagement:dormant'],
    ['l-5', 'engagement:active'],
    ['l-6', 'engagement:new'],
  ]);
});
