import { afterAll, beforeAll, expect, test } from 'vitest';
import { AwayableEngine, newDirectory, Service } from '../support/faults-child.js';
import { Connection } from '../support/faults-http.js';
import { settled } from '../support/faults-ledger.js';
import { linkTo, oneClick, registerStreams, streams } from '../support/faults-senders.js';

// The engine answers questions and takes no decisions: what was taken waits in the journal, and the ledger that is read
// does not know it yet.
const noDecisions = {
  statement: 'INSERT INTO decisions',
  times: Number.MAX_SAFE_INTEGER,
  failure: { kind: 'reset', when: 'before' },
} as const;
const noPeople = { ...noDecisions, statement: 'INSERT INTO subjects' };

const connection = new Connection(() => service.url);
const data = newDirectory();
const behind = newDirectory();
let engine: AwayableEngine;
let service: Service;

beforeAll(async () => {
  engine = await AwayableEngine.start(behind.path);
  await start();
  await registerStreams(connection);
});
afterAll(async () => {
  connection.close();
  await service.stop();
  await engine.stop();
  data.remove();
  behind.remove();
});

async function start(environment: Record<string, string> = {}): Promise<void> {
  service = await Service.start(data.path, { CLICKHOUSE_URL: engine.url, ...environment });
}

async function post(path: string, body: unknown, headers?: Record<string, string>): Promise<number> {
  return (await connection.post(path, body, headers)).status;
}

async function asked(subscriber: string, message: object = streams.promotions): Promise<unknown> {
  const { body } = await connection.post<{ results: { allowed: boolean; reason: string }[] }>(
    '/v1/permissions/check',
    { message, subscribers: [subscriber] },
  );
  const [answer] = body.results;
  return answer && [answer.allowed, answer.reason];
}

async function shown(subscriber: string): Promise<unknown> {
  const { body } = await connection.get<{ streams: { stream: string; allowed: boolean; reason: string }[] }>(
    `/v1/permissions/${subscriber}`,
  );
  const stream = body.streams.find((one) => one.stream === 'promotions');
  return stream && [stream.allowed, stream.reason];
}

const ada = { id: 'ada', email: 'ada@example.com', phone: '+12025550123', jurisdiction: 'US' };
const denied = [false, 'pending'];

test('an opt-out that waits denies, whatever it named the person by', async () => {
  const doors: Record<string, (subscriber: string, path: string) => Promise<number>> = {
    subscriber: (subscriber) => post('/v1/opt-outs', { subscriber, ...streams.promotions }),
    email: (subscriber) =>
      post('/v1/opt-outs', { email: `${subscriber}@example.com`, ...streams.promotions }),
    phone: (subscriber) =>
      post('/v1/opt-outs', { phone: phoneOf(subscriber), channel: 'sms', asked: 'everything' }),
    message: (subscriber) => post('/v1/opt-outs', { message_id: `m-${subscriber}`, channel: 'email' }),
    link: (_, path) => post(path, oneClick.body, oneClick.headers),
  };
  const paths = new Map<string, string>();
  for (const subscriber of [...Object.keys(doors), 'bystander']) {
    const profile = {
      ...ada,
      id: subscriber,
      email: `${subscriber}@example.com`,
      phone: phoneOf(subscriber),
    };
    expect(await post('/v1/subscribers', [profile])).toBe(200);
    const delivered = { id: `d-${subscriber}`, type: 'delivered', message_id: `m-${subscriber}` };
    expect(await post('/v1/events', [{ ...delivered, subscriber, ...streams.promotions }])).toBe(200);
    paths.set(
      subscriber,
      await linkTo(connection, { id: `l-${subscriber}`, subscriber, stream: 'promotions' }),
    );
    expect(await asked(subscriber)).toEqual([true, 'regime_opt_out']);
  }
  await engine.plan(noDecisions);
  for (const [door, optOut] of Object.entries(doors)) {
    expect([door, await optOut(door, paths.get(door) ?? '')]).toEqual([door, 202]);
  }
  for (const door of Object.keys(doors)) {
    expect([door, await asked(door)]).toEqual([door, denied]);
    expect([door, await shown(door)]).toEqual([door, denied]);
  }
  expect(await asked('bystander')).toEqual([true, 'regime_opt_out']);
  expect(await shown('bystander')).toEqual([true, 'regime_opt_out']);

  await engine.plan();
  await settled(connection);
  for (const door of Object.keys(doors))
    expect([door, await asked(door)]).toEqual([door, [false, 'opt_out']]);
  expect(await asked('bystander')).toEqual([true, 'regime_opt_out']);
});

