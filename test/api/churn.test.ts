import {
  DriftedModelsService,
  RegistryService,
  ScoringService,
  TrainingService,
} from '@secateur/backend/app';
import { ChurnModel, canonicalSelector, DriftAnswer, RisksAnswer } from '@secateur/backend/contract';
import { fromFiles, networkLayout, toFiles } from '@secateur/models/churn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { writeChurnLog } from '../support/churn-log.js';

const stream = { channel: 'email', category: 'news', origin: 'shop' } as const;
const seed = 12;
let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

async function call(path: string, method = 'GET', body?: object): Promise<{ status: number; body: unknown }> {
  const sent = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await app.request(`/v1/${path}`, { method, ...(body === undefined ? {} : sent) });
  return { status: response.status, body: await response.json() };
}
const risks = async (search = ''): Promise<RisksAnswer> =>
  RisksAnswer.parse((await call(`churn/risks${search}`)).body);
const models = async (): Promise<ChurnModel[]> =>
  ((await call('churn/models')).body as { models: unknown[] }).models.map((one) => ChurnModel.parse(one));
const training = (): Promise<{ status: number; body: unknown }> => call('churn/training');

test('before anything was sent there is no model, and it says what is needed', async () => {
  expect(await app.app.get(TrainingService).train('test', new Date())).toBeNull();
  expect(await app.app.get(ScoringService).score(new Date())).toEqual({ subscriptions: 0 });
  const none = { kind: 'none', rows: [], why: [expect.stringContaining('65 days of sending')] };
  expect(await risks()).toMatchObject(none);
  expect((await training()).body).toMatchObject({
    state: 'done',
    detail: expect.stringContaining('65 days'),
  });
  expect((await call('churn/rollback', 'POST', { why: 'a test' })).status).toBe(409);
});

test('a model is trained in a thread, which can be followed, and tested on the days after it', async () => {
  const definition = { ...stream, title: 'News', class: 'commercial', brand: 'shop', regime: 'opt_out' };
  const made = await call('streams/news', 'PUT', {
    ...{ ...definition, list_id: 'news.example.com', all_option_shown: true, legal_basis: 'consent' },
  });
  expect(made.status).toBe(200);
  await writeChurnLog(app, { people: 2500, days: 130, seed, selector: canonicalSelector(stream) });
  const started = await call('churn/training', 'POST');
  expect(started).toMatchObject({ status: 202, body: { state: 'running', stage: 'snapshots' } });
  expect((await call('churn/training', 'POST')).status).toBe(409);
  await expect
    .poll(async () => (await training()).body, { timeout: 90_000, interval: 250 })
    .toMatchObject({ state: 'done', error: '' });
  const [model] = await models();
  expect(model).toMatchObject({
    kind: 'model',
    state: 'champion',
    why: 'skill is proven, and there was no model',
  });
  expect(model?.report.leaks.map(({ test, holds }) => [test, holds])).toContainEqual([
    'features_without_the_future',
    true,
  ]);
  const gate = model?.report.horizons.find(({ days }) => days === 30);
  expect(gate?.roc_auc).toBeGreaterThan(0.65);
  expect(gate?.gain.lower).toBeGreaterThan(0);
  expect(gate?.log_loss).toBeLessThan(gate?.baselines.stream_tenure ?? 0);
}, 120_000);

test('open subscriptions are scored, by segment and stream, with what is associated with it', async () => {
  expect((await call('churn/scores', 'POST')).status).toBe(200);
  const answer = await risks();
  expect(answer).toMatchObject({ kind: 'model', claim: 'association', why: [] });
  expect(answer.rows.map(({ segment }) => segment)).toEqual(
    expect.arrayContaining(['', 'country:DE', 'plan:free', 'plan:pro', 'plan:team']),
  );
  const everybody = answer.rows.find(({ segment, stream: of }) => segment === '' && of === 'news');
  expect(everybody?.subscriptions).toBe(answer.subscriptions);
  const { mean, lower, upper } = everybody?.risk_30d ?? { mean: 0, lower: 0, upper: 0 };
  expect(lower).toBeLessThan(mean);
  expect(upper).toBeGreaterThan(mean);
  expect(everybody?.expected.days_30).toBeCloseTo(mean * answer.subscriptions, 6);
  const { days_7, days_30, days_90 } = everybody?.expected ?? { days_7: 0, days_30: 0, days_90: 0 };
  expect(days_7).toBeLessThan(days_30);
  expect(days_30).toBeLessThan(days_90);
  expect((await risks('?min_people=999999')).rows).toEqual([]);
});

