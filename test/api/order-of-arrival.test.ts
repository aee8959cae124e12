import { dimensions, MetricAnswer, Overview, retentionCauses } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { type ArrivalLog, arrivalLog, type LoggedEvent, shuffled } from '../support/arrival-log.js';
import { Random } from '../support/random.js';

const hour = 3_600_000;
const day = 24 * hour;
const seed = Number(process.env.SECATEUR_SEED);
const end = new Date(Math.floor(Date.now() / day) * day);
// The cost is four services with all questions; 250 people by SECATEUR_PEOPLE=250.
const log = arrivalLog(seed, Number(process.env.SECATEUR_PEOPLE ?? 150), end);

/**
 * What a figure says of when it was asked or of the receipt, and so may differ:
 * - `as_of`, `known_at`: instants of the question.
 * - `time_to_honour_p99_ms`: from the receipt of a request to its decision, by definition.
 */
const ofReceipt = new Set(['as_of', 'known_at', 'time_to_honour_p99_ms']);

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => (ofReceipt.has(name) ? [] : [[name, comparable(each)]])),
  );
}

/** Engagement tiers are no attribute: what somebody had opened by a delivery is said of what was known when it arrived. */
function ofAttributes(answer: unknown): unknown {
  const { rows, cells: _, ...rest } = answer as { rows: { key?: string; keys?: string[] }[]; cells?: number };
  const isTier = (key: string) => key.startsWith('engagement:');
  return { ...rest, rows: rows.filter(({ key = '', keys = [] }) => !isTier(key) && !keys.some(isTier)) };
}

function questions({ from, to }: ArrivalLog): string[] {
  const window = `from=${from.toISOString()}&to=${to.toISOString()}`;
  const recent = `from=${new Date(to.getTime() - 14 * day).toISOString()}&to=${to.toISOString()}`;
  const asOf = `as_of=${to.toISOString()}`;
  const retention = [
    '',
    ...['offers', 'news', 'updates', 'invoices', 'texts', 'alerts'].map((key) => `stream=${key}`),
    'stream=offers&stream=news&stream=texts',
    ...retentionCauses.map((cause) => `cause=${cause}`),
    'times=exact',
    'unit=week',
    'min_at_risk=0&include=incidence&include=nelson_aalen',
    'segment=country:DE',
    'segment=plan:pro&segment=plan:free&min_at_risk=0',
    'segment=plan:pro&while_in_segment=true&stream=offers',
    'segment=american&min_at_risk=0',
  ].map((search) => `retention?${asOf}&${search}`);
  return [
    'metrics',
    ...[`${window}&interval=day`, `${window}&interval=week`, `${recent}&interval=hour`, recent].map(
      (search) => `overview?${search}`,
    ),
    ...dimensions.flatMap((dimension) => [
      `rates?dimension=${dimension}&${window}&interval=day`,
      `rates?dimension=${dimension}&${recent}&interval=hour`,
    ]),
    ...[
      'opt_out_rate',
      'complaint_rate',
      'unsolicited_share',
      'permissions_kept',
      'unattributed_opt_outs',
      'suspected_machine_opt_outs',
      'pauses',
      'caps',
      'repeat_opt_outs',
      'send_pressure',
      'reach',
      'list_growth',
      'delivered',
    ].map((metric) => `${metric}?${window}`),
    `reach?${window}&by=stream&trend=true`,
    `list_growth?${window}&by=stream&trend=true`,
    `list_growth?${recent}&by=channel&by=origin`,
    `unsolicited_share?${window}&by=trigger`,
    `permissions_kept?${window}&by=segment&limit=1000`,
    `repeat_opt_outs?${recent}&by=stream&by=segment&limit=1000`,
    `send_pressure?${window}&by=segment&limit=1000`,
    ...retention,
    `retention?as_of=${new Date(to.getTime() - 25 * day).toISOString()}&include=incidence`,
    `cohorts?${asOf}&period=week`,
    `cohorts?${asOf}&period=day&windows=calendar&periods=20&stream=offers`,
    `cohorts?${asOf}&period=month&windows=calendar`,
  ].map((path) => `/v1/analytics/${path}`);
}

