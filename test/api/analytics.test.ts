import {
  DriversAnswer,
  MetricAnswer,
  Overview,
  RatesAnswer,
  UnsolicitedAnswer,
} from '@secateur/backend/contract';
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
    value: denominator === 0 ? null : numerator / denominator,
  });

  test('is read back as the tiles of the overview', async () => {
    const answer = await overview();
    expect(answer).toMatchObject({
      query: 'analytics/rates',
      reach: { value: 2, subscribers: 2, streams: 2 },
      delivered: 4,
      opt_out_rate: of(1, 4),
      complaint_rate: of(1, 4),
      previous_opt_out_rate: nothing,
      previous_complaint_rate: nothing,
      unsolicited: of(2, 3),
      unattributed_opt_outs: 1,
      previous_permissions_kept: 0,
    });
    // Ada keeps the newsletter; Bob's complaint and Dan's opt-out stop what they had.
    expect(answer.permissions_kept).toBeGreaterThanOrEqual(1);
    expect(answer.time_to_honour_p99_ms).toBeGreaterThanOrEqual(0);
    expect(answer.opt_out_rate.lower).toBeCloseTo(0.0456, 4);
    expect(answer.opt_out_rate.upper).toBeCloseTo(0.6994, 4);
  });

  test('stands in the hour of the delivery, and every other hour is a gap', async () => {
    const { trend, from, to } = await overview(`?from=${new Date(Date.now() - 12 * hour).toISOString()}`);
    expect(trend.length).toBeGreaterThanOrEqual((Date.parse(to) - Date.parse(from)) / hour);
    const filled = trend.filter((point) => point.rate.value !== null);
    expect(filled).toMatchObject([
      { at: `${at.slice(0, 13)}:00:00.000Z`, rate: of(1, 4), opt_outs: 1, finished: true },
    ]);
    expect(trend.at(-1)).toMatchObject({ rate: nothing, opt_outs: 0, finished: false });
  });

  test('is the window before once the window has passed it', async () => {
    const search = `?from=${new Date(Date.now() - 2 * hour).toISOString()}`;
    const { opt_out_rate, previous_opt_out_rate, previous_complaint_rate } = await overview(search);
    expect(opt_out_rate).toEqual(nothing);
    expect(previous_opt_out_rate).toMatchObject(of(1, 4));
    expect(previous_complaint_rate).toMatchObject(of(1, 4));
  });

  test('is counted once in each segment of its subscriber', async () => {
    const answer = await rates('dimension=segment&interval=day');
    expect(answer).toMatchObject({
      dimension: 'segment',
      interval: 'day',
      query: 'analytics/rates',
    });
    expect(
      answer.rows.map((row) => [row.key, row.title, row.size, row.opt_out_rate.numerator, row.delivered]),
    ).toEqual([
      ['engagement:new', 'Engagement: new', 4, 1, 4],
      ['country:DE', 'Country: DE', 2, 1, 3],
      ['plan:free', 'Plan: free', 3, 1, 3],
      ['country:US', 'Country: US', 2, 0, 1],
      ['plan:pro', 'Plan: pro', 1, 0, 1],
    ]);
    for (const { trend, delivered } of answer.rows) {
      expect(trend.reduce((sum, point) => sum + point.rate.denominator, 0)).toBe(delivered);
    }
  });

  test.each([
    [
      'stream',
      [
        ['promotions', 'Offers · Email', 3, 1, 1],
        ['newsletter', 'News · Email', 1, 0, 0],
      ],
    ],
    [
      'campaign',
      [
        ['bf', 'bf', 3, 1, 1],
        ['', 'No campaign', 1, 0, 0],
      ],
    ],
    ['channel', [['email', 'Email', 4, 1, 1]]],
    [
      'category',
      [
        ['promotions', 'promotions', 3, 1, 1],
        ['newsletter', 'newsletter', 1, 0, 0],
      ],
    ],
    [
      'origin',
      [
        ['shop', 'shop', 3, 1, 1],
        ['blog', 'blog', 1, 0, 0],
      ],
    ],
    ['message_type', [['offer', 'offer', 4, 1, 1]]],
  ])('is cut by %s, every rate over its own deliveries', async (dimension, expected) => {
    const { rows } = await rates(`dimension=${dimension}`);
    expect(
      rows.map((row) => [
        row.key,
        row.title,
        row.delivered,
        row.opt_out_rate.numerator,
        row.complaint_rate.numerator,
      ]),
    ).toEqual(expected);
    for (const row of rows) {
      expect(row.size).toBeNull();
      expect([row.opt_out_rate.denominator, row.complaint_rate.denominator]).toEqual([
        row.delivered,
        row.delivered,
      ]);
    }
  });
});