const riskOf = (people: readonly string[]) =>
  app.engine.query('churn/risk_by_person', { ids: people.join('\n') });

test('who is sent often is at more risk than who is sent seldom', async () => {
  const means = await app.engine.rows<{ every: number; risk: number }>(
    'risk by frequency',
    `SELECT if(r.delivered_28 > 9, 2, 6) AS every, avg(s.risk_30d) AS risk
     FROM churn_scores AS s INNER JOIN churn_rows AS r ON r.person = s.person AND r.stream = s.stream
     GROUP BY every ORDER BY every`,
  );
  expect(means.map(({ every }) => every)).toEqual([2, 6]);
  expect(means[0]?.risk).toBeGreaterThan(2 * (means[1]?.risk ?? 1));
});

const drift = async (): Promise<DriftAnswer> => DriftAnswer.parse((await call('churn/drift')).body);

test('a model that was tested last month fits: a week of nights shows that little has moved', async () => {
  expect(await drift()).toMatchObject({ kind: 'model', days: 1, drifted: false, outcomes: [] });
  // The nights before, as the job would have scored them; the last of a night is what is told.
  const midnight = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  for (let nights = 6; nights >= 0; nights -= 1)
    await app.app.get(ScoringService).score(new Date(midnight - nights * 86_400_000 + 220 * 60_000));
  await app.app.get(ScoringService).score(new Date());
  const found = await drift();
  expect(found).toMatchObject({ days: 7, drifted: false, risk: { drifted: false } });
  expect(found.model).toBe((await risks()).model);
  expect(found.features.map(({ feature }) => feature)).toEqual(
    expect.arrayContaining(['delivered_28', 'stream']),
  );
  // Who is there is a month older than in the tested week, and nobody came: that is the log.
  const grows = ['tenure', 'delivered_90', 'open_rate_90', 'click_rate_90'];
  const moved = found.features.filter(({ drifted, feature }) => drifted && !grows.includes(feature));
  expect(moved).toEqual([]);
  expect(found.features.find(({ feature }) => feature === 'tenure')).toMatchObject({ drifted: true });
  expect(await app.app.get(DriftedModelsService).watch(new Date())).toEqual({
    ...{ drifted: 0, opened: 0, notices: 0 },
  });
}, 120_000);

test('who comes is scored within the hour, by the model and the scoring that hold', async () => {
  const before = await risks();
  const id = '00000000-0000-4000-8000-00000000cafe';
  await app.engine.command(
    `INSERT INTO events (id, type, person, occurred_at, received_at, stream, channel, category, origin, message_id, segments)
     VALUES ('new-1', 'delivered', '${id}', now64(3), now64(3), 'news', 'email', 'news', 'shop', 'm-new', ['country:DE', 'plan:pro'])`,
  );
  expect(await riskOf([id])).toEqual([]);
  expect(await app.app.get(ScoringService).scoreNew(new Date())).toEqual({ subscriptions: 1 });
  expect(await riskOf([id])).toHaveLength(1);
  const after = await risks();
  expect(after.as_of).toBe(before.as_of);
  expect(after.subscriptions).toBe(before.subscriptions + 1);
  expect(await app.app.get(ScoringService).scoreNew(new Date())).toEqual({ subscriptions: 0 });
  // A second stream of the same person: what was scored before stays as it was told.
  await app.engine.command(
    `INSERT INTO events (id, type, person, occurred_at, received_at, stream, channel, category, origin, message_id)
     VALUES ('new-2', 'delivered', '${id}', now64(3), now64(3), 'extra', 'email', 'extra', 'shop', 'm-extra')`,
  );
  await call('streams/extra', 'PUT', {
    ...{
      ...stream,
      category: 'extra',
      title: 'Extra',
      class: 'commercial',
      brand: 'shop',
      regime: 'opt_out',
    },
    ...{ list_id: 'extra.example.com', all_option_shown: true, legal_basis: 'consent' },
  });
  expect(await app.app.get(ScoringService).scoreNew(new Date())).toEqual({ subscriptions: 1 });
  expect((await risks()).subscriptions).toBe(before.subscriptions + 2);
});

