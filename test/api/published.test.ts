import { PublicationsService } from '@secateur/backend/app';
import {
  PublishedAnswer,
  PublishedRetentionAnswer,
  type PublishedRow,
  RetentionAnswer,
} from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.now();
const hoursAgo = (hours: number): string => new Date(now - hours * hour).toISOString();

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  await send(
    '/v1/streams/news',
    {
      ...{ title: 'News', class: 'commercial', channel: 'email', category: 'news', origin: 'shop' },
      ...{ brand: 'shop', list_id: 'news.example.com', regime: 'opt_out' },
      ...{ all_option_shown: true, legal_basis: 'consent' },
    },
    'PUT',
  );
  const people = Array.from({ length: 40 }, (_, index) => ({
    ...{ id: `p-${index}`, email: `p${index}@example.com`, jurisdiction: 'DE', attributes: { plan: 'free' } },
  }));
  await send('/v1/subscribers', people);
  await send('/v1/events', [
    ...people.map((one, index) => delivered(`d-${index}`, one.id, 20 * 24)),
    ...people.slice(0, 10).map((one, index) => delivered(`e-${index}`, one.id, 30)),
    optedOut('o-0', 'p-0', 28, 'e-0'),
    optedOut('o-1', 'p-1', 26),
  ]);
});
afterAll(() => app.stop());

