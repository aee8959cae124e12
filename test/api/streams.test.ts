import { Stream } from '@secateur/backend/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
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

  test('INV-2919-1: of definitions at the same time for one place one wins, and the others are refused', async () => {
    const body = { ...email('raced'), class: 'commercial', brand: 'shop' };
    const answers = await Promise.all(
      ['raced-a', 'raced-b', 'raced-c'].map((key) => call.send('PUT', `/v1/streams/${key}`, body)),
    );
    expect(answers.map((one) => one.status).sort()).toEqual([200, 409, 409]);
  });

  test('two definitions of one stream at the same time are two versions', async () => {
    const body = { ...email('twice'), class: 'commercial', brand: 'shop' };
    const answers = await Promise.all(
      ['commercial', 'informational'].map((value) =>
        call.send('PUT', '/v1/streams/twice', { ...body, class: value }),
      ),
    );
    expect(answers.map((one) => Stream.parse(one.body).version).sort()).toEqual([1, 2]);
  });

  test('INV-2919-1: a place has one stream, also when it is first seen while it is being defined', async () => {
    for (let round = 0; round < 8; round++) {
      const place = email(`seen-${round}`);
      const body = { ...place, class: 'commercial', brand: 'shop' };
      const event = { id: `seen-${round}`, type: 'delivered', subscriber: 'bob', ...place };
      await Promise.all([call.send('PUT', `/v1/streams/own-${round}`, body), call.events(event)]);
      const { streams } = z.object({ streams: z.array(Stream) }).parse((await call.get('/v1/streams')).body);
      expect(streams.filter((one) => one.category === place.category)).toHaveLength(1);
    }
  });
});