test('a trend tells what was told day by day', async () => {
  const { as_of, rows } = await risks();
  const today = Date.parse(as_of?.slice(0, 10) ?? '');
  const days = [6, 5, 4, 3, 2, 1, 0].map((ago) =>
    new Date(today - ago * 86_400_000).toISOString().slice(0, 10),
  );
  for (const { trend, risk_30d, subscriptions, segment } of rows) {
    const told = trend.map(({ day }) => day);
    expect(told, segment).toEqual(days);
    // Who came within the hour is in one of them.
    expect(Math.abs((trend.at(-1)?.mean ?? 0) - risk_30d.mean)).toBeLessThan(1.1 / subscriptions);
  }
});

test('where twice as many leave as were forecast, the model has drifted, and an incident says so', async () => {
  const model = (await risks()).model ?? '';
  const week = 7 * 86_400_000;
  const t0 = new Date(Date.now() - 9 * 86_400_000);
  const [left] = await app.engine.rows<{ left: number }>(
    'left',
    `SELECT count() AS left FROM spell_marks WHERE cause = 1 AND at > {t0:DateTime64(3)} AND at <= {to:DateTime64(3)}`,
    { t0, to: new Date(t0.getTime() + week) },
  );
  expect(left?.left).toBeGreaterThan(20);
  const expected = (left?.left ?? 0) / 2.5;
  const line = [t0.toISOString(), model, '', 'news', 1500, 0.1, expected, 4 * expected];
  const columns = [
    't0',
    'model',
    'segment',
    'stream',
    'people',
    'mean_risk_30d',
    'expected_7d',
    'expected_30d',
  ];
  await app.engine.insert('churn_risk_history', columns, JSON.stringify(line), 'a test');
  const [outcome] = (await drift()).outcomes;
  expect(outcome).toMatchObject({ stream: 'news', drifted: true, weeks: [{ observed: left?.left }] });
  expect(await app.app.get(DriftedModelsService).watch(new Date())).toMatchObject({ drifted: 1, opened: 1 });
  expect(await app.app.get(DriftedModelsService).watch(new Date())).toMatchObject({ drifted: 1, opened: 0 });
  const { incidents } = (await call('alerts?state=open')).body as {
    incidents: { kind: string; title: string }[];
  };
  expect(incidents.filter(({ kind }) => kind === 'model_drift')).toEqual([
    expect.objectContaining({
      title: expect.stringContaining(`news: ${left?.left} opt-outs in the last week`),
    }),
  ]);
});

test('who objects to profiling is gone from scores and sums at once', async () => {
  const before = await risks();
  const [person] = await app.engine.rows<{ id: string }>(
    'one',
    'SELECT person AS id FROM churn_scores LIMIT 1',
  );
  const id = person?.id ?? '';
  expect(await riskOf([id])).toHaveLength(1);
  await app.engine.command(
    `INSERT INTO statements (subject, order_at, id, binds, person, selector, effect, received_at)
     VALUES ('${id}', now64(3), generateUUIDv4(), 'person', '${id}', 'class=profiling', 'opt_out', now64(3))`,
  );
  expect(await riskOf([id])).toEqual([]);
  const after = await risks();
  const of = ({ rows }: RisksAnswer) => rows.find((row) => row.segment === '' && row.stream === 'news');
  expect(of(after)?.subscriptions).toBe((of(before)?.subscriptions ?? 0) - 1);
});

