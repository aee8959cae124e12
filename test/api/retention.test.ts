import { CohortsAnswer, Problem, RetentionAnswer } from '@secateur/backend/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';

const day = 86_400_000;
const asOf = new Date(Math.floor(Date.now() / day) * day).toISOString();
const before = (days: number) => new Date(Date.parse(asOf) - days * day).toISOString();

let app: RunningApp;

async function send(path: string, body: unknown, method = 'POST'): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await app.request(path, { method, headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { rejected?: unknown[] };
  expect(answer.rejected ?? []).toEqual([]);
}

async function retention(asked: Record<string, string | string[]>): Promise<RetentionAnswer> {
  const search = new URLSearchParams('as_of' in asked ? {} : { as_of: asOf });
  for (const [name, values] of Object.entries(asked))
    for (const value of [values].flat()) search.append(name, value);
  const response = await app.request(`/v1/analytics/retention?${search}`);
  expect(response.status).toBe(200);
  return RetentionAnswer.parse(await response.json());
}

/* Freireich et al. (1963): weeks in remission, here days on a stream; negative: censored. */
const treated = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35];
const placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
const groups = { treated, placebo };

beforeAll(async () => {
  app = await startApp();
  for (const key of Object.keys(groups)) {
    await send(
      `/v1/streams/${key}`,
      {
        channel: 'email',
        category: key,
        origin: 'shop',
        class: 'commercial',
        brand: 'shop',
        list_id: `${key}.example.com`,
        regime: 'opt_out',
        all_option_shown: true,
        legal_basis: 'consent',
        title: key,
      },
      'PUT',
    );
  }
  const people = Object.entries(groups).flatMap(([category, days]) =>
    days.map((each, index) => {
      const length = Math.abs(each);
      // Who ends has come long ago; who is censored came that long before.
      const began = each > 0 ? 40 : length;
      return { subscriber: `${category}-${index}`, category, began, ended: each > 0 ? began - length : null };
    }),
  );
  await send(
    '/v1/subscribers',
    people.map(({ subscriber, category }) => ({
      id: subscriber,
      email: `${subscriber}@example.com`,
      jurisdiction: category === 'treated' ? 'DE' : 'US',
    })),
  );
  const place = { channel: 'email', origin: 'shop' };
  await send(
    '/v1/events',
    people.map(({ subscriber, category, began }) => ({
      id: `d-${subscriber}`,
      type: 'delivered',
      subscriber,
      ...place,
      category,
      message_id: `m-${subscriber}`,
      occurred_at: before(began),
    })),
  );
  await send(
    '/v1/events',
    people.flatMap(({ subscriber, category, ended }) =>
      ended === null
        ? []
        : [
            {
              id: `o-${subscriber}`,
              type: 'opted_out',
              subscriber,
              ...place,
              category,
              asked: 'this',
              trigger: 'one_click_unsubscribe',
              occurred_at: before(ended),
            },
          ],
    ),
  );
});
afterAll(() => app.stop());