const phones = ['subscriber', 'email', 'phone', 'message', 'link', 'bystander'];
const phoneOf = (subscriber: string) => `+1202555010${phones.indexOf(subscriber)}`;

test('an opt-out by message finds the delivery that was journaled before it', async () => {
  await engine.goAway();
  const delivered = { id: 'd', type: 'delivered', subscriber: 'una', ...streams.promotions, message_id: 'm' };
  const optOut = { id: 'o', type: 'opted_out', channel: 'email', message_id: 'm' };
  expect(await post('/v1/events', [delivered])).toBe(202);
  expect(await post('/v1/events', [optOut])).toBe(202);
  // Deliveries are late to come in.
  await engine.plan({
    statement: 'INSERT INTO events',
    times: 4,
    failure: { kind: 'reset', when: 'before' },
  });
  await engine.comeBack();
  await settled(connection);
  expect(await asked('una')).toEqual([false, 'opt_out']);
  const { body } = await connection.get('/v1/quarantine');
  expect(body).toEqual({ rows: [] });
});

test('people whose first group waits in the journal are the same people after a restart', async () => {
  await engine.plan(noPeople);
  expect(await post('/v1/subscribers', [{ id: 'first' }])).toBe(202);
  expect(await post('/v1/opt-outs', { id: 'o-zoe', subscriber: 'zoe', ...streams.promotions })).toBe(202);
  expect(await post('/v1/subscribers', [{ ...ada, id: 'zoe' }])).toBe(202);
  expect(
    await post('/v1/events', [{ id: 'd-zoe', type: 'delivered', subscriber: 'zoe', ...streams.promotions }]),
  ).toBe(202);
  await service.kill();
  await engine.plan();
  await start();
  await settled(connection);
  expect(await asked('zoe')).toEqual([false, 'opt_out']);
  const people = await service.rows(
    `SELECT external_id, uniqExact(person) AS people FROM subjects GROUP BY external_id HAVING people > 1`,
  );
  expect(people).toEqual([]);
});

test('an engine that stays silent does not keep people waiting', async () => {
  await engine.plan({ statement: 'FROM event_ids', times: 1, failure: { kind: 'hang' } });
  const began = performance.now();
  const answers = await Promise.all(
    ['a', 'b', 'c'].map(async (subscriber, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 500));
      const own = new Connection(() => service.url);
      const { status } = await own.post('/v1/opt-outs', { subscriber, ...streams.promotions });
      own.close();
      return status;
    }),
  );
  expect(answers).toEqual([202, 202, 202]);
  expect(performance.now() - began).toBeLessThan(20_000);
  await settled(connection);
  expect(await asked('a')).toEqual([false, 'opt_out']);
});

test('decisions are numbered after those that a restart replays, even when the clock was set back', async () => {
  await engine.plan(noDecisions);
  expect(await post('/v1/opt-outs', { id: 'before', subscriber: 'ida', ...streams.promotions })).toBe(202);
  await service.kill();
  await engine.plan();
  await start({ FAULTS_CLOCK_BEHIND_MS: '3600000' });
  expect(await post('/v1/opt-outs', { id: 'after', subscriber: 'ida', ...streams.newsletter })).toBe(200);
  const rows = await service.rows<{ event_id: string }>(
    "SELECT event_id FROM decisions WHERE event_id IN ('before', 'after') ORDER BY seq",
  );
  expect(rows.map(({ event_id }) => event_id)).toEqual(['before', 'after']);
});