test('the risk is a fact that segments ask for', async () => {
  const rules = [{ field: 'churn.risk_30d', operator: '>=', value: 0 }];
  const preview = await call('segments/preview', 'POST', { condition: { combinator: 'and', rules } });
  // Nobody of the log has a profile: people are those of /v1/subscribers.
  expect(preview).toMatchObject({ status: 200, body: { count: 0 } });
});

test('a model with networks is scored in a thread, and says the same where they add nothing', async () => {
  const registry = app.app.get(RegistryService);
  const champion = await registry.champion();
  const files = await registry.files(champion?.id ?? '');
  const model = fromFiles(files);
  const layout = networkLayout(model.encoder.features, model.intervals);
  const weights = layout.map((shape) => new Float32Array(shape.reduce((product, one) => product * one, 1)));
  const silent = toFiles({ ...model, networks: [{ weights, epoch: 0, loss: 0 }] }, {});
  const about = { by: 'test', now: new Date(), cut: new Date(0), until: new Date(0) };
  if (champion === null) throw new Error('no champion');
  const report = { ...champion.report, profile: null };
  const id = await registry.add({ kind: 'model', files: silent, rate: silent, report }, about);
  const before = await risks();
  await call(`churn/models/${id}/promote`, 'POST', { why: 'a trial' });
  const after = await risks();
  expect(after.model).toBe(id);
  expect(after.rows.map(({ segment, stream: of }) => [segment, of])).toEqual(
    before.rows.map(({ segment, stream: of }) => [segment, of]),
  );
  // A few minutes older, so are the subscriptions.
  for (const [index, { risk_30d }] of after.rows.entries())
    expect(risk_30d.mean).toBeCloseTo(before.rows[index]?.risk_30d.mean ?? 0, 3);
  expect((await call('churn/rollback', 'POST', { why: 'the trial is over' })).status).toBe(200);
});

test('a model can be promoted by hand and rolled back, and what it says is told at once', async () => {
  const first = (await models()).find(({ state }) => state === 'champion');
  expect((await call(`churn/models/${first?.id}/promote`, 'POST', { why: 'again' })).status).toBe(409);
  expect((await call('churn/rollback', 'POST', { why: 'a test' })).status).toBe(409);
  expect((await call('churn/rollback', 'POST', {})).status).toBe(400);
  // The same data give the same model, which is not better than itself.
  await app.app.get(TrainingService).train('test', new Date());
  const [second] = await models();
  expect(second).toMatchObject({
    state: 'rejected',
    why: expect.stringContaining('not better than the champion'),
  });
  const promoted = await call(`churn/models/${second?.id}/promote`, 'POST', { why: 'a trial' });
  expect(promoted.body).toMatchObject({ id: second?.id, state: 'champion' });
  expect((await risks()).model).toBe(second?.id);
  const back = await call('churn/rollback', 'POST', { why: 'the trial is over' });
  expect(back.body).toMatchObject({ id: first?.id, state: 'champion' });
  expect((await risks()).model).toBe(first?.id);
  expect((await models()).map(({ state }) => state)).toEqual(['rolled_back', 'rolled_back', 'champion']);
}, 120_000);

test('a training can be cancelled', async () => {
  expect((await call('churn/training/cancel', 'POST')).status).toBe(409);
  await call('churn/training', 'POST');
  expect((await call('churn/training/cancel', 'POST')).status).toBe(200);
  await expect.poll(async () => (await training()).body).toMatchObject({ state: 'cancelled' });
  expect(await models()).toHaveLength(3);
});

test('needs a scope for each', async () => {
  const response = await app.request('/v1/churn/risks', { headers: { authorization: '' } });
  expect(response.status).toBe(401);
  expect((await call('churn/risks?limit=0')).status).toBe(400);
  expect((await call('churn/models/nobody')).status).toBe(400);
});