describe('the curve of what was posted', () => {
  test('is the published one of Freireich et al.', async () => {
    const answer = await retention({ stream: 'treated', min_at_risk: '0', cause: 'opt_out' });
    expect(answer.n).toBe(21);
    const ends = answer.curve.filter(({ events }) => events > 0);
    expect(ends.map(({ t, at_risk, events }) => [t, at_risk, events])).toEqual([
      [6, 21, 3],
      [7, 17, 1],
      [10, 15, 1],
      [13, 12, 1],
      [16, 11, 1],
      [22, 7, 1],
      [23, 6, 1],
    ]);
    expect(ends.map(({ survival }) => survival.toFixed(3)).join(' ')).toBe(
      '0.857 0.807 0.753 0.690 0.627 0.538 0.448',
    );
    expect(ends.map(({ std_error }) => std_error?.toFixed(4)).join(' ')).toBe(
      '0.0764 0.0869 0.0963 0.1068 0.1141 0.1282 0.1346',
    );
    expect(answer.median.value).toBe(23);
    expect(answer.median.upper).toBeNull();
    expect(answer.rmst).toMatchObject({ from: 0, until: 35 });
    expect(answer).toMatchObject({
      stream: 'treated',
      segment: null,
      begins_at: null,
      cut_off_at: null,
      compared: [],
      log_rank: null,
    });
    expect(answer.risk_table[0]).toEqual({ t: 0, at_risk: 21, events: 0, censored: 0 });
    expect(answer.risk_table.at(-1)).toMatchObject({ t: 30, at_risk: 4, events: 9 });
  });

  test('says what it means', async () => {
    const { definition, query } = await retention({ stream: 'treated' });
    expect(definition).toMatchObject({
      as_of: asOf,
      cause: 'any',
      censored_by: [],
      unit: 'day',
      times: 'whole',
      clock: 'since_spell_began',
      following: 'to_the_end',
      min_at_risk: 20,
      interval: 'log-log',
    });
    expect(query).toBe('analytics/retention_curve');
    expect(Math.abs(Date.parse(definition.known_at) - Date.now())).toBeLessThan(60_000);
  });

  test('is cut off where fewer than 20 are at risk, and says from when on', async () => {
    const answer = await retention({ stream: 'treated' });
    expect(answer.curve.map(({ t }) => t)).toEqual([6]);
    expect(answer.cut_off_at).toBe(7);
    expect(answer.rmst?.until).toBe(6);
    expect(answer.median.value).toBeNull();
    const none = await retention({ stream: 'treated', min_at_risk: '22' });
    expect(none).toMatchObject({ n: 21, curve: [], cut_off_at: 6, rmst: null, risk_table: [] });
  });

  test('has shares by cause and cumulative hazard where they are asked for', async () => {
    const answer = await retention({
      stream: 'treated',
      min_at_risk: '0',
      include: ['incidence', 'nelson_aalen'],
    });
    const last = answer.curve.at(-1);
    expect(last?.nelson_aalen?.value).toBeCloseTo(0.752, 3);
    expect(last?.incidence?.opt_out).toBeCloseTo(1 - (last?.survival ?? 0), 12);
    expect(last?.incidence?.complaint).toBe(0);
    const plain = await retention({ stream: 'treated', min_at_risk: '0' });
    expect(Object.keys(plain.curve[0] ?? {})).not.toContain('incidence');
  });

  test('of complaints alone never falls: opt-outs censor', async () => {
    const answer = await retention({ stream: 'treated', min_at_risk: '0', cause: 'complaint' });
    expect(answer.curve.every(({ survival }) => survival === 1)).toBe(true);
    expect(answer.curve.map(({ lower }) => lower)).toEqual(answer.curve.map(() => null));
    expect(answer.definition.censored_by).toContain('opt_out');
  });

  test('as of an earlier day ends there, in units of its own', async () => {
    const answer = await retention({ stream: 'treated', min_at_risk: '0', unit: 'week', as_of: before(14) });
    // 26 days after the first came; those who came in the last fortnight are not there yet.
    expect(answer.n).toBe(21 - treated.filter((days) => days < 0 && days > -14).length);
    expect(answer.curve.at(-1)?.t).toBe(4);
  });

  test('before anything was known is empty', async () => {
    const answer = await retention({ stream: 'treated', as_of: before(14), known_at: before(0) });
    expect(answer).toMatchObject({
      n: 0,
      curve: [],
      rmst: null,
      median: { value: null, lower: null, upper: null },
    });
  });
});

describe('a comparison', () => {
  test('of two streams is the published log-rank test', async () => {
    const answer = await retention({ stream: ['treated', 'placebo'], min_at_risk: '0', cause: 'opt_out' });
    expect([answer, ...answer.compared].map(({ title, n, median }) => [title, n, median.value])).toEqual([
      ['treated · Email', 21, 23],
      ['placebo · Email', 21, 8],
    ]);
    expect(answer.log_rank?.chi_square?.toFixed(2)).toBe('16.79');
    expect(answer.log_rank?.p?.toExponential(2)).toBe('4.17e-5');
    expect(answer.log_rank).toMatchObject({ degrees: 1, is_disjoint: true });
    expect(answer.log_rank?.curves.map(({ observed, expected }) => [observed, expected.toFixed(2)])).toEqual([
      [9, '19.25'],
      [21, '10.75'],
    ]);
  });

  test('of built-in segments takes them as deliveries said, and of all streams all', async () => {
    const answer = await retention({ segment: ['country:DE', 'country:US'], min_at_risk: '0' });
    expect([answer, ...answer.compared].map(({ title, n, median }) => [title, n, median.value])).toEqual([
      ['Country: DE', 21, 23],
      ['Country: US', 21, 8],
    ]);
    expect(answer.log_rank?.chi_square?.toFixed(2)).toBe('16.79');
    expect(answer.log_rank?.is_disjoint).toBe(false);
    expect(answer.query).toBe('analytics/retention_curve_in_segments');
    const labelled = await retention({ segment: 'country:DE', while_in_segment: 'true', cause: 'opt_out' });
    expect(labelled.definition.following).toBe('while_in_segment');
    expect(labelled.definition.censored_by).toContain('left_segment');
  });

  test('of a curve with all streams is one of overlapping curves, and says so', async () => {
    const answer = await retention({
      stream: 'treated',
      segment: ['country:DE', 'country:US'],
      min_at_risk: '0',
    });
    expect(answer.compared[0]).toMatchObject({ n: 0, curve: [] });
    // Nobody to compare with.
    expect(answer.log_rank).toMatchObject({ chi_square: null, p: null, degrees: 0 });
  });
});