describe('a metric of the catalogue', () => {
  const figures = async (path: string): Promise<MetricAnswer> => {
    const { status, body } = await get(`/v1/analytics/${path}`);
    expect([path, status]).toEqual([path, 200]);
    return MetricAnswer.parse(body);
  };

  test('answers for everybody, with what it means, by which clocks, and the window before', async () => {
    const answer = await figures('opt_out_rate?time_zone=Asia/Kolkata&week_start=sunday&trend=true');
    expect(answer).toMatchObject({
      metric: 'opt_out_rate',
      unit: 'share',
      by: [],
      time_zone: 'Asia/Kolkata',
      week_start: 'sunday',
      cells: 1,
    });
    const [row] = answer.rows;
    expect(row?.figure).toMatchObject({ numerator: 1, denominator: 4, value: 0.25 });
    expect(row?.previous).toMatchObject({ numerator: 0, denominator: 0, value: null });
    // Days of India begin at 18:30 in UTC.
    expect(new Set(row?.trend?.map(({ at }) => at.slice(11)))).toEqual(new Set(['18:30:00.000Z']));
    expect(row?.trend?.reduce((sum, { figure }) => sum + (figure.denominator ?? 0), 0)).toBe(4);
  });

  test('is cut by two dimensions at once, by trigger and reason, too', async () => {
    const { rows } = await figures('complaint_rate?by=campaign&by=trigger');
    expect(rows.map(({ keys, figure }) => [...keys, figure.numerator, figure.denominator])).toEqual([
      ['bf', 'complaint', 1, 3],
      ['bf', 'one_click_unsubscribe', 0, 3],
    ]);
  });

  test('every one answers for everybody and by each dimension it names, without a row where nothing was', async () => {
    const { body } = await get('/v1/analytics/metrics');
    for (const { id, dimensions } of body.metrics as { id: string; dimensions: string[] }[]) {
      expect((await figures(id)).rows).toHaveLength(1);
      for (const one of dimensions) expect((await figures(`${id}?by=${one}`)).by).toEqual([one]);
      const long = `from=2001-01-01T00:00:00Z&to=2001-02-01T00:00:00Z`;
      const empty = await figures(`${id}?${long}`);
      expect(empty.rows[0]?.figure.value).toBeOneOf([0, null]);
    }
  });

  test('is a table for a spreadsheet when asked as one', async () => {
    const response = await app.request('/v1/analytics/complaint_rate?by=campaign&by=trigger&format=csv');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="complaint_rate.csv"');
    const [header, ...rows] = (await response.text()).trimEnd().split('\r\n');
    const columns = header?.split(',') ?? [];
    const at = (name: string, row: string) => row.split(',')[columns.indexOf(name)];
    expect(
      rows.map((row) => ['campaign', 'trigger', 'figure.numerator'].map((name) => at(name, row))),
    ).toEqual([
      ['bf', 'complaint', '1'],
      ['bf', 'one_click_unsubscribe', '0'],
    ]);
    expect(at('time_zone', rows[0] ?? '')).toBe('UTC');
  });

  test('reach is of the end of the window, cut as asked, and grew by what began and ended', async () => {
    const reach = await figures('reach?by=stream&trend=true');
    expect(reach.rows.map(({ keys, figure, previous }) => [...keys, figure.value, previous.value])).toEqual([
      ['newsletter', 1, 0],
      ['promotions', 1, 0],
    ]);
    const growth = await figures('list_growth?by=stream&trend=true');
    // Ada and Bob left; Dan never had it.
    expect(growth.rows.map(({ keys, figure }) => [...keys, figure.value, figure.parts])).toEqual([
      ['promotions', 1, { began: 3, ended: 2 }],
      ['newsletter', 1, { began: 1, ended: 0 }],
    ]);
    const of = ({ rows }: MetricAnswer, key: string) => rows.find(({ keys }) => keys[0] === key)?.trend ?? [];
    for (const key of ['newsletter', 'promotions']) {
      const net = of(growth, key).map(({ figure }) => figure.value ?? 0);
      const ends = of(reach, key).map(({ figure }) => figure.value);
      expect(ends.at(-1)).toBe(1);
      for (const [index, end] of ends.entries())
        expect(end).toBe(net.slice(0, index + 1).reduce((sum, one) => sum + one, 0));
    }
    const [everybody] = (await figures('reach')).rows;
    expect(everybody?.figure).toMatchObject({ value: 2, parts: { subscribers: 2, streams: 2 } });
    expect(everybody?.figure.value).toBe((await overview()).reach.value);
    // Cyd has promotions, Ada the newsletter.
    const { rows } = await figures('reach?by=segment&by=channel');
    expect(rows.map(({ keys, figure }) => [...keys, figure.value])).toContainEqual([
      'country:US',
      'email',
      1,
    ]);
  });

  test('a bucket that has not begun has no reach, and one in which nothing happened no growth', async () => {
    const search = `from=${new Date(Date.now() - 6 * hour).toISOString()}&to=${new Date(Date.now() + 6 * hour).toISOString()}&trend=true`;
    const [reach] = (await figures(`reach?${search}`)).rows;
    const [growth] = (await figures(`list_growth?${search}`)).rows;
    expect(reach?.trend?.at(-1)?.figure.value).toBeNull();
    expect(growth?.trend?.at(-1)?.figure.value).toBe(0);
  });

  test('time to honour tells when it held, and that nobody had to be told without a target', async () => {
    const [row] = (await figures('time_to_honour')).rows;
    expect(row?.figure.parts).toMatchObject({
      requests: 3,
      owed: 0,
      acknowledged: 0,
      acknowledged_p99: null,
    });
    expect(row?.figure.value).toBeGreaterThanOrEqual(0);
  });

  test('shows a share that is cut drawn to its siblings beside the raw one, and says why it does not', async () => {
    const byCampaign = await figures('opt_out_rate?by=campaign');
    expect(byCampaign.shrinkage).toContain('siblings');
    // Two campaigns: too few to say how much they differ.
    expect(byCampaign.rows.map(({ shrunk }) => shrunk)).toEqual([null, null]);
    const [byTrigger, uncut] = [await figures('opt_out_rate?by=trigger'), await figures('opt_out_rate')];
    expect([byTrigger.shrinkage, uncut.shrinkage]).toEqual([null, null]);
  });

  test('counts what people did about it', async () => {
    const value = async (path: string) => (await figures(path)).rows[0]?.figure.value;
    expect(await value('unattributed_opt_outs')).toBe(1);
    expect(await value('permissions_kept')).toBe((await overview()).permissions_kept);
    expect(await value('pauses')).toBe(0);
    expect(await value('repeat_opt_outs')).toBe(0);
    // Four messages to three people, as if a week went on like that.
    expect(await value('send_pressure')).toBeCloseTo(4 / 3, 9);
  });
});

