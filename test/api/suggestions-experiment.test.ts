import { EventsService, SuggestionsService } from '@secateur/backend/app';
import { type Suggestion, SuggestionsAnswer } from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { day, type LogRow, streams } from '../support/backtest-log.js';
import { Calls } from '../support/calls.js';
import { writeScores } from '../support/churn-scores.js';
import { Random } from '../support/random.js';

/*
 * A log in which few messages only look harmful. Wary people leave: 80 % of them end something else within 30 days. They are
 * the ones who ask for few messages, and then 30 % do, for fewer messages truly make people stay. Keen people ask for nothing
 * of that kind, and 4 % of them leave. So in the log those with a cap leave far more often than those without.
 */
const leaving = { wary: 0.8, capped: 0.3, keen: 0.04 };
const wary = 0.5;
const takesCap = 0.9;
/** By how much the share that leaves changes where everybody is offered a cap. */
const truth = wary * takesCap * (leaving.capped - leaving.wary);
/** People whose past is known, and people who are drawn by lot afterwards. */
const [known, drawn] = [1200, 1600];

const seed = Number(process.env.SECATEUR_SEED);
const random = new Random(seed);
let app: RunningApp;
const api = new Calls(() => app);
const rows: LogRow[] = [];
let made = 0;

beforeAll(async () => {
  app = await startApp({ markets: ['US'] });
  for (const key of ['promotions', 'newsletter', 'texts'])
    await api.send('PUT', `/v1/streams/${key}`, streams[key]);
  await api.send('PUT', '/v1/segments/attributes', { attributes: [{ name: 'plan', type: 'text' }] });
  await api.profiles(
    ...Array.from({ length: known + drawn }, (_, index) => ({
      id: `p-${index}`,
      email: `p-${index}@people.example`,
      jurisdiction: 'US',
      attributes: { plan: index < known && index % 4 === 0 ? 'pro' : 'free' },
    })),
  );
}, 120_000);
afterAll(async () => {
  vi.useRealTimers();
  await app.stop();
});

function add(type: string, index: number, receivedAt: number, key: string, more: object = {}): void {
  const { channel, category, origin } = streams[key] as Record<string, unknown>;
  const value = {
    id: `e-${made++}`,
    type,
    subscriber: `p-${index}`,
    channel,
    category,
    origin,
    ...more,
  };
  rows.push({ receivedAt, value });
}

/** What somebody does after they left promotions: may take a cap for the rest, may end the newsletter within 30 days. */
function afterwards(index: number, at: number, isOffered: boolean): void {
  const isWary = random.chance(wary);
  const isCapped = isWary && isOffered && random.chance(takesCap);
  if (isCapped) add('capped', index, at + 60_000, 'newsletter', { cap: { n: 2, per: 'month' } });
  const chance = isWary ? (isCapped ? leaving.capped : leaving.wary) : leaving.keen;
  if (random.chance(chance))
    add('opted_out', index, at + day + random.below(28 * day), 'newsletter', {
      trigger: 'stream_unsubscribe',
    });
}

const leave = (index: number, at: number) =>
  add('opted_out', index, at, 'promotions', { trigger: 'link_unsubscribe' });

async function receive(): Promise<void> {
  const log = rows.splice(0).sort((a, b) => a.receivedAt - b.receivedAt);
  const { rejected } = await app.app
    .get(EventsService)
    .accept(log, { tolerance: 0, madeBy: 'sender' }, Math.max(...log.map(({ receivedAt }) => receivedAt)));
  expect(rejected).toEqual([]);
}

async function suggestions(now: Date): Promise<Suggestion[]> {
  await app.app.get(SuggestionsService).suggest(now);
  const { status, body } = await api.get('/v1/churn/suggestions');
  expect(status).toBe(200);
  return SuggestionsAnswer.parse(body).rows;
}

let offer: Suggestion;