describe('cohorts', () => {
  async function cohorts(search: string): Promise<CohortsAnswer> {
    const response = await app.request(`/v1/analytics/cohorts?as_of=${asOf}&${search}`);
    expect(response.status).toBe(200);
    return CohortsAnswer.parse(await response.json());
  }

  test('are by first delivery, and tell who came back, with periods that are not over marked', async () => {
    await send(
      '/v1/events',
      [12, 5].map((days) => ({
        id: `opened-${days}`,
        type: 'opened',
        subscriber: 'treated-7',
        channel: 'email',
        category: 'treated',
        origin: 'shop',
        message_id: 'm-treated-7',
        occurred_at: before(days),
      })),
    );
    // treated-7 came 10 days ago: what it opened before that is no return.
    const { rows, total, definition } = await cohorts('stream=treated&period=day&periods=9&windows=calendar');
    expect(rows.map(({ size }) => size)).toEqual([1, 1]);
    expect(rows[0]?.cells).toHaveLength(9);
    expect(rows[1]?.cells).toHaveLength(6);
    expect(rows[0]?.cells[5]).toEqual({ n: 5, eligible: 1, on: 0, on_or_after: 0, is_complete: true });
    expect(total.size).toBe(2);
    expect(total.cells[8]).toEqual({ n: 8, eligible: 1, on: 0, on_or_after: 0, is_complete: false });
    expect(definition).toMatchObject({ period: 'day', windows: 'calendar', from: before(9), to: asOf });
    const longer = await cohorts(`stream=treated&period=day&from=${before(11)}`);
    const own = longer.rows.find(({ cohort }) => cohort === before(10).slice(0, 10));
    expect(own?.cells[5]).toMatchObject({ on: 1, on_or_after: 1 });
    expect(own?.cells[6]).toMatchObject({ on: 0, on_or_after: 0 });
  });

  test('of nobody are none', async () => {
    expect(await cohorts(`from=2001-01-01T00:00:00Z&to=2001-02-01T00:00:00Z`)).toMatchObject({
      rows: [],
      total: { size: 0, cells: [] },
    });
  });

  test.each([
    ['period', 'period=fortnight'],
    ['period', 'period=day&from=2001-01-01T00:00:00Z'],
    ['windows', 'windows=open'],
    ['periods', 'periods=61'],
    ['from', 'from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z'],
    ['to', 'to=9999-01-01T00:00:00Z'],
    ['known_at', 'known_at=9999-01-01T00:00:00Z'],
    ['stream', 'stream=nothing-of-the-kind'],
    ['segment', 'segment=country:DE'],
  ])('that cannot be name %s: %s', async (field, search) => {
    const response = await app.request(`/v1/analytics/cohorts?${search}`);
    expect(response.status).toBe(400);
    expect(Problem.parse(await response.json()).errors?.map((each) => each.field)).toEqual([field]);
  });
});

describe('a question that cannot be answered', () => {
  const later = new Date(Date.now() + day).toISOString();
  test.each([
    ['cause', 'cause=boredom'],
    ['unit', 'unit=fortnight'],
    ['times', 'times=about'],
    ['min_at_risk', 'min_at_risk=-1'],
    ['min_at_risk', 'min_at_risk=many'],
    ['as_of', 'as_of=yesterday'],
    ['as_of', `as_of=${later}`],
    ['as_of', 'as_of=1969-12-31T00:00:00Z'],
    ['as_of', `as_of=${asOf}&known_at=${before(1)}`],
    ['known_at', `known_at=${later}`],
    ['stream', 'stream=nothing-of-the-kind'],
    ['stream', 'stream='],
    ['stream', Array.from({ length: 13 }, (_, index) => `stream=s-${index}`).join('&')],
    ['segment', 'segment=nobody'],
    ['while_in_segment', 'while_in_segment=true'],
    ['while_in_segment', 'segment=country:DE&while_in_segment=perhaps'],
    ['include', 'include=everything'],
    ['retention', 'retention=yes'],
  ])('names %s: %s', async (field, search) => {
    const response = await app.request(`/v1/analytics/retention?${search}`);
    expect(response.status).toBe(400);
    const problem = Problem.parse(await response.json());
    expect(problem.errors?.map((each) => each.field)).toEqual([field]);
  });

  test('is answered to nobody without a key', async () => {
    const response = await app.request('/v1/analytics/retention', { headers: { authorization: '' } });
    expect(response.status).toBe(401);
  });
});