async function send(path: string, body: unknown, method = 'POST'): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await app.request(path, { method, headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as { rejected?: unknown[] };
  expect({ path, status: response.status, answer }).toMatchObject({ path, status: 200 });
  expect(answer.rejected ?? []).toEqual([]);
}

const place = { channel: 'email', category: 'news', origin: 'shop' };
const delivered = (id: string, subscriber: string, ago: number) => ({
  ...{ id, type: 'delivered', subscriber, message_id: id, occurred_at: hoursAgo(ago), ...place },
});
const optedOut = (id: string, subscriber: string, ago: number, message?: string) => ({
  ...{ id, type: 'opted_out', subscriber, ...place, asked: 'this', trigger: 'one_click_unsubscribe' },
  ...(message === undefined ? {} : { message_id: message }),
  occurred_at: hoursAgo(ago),
});

const publish = (at = new Date()) => app.app.get(PublicationsService).rates(at);
const publishCurves = (at = new Date()) => app.app.get(PublicationsService).curves(at);

async function get<Answer>(schema: { parse(value: unknown): Answer }, path: string): Promise<Answer> {
  const response = await app.request(`/v1/analytics/${path}`);
  expect(response.status).toBe(200);
  return schema.parse(await response.json());
}
const hours = async (search = ''): Promise<PublishedRow[]> =>
  (await get(PublishedAnswer, `published?from=${hoursAgo(60)}&interval=hour${search}`)).rows;
const counts = ({ delivered, opt_outs, complaints }: PublishedRow['published']) => ({
  ...{ delivered, opt_outs, complaints },
});
const rowOf = (rows: readonly PublishedRow[], ago: number): PublishedRow => {
  const at = Math.floor((now - ago * hour) / hour) * hour;
  const row = rows.find((one) => Date.parse(one.at) === at);
  if (row === undefined) throw new Error(`no hour ${ago} hours ago`);
  return row;
};

let before: PublishedRow[];

test('nothing is told of hours that were not published', async () => {
  expect(await hours()).toEqual([]);
  const response = await app.request('/v1/analytics/published_retention?stream=news');
  expect(response.status).toBe(404);
});

test('each hour that is over is published once, and equals what is known', async () => {
  const at = new Date();
  const hourOf = (instant: number): number => Math.floor(instant / hour);
  expect(await publish(at)).toEqual({
    first: 7 * 24,
    complete: hourOf(at.getTime() - 7 * day) - hourOf(now - 20 * day),
  });
  expect(await publish(at)).toEqual({ first: 0, complete: 0 });
  before = await hours();
  const row = rowOf(before, 30);
  expect(counts(row.published)).toEqual({ delivered: 10, opt_outs: 2, complaints: 0 });
  expect(row.published.opt_out_rate.value).toBeCloseTo(0.2, 12);
  for (const { published, now, difference, reasons, whole } of before) {
    expect(now).toEqual(published);
    expect(difference).toEqual({ delivered: 0, opt_outs: 0, complaints: 0 });
    expect([reasons, whole]).toEqual([[], true]);
  }
  const [complete20] = (
    await get(PublishedAnswer, `published?stage=complete&from=${hoursAgo(21 * 24)}&segment=plan:free`)
  ).rows.filter(({ published }) => published.delivered > 0);
  expect(complete20 && counts(complete20.published)).toEqual({ delivered: 40, opt_outs: 0, complaints: 0 });
});

test('what comes afterwards changes no published figure, and stands beside it with its reason', async () => {
  await send('/v1/events', [
    // Another delivery before o-1, which names no message: that is where it belongs from now on.
    delivered('late', 'p-1', 27),
    delivered('late-2', 'p-20', 30),
    optedOut('o-2', 'p-2', 25, 'e-2'),
    { ...optedOut('o-3', 'p-3', 0, 'e-3'), occurred_at: new Date().toISOString() },
  ]);
  const published = ({ at, published, as_of, known_at }: PublishedRow) => ({
    at,
    published,
    as_of,
    known_at,
  });
  await expect.poll(async () => rowOf(await hours(), 27).now.opt_outs).toBe(1);
  const after = await hours();
  expect(after.map(published)).toEqual(before.map(published));

  const row = rowOf(after, 30);
  expect(counts(row.now)).toEqual({ delivered: 11, opt_outs: 3, complaints: 0 });
  expect(row.difference).toEqual({ delivered: 1, opt_outs: 1, complaints: 0 });
  expect(row.reasons).toEqual([
    { reason: 'made_later', delivered: 0, opt_outs: 1, complaints: 0 },
    { reason: 'arrived_late', delivered: 1, opt_outs: 1, complaints: 0 },
    { reason: 'counted_anew', delivered: 0, opt_outs: -1, complaints: 0 },
  ]);
  expect(rowOf(after, 27).reasons).toEqual([
    { reason: 'arrived_late', delivered: 1, opt_outs: 0, complaints: 0 },
    { reason: 'counted_anew', delivered: 0, opt_outs: 1, complaints: 0 },
  ]);
  for (const { difference, reasons } of after)
    for (const name of ['delivered', 'opt_outs', 'complaints'] as const)
      expect(reasons.reduce((sum, one) => sum + one[name], 0)).toBe(difference[name]);
});

test('is told by UTC day, of one stream, and as a table', async () => {
  const { rows } = await get(PublishedAnswer, `published?from=${hoursAgo(60)}&stream=news`);
  const sum = rows.reduce((total, { published }) => total + published.delivered, 0);
  expect(sum).toBe(10);
  expect(rows.every(({ whole, hours }) => whole === (hours === 24))).toBe(true);
  const csv = await app.request(`/v1/analytics/published?from=${hoursAgo(60)}&format=csv`);
  expect((await csv.text()).split('\r\n', 1)[0]).toContain('published.opt_out_rate.value');
});

test('curves are published once a day, stay, and can be held against what became known', async () => {
  // Everybody, the stream, and three segments: the country, the plan, and people who were never seen to open.
  const { curves } = await publishCurves();
  expect(curves).toBeGreaterThanOrEqual(5);
  expect(await publishCurves()).toEqual({ curves: 0 });
  const asked = () => get(PublishedRetentionAnswer, 'published_retention?stream=news');
  const first = await asked();
  expect(first.published.n).toBe(40);
  expect(first.difference).toEqual({ n: 0, events: 0, survival: null, reason: 'none' });
  expect(first.days).toHaveLength(1);

  // By both clocks the published curve can be asked for again.
  const { as_of, known_at } = first.published.definition;
  const again = await get(RetentionAnswer, `retention?stream=news&as_of=${as_of}&known_at=${known_at}`);
  expect(again).toEqual(first.published);

  await send('/v1/events', [optedOut('o-4', 'p-30', 10 * 24)]);
  const second = await asked();
  expect(second.published).toEqual(first.published);
  expect(second.difference).toMatchObject({ n: 0, events: 1, reason: 'arrived_late' });
  expect(second.difference.survival?.now).toBeLessThan(second.difference.survival?.published ?? 0);
  expect(await get(RetentionAnswer, `retention?stream=news&as_of=${as_of}&known_at=${known_at}`)).toEqual(
    first.published,
  );

  await publishCurves(new Date(now + day));
  expect((await asked()).days).toHaveLength(1 + 1);
});

test.each([
  ['published?stage=last', 'stage'],
  ['published?interval=week', 'interval'],
  ['published?from=2020-01-01T00:00:00Z&interval=hour', 'interval'],
  ['published?segment=nobody', 'segment'],
  ['published_retention?stream=nothing', 'stream'],
  ['published_retention?as_of=yesterday', 'as_of'],
])('refuses %s and names %s', async (path, field) => {
  const response = await app.request(`/v1/analytics/${path}`);
  expect(response.status).toBe(400);
  const { errors } = (await response.json()) as { errors: { field: string }[] };
  expect(errors.map((error) => error.field)).toEqual([field]);
});
