import { SuggestionsService } from '@secateur/backend/app';
import { SuggestionsAnswer } from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { plant } from '../support/backtest-planted.js';
import { Calls } from '../support/calls.js';
import { writeScores } from '../support/churn-scores.js';

const seed = Number(process.env.SECATEUR_SEED);
let app: RunningApp;
const api = new Calls(() => app);
let people: { person: string; plan: string }[];

/** People of the free plan are at risk on promotions; they mean all promotions when they leave by a link. */
beforeAll(async () => {
  app = await startApp({ markets: ['US'] });
  await plant(app, seed);
  people = await app.engine.rows<{ person: string; plan: string }>(
    'test: people',
    "SELECT person, JSONExtractString(attributes, 'plan') AS plan FROM subjects FINAL ORDER BY person",
  );
}, 120_000);
afterAll(() => app.stop());

async function suggestions(): Promise<SuggestionsAnswer> {
  const { status, body } = await api.get('/v1/churn/suggestions');
  expect(status).toBe(200);
  return SuggestionsAnswer.parse(body);
}
const suggest = (now = new Date()) => app.app.get(SuggestionsService).suggest(now);

test('before anything was scored there are none, and it says why', async () => {
  expect(await suggest()).toEqual({ suggestions: 0, left_out: 0 });
  expect(await suggestions()).toMatchObject({
    state: 'not_yet',
    why: [expect.stringContaining('no model yet')],
    rows: [],
  });
});

test('where people have to say it again, a wider rule is suggested, with what the log says and nothing more', async () => {
  await writeScores(
    app,
    people.map(({ person, plan }) => ({
      ...{ person, stream: 'promotions', segments: [`plan:${plan}`] },
      risk: plan === 'free' ? 0.3 : 0.05,
    })),
    new Date(),
  );
  expect((await suggest()).suggestions).toBeGreaterThan(0);
  const answer = await suggestions();
  expect(answer).toMatchObject({ state: 'told', ruleset: null });
  for (const row of answer.rows) {
    expect(row).toMatchObject({
      segment: 'plan:free',
      stream: 'promotions',
      claim: 'association',
      experiment: null,
    });
    expect(row.detail).toContain('Association, not effect');
    expect(row.risk.expected_30d).toBeCloseTo(0.3 * row.risk.subscriptions, 6);
  }
  const wider = answer.rows.find(({ kind }) => kind === 'wider');
  expect(wider?.evidence.difference.repeated.lower).toBeGreaterThan(0);
  expect(wider?.evidence.streams_kept).toBeLessThan(0);
  expect(wider?.expected_kept_30d).toBeLessThan(0);
  // Exactly the opt-outs of the free plan from promotions, by hand.
  const [counted] = await app.engine.rows<{ n: number }>(
    'test: affected',
    "SELECT count() AS n FROM decisions WHERE has(segments, 'plan:free') AND stream = 'promotions' AND reach_open AND type = 'opted_out'",
  );
  expect(wider?.evidence.affected).toBe(counted?.n);
  // Wider ones come last: they keep less.
  expect(answer.rows.at(-1)?.kind).toBe('wider');
}, 60_000);

test('a suggestion is a draft that passes the check, and once its rules are in force it is told no more', async () => {
  const { rows } = await suggestions();
  const wider = rows.find(({ kind }) => kind === 'wider');
  const made = await api.post('/v1/rulesets', wider?.draft);
  expect(made.status).toBe(201);
  const { id } = made.body as { id: string };
  expect((await api.post(`/v1/rulesets/${id}/check`, {})).body).toMatchObject({ passed: true });
  await api.post(`/v1/rulesets/${id}/approve`, { why: 'a test' });
  expect((await api.post(`/v1/rulesets/${id}/publish`, { why: 'a test' })).status).toBe(200);
  expect(await suggestions()).toMatchObject({ state: 'not_yet', rows: [], ruleset: id });
  await suggest();
  const after = await suggestions();
  expect(after.ruleset).toBe(id);
  expect(after.rows.filter(({ kind }) => kind === 'wider')).toEqual([]);
  // Now the rule stops more than the stream, so less of it can be suggested; those who mean it would complain no less.
  for (const { draft } of after.rows) expect(draft.based_on).toBe(id);
  const narrower = after.rows.find(({ kind }) => kind === 'narrower');
  expect(narrower?.evidence.streams_kept).toBe(-(wider?.evidence.streams_kept ?? 0));
  expect(narrower?.expected_kept_30d).toBeCloseTo(-(wider?.expected_kept_30d ?? 0), 6);
}, 60_000);

test('who objects to profiling is not among the people of a suggestion at once, nor of its evidence', async () => {
  const [before] = (await suggestions()).rows;
  const free = people.find(({ plan }) => plan === 'free')?.person ?? '';
  await app.engine.command(
    `INSERT INTO statements (subject, order_at, id, binds, person, selector, effect, received_at)
     VALUES ('${free}', now64(3), generateUUIDv4(), 'person', '${free}', 'class=profiling', 'opt_out', now64(3))`,
  );
  const [after] = (await suggestions()).rows;
  expect(after?.risk.subscriptions).toBe((before?.risk.subscriptions ?? 0) - 1);
  await suggest();
  const [anew] = (await suggestions()).rows;
  expect(anew?.evidence.affected).toBe((before?.evidence.affected ?? 0) - 1);
}, 60_000);