describe('why people leave', () => {
  test('drivers say what was compared, and claim an association only', async () => {
    const { status, body } = await get('/v1/analytics/drivers');
    expect(status).toBe(200);
    const { claim, rows } = DriversAnswer.parse(body);
    expect(claim).toBe('association');
    expect(rows.find((row) => row.view === 'dose' && row.dimension === 'channel')).toMatchObject({
      key: 'email',
      title: 'Email',
      delivered: 4,
      compared: 0,
      ratio: null,
      q: null,
    });
  });

  test('who left uninvited is told by kind, with decisions to open', async () => {
    const { status, body } = await get('/v1/analytics/unsolicited');
    expect(status).toBe(200);
    const { rows } = UnsolicitedAnswer.parse(body);
    expect(rows[0]).toMatchObject({ segment: '', titles: { segment: 'Everybody' } });
    const kinds = rows
      .filter(({ segment }) => segment === '')
      .flatMap((row) => row.kinds.map(({ kind }) => kind));
    expect(new Set(kinds)).toEqual(new Set(['complaint', 'late']));
    const [example] = rows[0]?.examples ?? [];
    expect((await get(`/v1/decisions/${example?.decision}`)).status).toBe(200);
  });
});

test('lists what each figure means', async () => {
  const { status, body } = await get('/v1/analytics/metrics');
  expect(status).toBe(200);
  const metrics = body.metrics as Record<string, unknown>[];
  expect(metrics.map(({ id }) => id)).toEqual([
    'opt_out_rate',
    'complaint_rate',
    'unsolicited_share',
    'permissions_kept',
    'reach',
    'list_growth',
    'time_to_honour',
    'repeat_opt_outs',
    'pauses',
    'caps',
    'unattributed_opt_outs',
    'suspected_machine_opt_outs',
    'delivered',
    'send_pressure',
  ]);
  expect(metrics[0]).toMatchObject({
    unit: 'share',
    additive: false,
    denominator: 'messages delivered in the window',
  });
});