test('where few messages only look harmful, no suggestion claims an effect', async () => {
  const now = Date.now();
  for (let index = 0; index < known; index++) {
    const at = now - (32 + random.below(50)) * day;
    leave(index, at);
    afterwards(index, at, true);
  }
  await receive();
  // What the log alone would say: those with a cap leave more often.
  const [naive] = await app.engine.rows<{ capped: number; others: number }>(
    'test: naive',
    `SELECT avgIf(leaves, has_cap) AS capped, avgIf(leaves, NOT has_cap) AS others FROM
     (SELECT person, countIf(type = 'capped') > 0 AS has_cap, countIf(stream = 'newsletter' AND type = 'opted_out') > 0 AS leaves
      FROM decisions GROUP BY person)`,
  );
  expect((naive?.capped ?? 0) - (naive?.others ?? 1)).toBeGreaterThan(0.1);
  const people = await app.engine.rows<{ person: string; plan: string }>(
    'test: people',
    "SELECT person, JSONExtractString(attributes, 'plan') AS plan FROM subjects FINAL ORDER BY person",
  );
  await writeScores(
    app,
    people.map(({ person, plan }) => ({
      ...{ person, stream: 'promotions', segments: [`plan:${plan}`] },
      risk: plan === 'free' ? 0.3 : 0.05,
    })),
    new Date(now),
  );
  const told = await suggestions(new Date());
  expect(told.length).toBeGreaterThan(0);
  for (const { claim, experiment, detail, kind, expected_kept_30d } of told) {
    expect({ claim, experiment }).toEqual({ claim: 'association', experiment: null });
    expect(detail).toContain('Association, not effect');
    if (kind.startsWith('offer')) expect(expected_kept_30d).toBe(0);
  }
  const found = told.find(({ kind }) => kind === 'offer_cap');
  if (found === undefined) throw new Error(`no cap is suggested: ${told.map(({ kind }) => kind)}`);
  offer = found;
}, 120_000);

test('where people were drawn by lot who is offered it, the true sign is found, and told as an effect', async () => {
  const { body } = await api.post('/v1/rulesets', offer.draft);
  const { id } = body as { id: string };
  const why = { why: 'a test' };
  await api.post(`/v1/rulesets/${id}/check`, {});
  await api.post(`/v1/rulesets/${id}/approve`, why);
  expect((await api.post(`/v1/rulesets/${id}/publish`, { ...why, percent: 50 })).status).toBe(200);

  const now = Date.now();
  for (let index = known; index < known + drawn; index++) leave(index, now);
  const ids = new Map(rows.map(({ value }) => [value.id, Number(String(value.subscriber).slice(2))]));
  await receive();
  const arms = await app.engine.rows<{ id: string; is_offered: number }>(
    'test: arms',
    `SELECT event_id AS id, position(offers, '"cap"') > 0 AS is_offered FROM decisions WHERE rollout != '' ORDER BY seq`,
  );
  expect(arms.length).toBe(drawn);
  for (const { id: event, is_offered } of arms) {
    const index = ids.get(event);
    if (index === undefined) throw new Error(`nobody sent ${event}`);
    afterwards(index, now, Boolean(is_offered));
  }
  // A month later; what is due by the clock is not what this is about.
  vi.useFakeTimers({ toFake: ['Date'], now: now + 31 * day });
  await receive();

  const told = await suggestions(new Date());
  const found = told.find(({ kind, claim }) => kind === 'offer_cap' && claim === 'experiment');
  const difference = found?.experiment?.repeat_rate;
  console.log(
    `seed ${seed}: repeat opt-outs ${JSON.stringify(difference)}, by construction ${truth.toFixed(3)}`,
  );
  expect(found?.experiment?.ruleset).toBe(id);
  expect(difference?.upper).toBeLessThan(0);
  // Four and a half standard errors.
  expect(Math.abs((difference?.value ?? 0) - truth)).toBeLessThan(0.1);
  expect(found?.detail).toContain('drawn by lot');
  // Of what was not drawn by lot nothing more is claimed than before.
  for (const { claim, kind } of told) if (kind !== 'offer_cap') expect(claim).toBe('association');
}, 120_000);
