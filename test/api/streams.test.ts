import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';

const email = (category: string) => ({ channel: 'email', category, origin: 'shop' });

describe('streams, over HTTP', () => {
  let app: RunningApp;
  const call = new Calls(() => app);

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app.stop();
  });

  test('INV-2919-2: whoever left the parent stays out of the child, wherever the child is moved', async () => {
    await call.profiles({ id: 'ada', email: 'ada@example.com', jurisdiction: 'US' });
    await call.stream('offers', email('offers'));
    await call.stream('another', email('another'));
    await call.stream('flash', email('flash'), { parent: 'offers' });
    await call.optOut({ subscriber: 'ada', ...email('offers') });
    expect(await call.check(email('flash'), 'ada')).toMatchObject({ allowed: false, reason: 'opt_out' });
    await call.stream('flash', email('flash'), { parent: 'another' });
    expect(await call.check(email('flash'), 'ada')).toMatchObject({ allowed: false, reason: 'opt_out' });
    expect(await call.check(email('another'), 'ada')).toMatchObject({ allowed: true });
  });

  test('a definition without a parent keeps the parent', async () => {
    await call.stream('weekly', email('weekly'), { parent: 'offers' });
    await call.stream('weekly', email('weekly'), { title: 'Every week' });
    expect((await call.get('/v1/streams/weekly')).body).toMatchObject({
      version: 2,
      title: 'Every week',
      parent: 'offers',
    });
  });
});
