import { ScoringService, TrainingService } from '@secateur/backend/app';
import { ChurnModel, canonicalSelector, RisksAnswer } from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { writeChurnLog } from '../support/churn-log.js';

const seed = Number(process.env.SECATEUR_SEED) % 1_000_000;
let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

async function call(path: string, method = 'GET', body?: object): Promise<{ status: number; body: unknown }> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await app.request(`/v1/${path}`, { method, headers, ...sent });
  return { status: response.status, body: await response.json() };
}
const risks = async (): Promise<RisksAnswer> => RisksAnswer.parse((await call('churn/risks')).body);
const train = () => app.app.get(TrainingService).train('test', new Date());
const score = () => app.app.get(ScoringService).score(new Date());

test('before anything was sent there is no model, and it says what is needed', async () => {
  expect(await train()).toBeNull();
  expect(await risks()).toMatchObject({
    kind: 'none',
    rows: [],
    why: [expect.stringContaining('days of sending')],
  });
});

test('of a log a model is trained, tested on the days after it, and tells whom it will lose', async () => {
  const stream = { channel: 'email', category: 'news', origin: 'shop' } as const;
  const definition = { ...stream, title: 'News', class: 'commercial', brand: 'shop', regime: 'opt_out' };
  const made = await call('streams/news', 'PUT', {
    ...{ ...definition, list_id: 'news.example.com', all_option_shown: true, legal_basis: 'consent' },
  });
  expect(made.status).toBe(200);
  await writeChurnLog(app, { people: 6000, days: 150, seed, selector: canonicalSelector(stream) });
  const model = await train();
  console.log(JSON.stringify(model, null, 1));
  console.log(await score());
  console.log(JSON.stringify(await risks(), null, 1));
  expect(ChurnModel.parse(model).kind).toBe('model');
}, 120_000);