async function send(app: RunningApp, path: string, body: unknown, method = 'POST') {
  const headers = { 'content-type': 'application/json' };
  const response = await app.request(path, { method, headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as { rejected?: unknown[]; duplicates?: number };
  expect({ path, status: response.status, answer }).toMatchObject({ path, status: 200 });
  expect(answer.rejected ?? []).toEqual([]);
  return answer;
}

async function post(app: RunningApp, events: readonly LoggedEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += 300) {
    const batch = events.slice(from, from + 300).map(({ at, ...event }) => ({
      ...event,
      occurred_at: new Date(at).toISOString(),
    }));
    await send(app, '/v1/events', batch);
  }
}

/** What a service of its own says of the log, when it arrives like that. */
async function figuresOf(
  arriving: readonly LoggedEvent[],
): Promise<{ figures: Map<string, unknown>; recounts: number }> {
  const app = await startApp();
  try {
    for (const { key, ...stream } of log.streams) await send(app, `/v1/streams/${key}`, stream, 'PUT');
    await send(
      app,
      '/v1/segments/american',
      {
        name: 'American',
        condition: {
          combinator: 'and',
          rules: [{ field: 'subscriber.jurisdiction', operator: '=', value: 'US' }],
        },
      },
      'PUT',
    );
    await send(app, '/v1/subscribers', log.people);
    await post(app, arriving);
    const figures = new Map<string, unknown>();
    for (const path of questions(log)) {
      const response = await app.request(path);
      const body = (await response.json()) as object;
      expect({ path, status: response.status, body }).toMatchObject({ path, status: 200 });
      figures.set(path, comparable(/(?:dimension|by)=segment/.test(path) ? ofAttributes(body) : body));
    }
    const [made] = await app.engine.rows<{ recounts: number }>(
      'recounts',
      'SELECT count() AS recounts FROM recounts',
    );
    return { figures, recounts: Number(made?.recounts) };
  } finally {
    await app.stop();
  }
}

test('every figure is the same for a log in order, twice, ten days late in part, and shuffled', async () => {
  const random = new Random(seed + 1);
  const { figures: clean } = await figuresOf(log.events);
  const [, [, everything] = []] = [...clean];
  // The log has of everything some.
  const overview = Overview.omit({ as_of: true, time_to_honour_p99_ms: true }).parse(everything);
  const repeats = MetricAnswer.pick({ rows: true }).parse(
    [...clean].find(([path]) => path.includes('/repeat_opt_outs?'))?.[1],
  );
  for (const count of [
    overview.reach.value,
    overview.opt_out_rate.numerator,
    overview.complaint_rate.numerator,
    overview.unsolicited.numerator,
    overview.unattributed_opt_outs,
    overview.permissions_kept,
    repeats.rows[0]?.figure.numerator,
  ])
    expect(count).toBeGreaterThan(0);
  const late = new Set(log.events.filter(() => random.chance(0.3)));
  const arrivals = {
    twice: [...log.events, ...log.events],
    // Nobody hears of them before all that happened in the ten days after them.
    'ten days late in part': log.events
      .map((event) => ({ event, arrives: event.at + (late.has(event) ? 10 * day : 0) }))
      .sort((a, b) => a.arrives - b.arrives)
      .map(({ event }) => event),
    shuffled: shuffled(log.events, random),
  };
  const differing: string[] = [];
  for (const [name, events] of Object.entries(arrivals)) {
    const { figures, recounts } = await figuresOf(events);
    if (name !== 'twice') expect(recounts).toBeGreaterThan(10);
    for (const [path, figure] of figures) {
      if (JSON.stringify(figure) !== JSON.stringify(clean.get(path))) differing.push(`${name}: ${path}`);
    }
  }
  expect(differing, `seed ${seed}, ${log.events.length} events`).toEqual([]);
}, 240_000);
