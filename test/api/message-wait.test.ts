import { EngineAwayError } from '@secateur/sql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';

const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
let app: RunningApp;
const call = new Calls(() => app);

beforeAll(async () => {
  app = await startApp();
  await call.stream('promotions', promotions);
  await call.profiles({ id: 'una', jurisdiction: 'US' }, { id: 'bob', jurisdiction: 'US' });
});
afterAll(() => app.stop());

test('while deliveries are late only a request that names nothing but a message waits', async () => {
  const insert = app.engine.insert.bind(app.engine);
  const late = vi.spyOn(app.engine, 'insert').mockImplementation(async (table, ...rest) => {
    if (table === 'events') throw new EngineAwayError('insert events', null, 'TIMEOUT');
    return insert(table, ...rest);
  });
  const delivered = { id: 'd', type: 'delivered', subscriber: 'una', ...promotions, message_id: 'm' };
  expect((await call.post('/v1/events', [delivered])).status).toBe(202);
  expect((await call.post('/v1/opt-outs', { channel: 'email', message_id: 'm' })).status).toBe(202);
  const other = await call.post('/v1/opt-outs', { subscriber: 'bob', ...promotions });
  expect([other.status, other.body]).toMatchObject([200, { state: 'decided' }]);
  expect(await call.check(promotions, 'bob')).toMatchObject({ allowed: false, reason: 'opt_out' });

  late.mockRestore();
  await expect
    .poll(() => call.check(promotions, 'una'), { timeout: 20_000, interval: 50 })
    .toMatchObject({ allowed: false, reason: 'opt_out' });
  expect((await call.get('/v1/quarantine')).body).toEqual({ rows: [] });
});

test('a profile change that waits denies: under the new address other opt-outs may stand', async () => {
  await call.profiles({ id: 'eve', email: 'old@example.com', jurisdiction: 'US' });
  expect(await call.check(promotions, 'eve')).toMatchObject({ allowed: true });
  const insert = app.engine.insert.bind(app.engine);
  const late = vi.spyOn(app.engine, 'insert').mockImplementation(async (table, ...rest) => {
    if (table === 'subjects') throw new EngineAwayError('insert subjects', null, 'TIMEOUT');
    return insert(table, ...rest);
  });
  await call.post('/v1/subscribers', [{ id: 'eve', email: 'new@example.com' }]);
  expect(await call.check(promotions, 'eve')).toMatchObject({ allowed: false, reason: 'pending' });
  late.mockRestore();
  await expect
    .poll(() => call.check(promotions, 'eve'), { timeout: 20_000, interval: 50 })
    .toMatchObject({ allowed: true });
});
