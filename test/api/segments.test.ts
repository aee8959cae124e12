import { Segment, SubscriberSegments } from '@secateur/backend/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';

const email = (category: string) => ({ channel: 'email', category, origin: 'shop' });
const all = (...rules: object[]) => ({ combinator: 'and', rules });
const leaf = (field: string, operator: string, value?: unknown) => ({
  field,
  operator,
  ...(value === undefined ? {} : { value }),
});

describe('segments, over HTTP', () => {
  let app: RunningApp;
  const call = new Calls(() => app);

  beforeAll(async () => {
    app = await startApp();
    await call.stream('offers', email('offers'));
    await call.stream('news', email('news'));
  });
  afterAll(async () => {
    await app.stop();
  });

  /** Defines a segment and waits until its people are found. */
  async function define(key: string, condition: object, more: object = {}): Promise<Segment> {
    const answer = await call.send('PUT', `/v1/segments/${key}`, { name: key, condition, ...more });
    expect(answer, key).toMatchObject({ status: 200 });
    return settled(key);
  }

  async function settled(key: string): Promise<Segment> {
    for (;;) {
      const { body } = await call.get(`/v1/segments/${key}`);
      const segment = Segment.parse(body);
      if (!segment.filling) return segment;
    }
  }

  async function segmentsOf(subscriber: string): Promise<SubscriberSegments> {
    const { status, body } = await call.get(`/v1/subscribers/${subscriber}/segments`);
    expect({ status, body }).toMatchObject({ status: 200 });
    return SubscriberSegments.parse(body);
  }

  const keysOf = async (subscriber: string) =>
    (await segmentsOf(subscriber)).segments.map((one) => one.segment);

  test('an opt-out moves the subscriber at once, and says why', async () => {
    await call.profiles({ id: 'ada', email: 'ada@example.com', jurisdiction: 'DE' });
    await define('reachable', all(leaf('permission.allowed[stream=offers]', '=', true)));
    await define('left-offers', all(leaf('permission.reason[stream=offers]', '=', 'opt_out')));
    expect(await keysOf('ada')).toEqual(['reachable']);
    const decision = await call.optOut({ subscriber: 'ada', ...email('offers') });
    expect(await segmentsOf('ada')).toMatchObject({
      pending: false,
      segments: [{ segment: 'left-offers', version: 1, why: { cause: 'decision', id: decision.id } }],
      built_in: ['country:DE', 'engagement:new'],
    });
  });
});