test.each([
  ['overview?from=yesterday', 'from'],
  ['overview?to=2026-11-20', 'to'],
  ['overview?interval=year', 'interval'],
  ['overview?time_zone=Mars/Olympus', 'time_zone'],
  ['opt_out_rate?by=planet', 'by'],
  ['opt_out_rate?by=stream&by=stream', 'by'],
  ['reach?by=campaign', 'by'],
  ['reach?by=segment&trend=true', 'trend'],
  ['list_growth?by=segment', 'by'],
  ['send_pressure?trend=true', 'trend'],
  ['opt_out_rate?limit=0', 'limit'],
  ['opt_out_rate?format=pdf', 'format'],
  ['planet', 'metric'],
  ['overview?form=2026-11-20T00:00:00Z', 'form'],
  ['overview?from=2026-11-20T00:00:00Z&from=2026-11-19T00:00:00Z', 'from'],
  ['overview?from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z', 'from'],
  ['overview?from=2020-01-01T00:00:00Z&to=2026-11-19T00:00:00Z&interval=hour', 'interval'],
  ['rates', 'dimension'],
  ['rates?dimension=planet', 'dimension'],
])('refuses %s and names %s', async (path, field) => {
  const { status, body } = await get(`/v1/analytics/${path}`);
  expect(status).toBe(400);
  expect((body.errors as { field: string }[]).map((error) => error.field)).toEqual([field]);
});

test('needs the scope read', async () => {
  const made = await app.request('/v1/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'sender', scopes: ['send'] }),
  });
  const { key } = (await made.json()) as { key: string };
  for (const path of ['overview', 'rates?dimension=segment', 'metrics']) {
    const asked = await app.request(`/v1/analytics/${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect(asked.status).toBe(403);
  }
});

/** Runs last: it takes the figures away. */
test('answers with an error and never with an empty table when a query fails', async () => {
  await app.engine.command('RENAME TABLE rates TO rates_away');
  for (const path of ['overview', 'rates?dimension=segment']) {
    const { status, body } = await get(`/v1/analytics/${path}`);
    expect(status).toBeGreaterThanOrEqual(500);
    expect(body).not.toHaveProperty('rows');
  }
});
