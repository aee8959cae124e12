import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AwayableEngine, newDirectory, Service } from '../support/faults-child.js';
import { counted, quantile, report } from '../support/faults-count.js';
import { type Answer, Connection } from '../support/faults-http.js';
import { expectExact, settled } from '../support/faults-ledger.js';
import { Acknowledged, linkTo, oneClick, registerStreams, streams } from '../support/faults-senders.js';

const seconds = counted(5, 60);
const data = newDirectory();
const behind = newDirectory();
let engine: AwayableEngine;
let service: Service;
let connection: Connection;
const acknowledged = new Acknowledged();

beforeAll(async () => {
  engine = await AwayableEngine.start(behind.path);
  await start();
  connection = new Connection(() => service.url);
  await registerStreams(connection);
});
afterAll(async () => {
  connection.close();
  await service.stop();
  await engine.stop();
  data.remove();
  behind.remove();
});

async function start(): Promise<void> {
  service = await Service.start(data.path, { CLICKHOUSE_URL: engine.url });
}

test('with the engine away opt-outs are taken, the send check denies, and all are decided in order afterwards', async () => {
  await deliver('bystander');
  const load = await Load.begin();
  await sleep(1000);
  await engine.goAway();
  const awayFrom = performance.now();
  load.mustTakeFrom = awayFrom;
  while (performance.now() - awayFrom < seconds * 1000) {
    await sleep(200);
    const last = load.lastPending;
    if (last !== undefined) expect(await asked(last)).toEqual({ allowed: false, reason: 'pending' });
    expect(await asked('bystander')).toEqual({ allowed: false, reason: 'engine_away' });
    const ready = await connection.get<{ journal: { waiting: boolean } }>('/readyz');
    expect(ready.status).toBe(200);
    if (last !== undefined) expect(ready.body.journal.waiting).toBe(true);
  }
  const taken = load.answers.filter(({ answeredAt }) => answeredAt > awayFrom);
  const before = load.answers.filter(({ answeredAt }) => answeredAt <= awayFrom);
  await engine.comeBack();
  await sleep(500);
  await load.end();
  const backAt = performance.now();
  await settled(connection);
  const replayedIn = performance.now() - backAt;

  expect(load.refused).toEqual([]);
  expect(taken.length).toBeGreaterThan(50);
  await load.expectInOrder();
  for (const subscriber of load.stopped)
    expect([subscriber, await asked(subscriber)]).toEqual([
      subscriber,
      { allowed: false, reason: 'opt_out' },
    ]);
  const exact = await expectExact(service, connection, acknowledged);
  const took = taken.map(({ sentAt, answeredAt }) => answeredAt - sentAt);
  report('engine away', {
    seconds,
    'requests before': before.length,
    'requests while away': taken.length,
    refused: load.refused.length,
    'answers lost at the moment of going': load.repeated,
    'answered p50 ms': quantile(took, 0.5),
    'p99 ms': quantile(took, 0.99),
    'most ms': Math.max(...took),
    'replayed in ms': replayedIn,
    ...exact,
  });
});

test('an insert whose answer is lost is neither lost nor repeated, and nothing passes it', async () => {
  const load = await Load.begin();
  for (const table of ['decisions', 'events', 'subjects', 'decisions', 'events', 'identifiers']) {
    const fault = { statement: `INSERT INTO ${table}`, times: 2 };
    await engine.plan(
      { ...fault, failure: { kind: 'reset', when: 'after' } },
      { ...fault, failure: { kind: 'reset', when: 'before' } },
      { statement: 'statements', times: 1, failure: { kind: 'truncate' } },
      { statement: 'event_ids', times: 1, failure: { kind: 'answer', status: 502, body: 'Bad gateway' } },
    );
    await sleep(counted(400, 3000));
  }
  await engine.plan();
  await load.end();
  const exact = await expectExact(service, connection, acknowledged);
  await load.expectInOrder();
  report('answers of the engine lost', { 'requests repeated': load.repeated, ...exact });
});

test('an opt-out that is in the ledger is answered as taken though the engine goes away that moment', async () => {
  await engine.plan({
    statement: 'WHERE id = {id:UUID}',
    times: 1,
    failure: { kind: 'reset', when: 'before' },
  });
  const optOut = { id: 'read-back', subscriber: 'reader', ...streams.promotions };
  acknowledged.note({ ...optOut, type: 'opted_out' });
  const { status } = await connection.post('/v1/opt-outs', optOut);
  await engine.plan();
  expect(await asked('reader')).toEqual({ allowed: false, reason: 'opt_out' });
  expect([200, 202]).toContain(status);
});

test('what waits for the engine survives the death of the service', async () => {
  await deliver('survivor');
  await engine.goAway();
  const ids = Array.from({ length: 40 }, (_, index) => `k-${index}`);
  const answers = await Promise.all(
    ids.map((id) => {
      const own = new Connection(() => service.url);
      const optOut = { id, subscriber: `survivor-${id}`, ...streams.promotions };
      acknowledged.note({ ...optOut, type: 'opted_out' });
      return own.post('/v1/opt-outs', optOut).finally(() => own.close());
    }),
  );
  expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 202));
  await service.kill();
  await engine.comeBack();
  await start();
  for (const id of ids) {
    const answer = await asked(`survivor-${id}`);
    expect(answer?.allowed).toBe(false);
    expect(['opt_out', 'pending']).toContain(answer?.reason);
  }
  await settled(connection);
  for (const id of ids) expect(await asked(`survivor-${id}`)).toEqual({ allowed: false, reason: 'opt_out' });
  const exact = await expectExact(service, connection, acknowledged);
  report('killed while the engine was away', { waiting: ids.length, ...exact });
});

async function deliver(subscriber: string): Promise<void> {
  const event = { id: `d-${subscriber}`, type: 'delivered', subscriber, ...streams.promotions };
  await connection.deliver('/v1/events', [event]);
  acknowledged.note(event);
}

async function asked(subscriber: string) {
  const { body } = await connection.post<{ results: { allowed: boolean; reason: string }[] }>(
    '/v1/permissions/check',
    { message: streams.promotions, subscribers: [subscriber] },
  );
  const [answer] = body.results;
  return answer && { allowed: answer.allowed, reason: answer.reason };
}

/** People who change their minds on three doors, and a sender that reports deliveries; only a 503 makes them send again. */
class Load {
  readonly answers: Answer[] = [];
  /** Nothing that is sent later than this may be refused. */
  mustTakeFrom = Number.POSITIVE_INFINITY;
  readonly refused: string[] = [];
  /** Requests that were sent again because the answer was a 503. */
  repeated = 0;
  /** Subscribers whose last word was an opt-out. */
  readonly stopped: string[] = [];
  /** Whose opt-out was taken last while the engine was away. */
  lastPending: string | undefined;
  readonly #sent = new Map<string, string[]>();
  readonly #links: { subscriber: string; path: string; message: string }[] = [];
  #ended = false;
  #running: Promise<unknown> = Promise.resolve();
  static #loads = 0;
  readonly #name = `l${++Load.#loads}`;

  static async begin(): Promise<Load> {
    const load = new Load();
    // Links are made while the engine is there, as they are in messages that went out earlier.
    for (let index = 0; index < 40; index++) {
      const message = { id: `${load.#name}-m-${index}`, subscriber: `${load.#name}-link-${index}` };
      const path = await linkTo(connection, { ...message, stream: 'promotions' });
      load.#links.push({ subscriber: message.subscriber, path, message: message.id });
    }
    const lanes = ['/v1/opt-outs', '/v1/opt-outs', '/v1/opt-outs', '/v1/events', '/v1/events'].map(
      (path, index) => load.#changeMinds(`${load.#name}-${index}`, path),
    );
    load.#running = Promise.all([...lanes, load.#press(), load.#deliver()]);
    return load;
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#running;
  }

  /** The ledger has the decisions of each person in the order in which they were sent. */
  async expectInOrder(): Promise<void> {
    const rows = await service.rows<{ event_id: string }>('SELECT event_id FROM decisions ORDER BY seq');
    const place = new Map(rows.map(({ event_id }, index) => [event_id, index]));
    for (const ids of this.#sent.values()) {
      const places = ids.map((id) => place.get(id) ?? -1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
    const byTime = await service.rows<{ event_id: string }>(
      'SELECT event_id FROM decisions ORDER BY order_at, seq',
    );
    const time = new Map(byTime.map(({ event_id }, index) => [event_id, index]));
    for (const ids of this.#sent.values()) {
      const places = ids.map((id) => time.get(id) ?? -1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  }

  /** Out, in, out again: one person after the other. */
  async #changeMinds(name: string, path: string): Promise<void> {
    const own = new Connection(() => service.url);
    for (let person = 0; !this.#ended; person++) {
      const subscriber = `${name}-${person}`;
      const ids: string[] = [];
      for (const [step, type] of ['opted_out', 'opted_in', 'opted_out'].entries()) {
        const id = `${subscriber}.${step}`;
        const consent = { basis: 'explicit_consent', evidence: 'box ticked', made_by: 'person' };
        const event = { id, subscriber, ...streams.promotions, ...(type === 'opted_in' ? consent : {}) };
        const request = path === '/v1/events' ? [{ ...event, type }] : event;
        const door = path === '/v1/events' ? path : type === 'opted_in' ? '/v1/opt-ins' : path;
        await this.#take(own, door, request, subscriber);
        acknowledged.note({ ...event, type });
        ids.push(id);
        await sleep(2); // instants have milliseconds
      }
      this.#sent.set(subscriber, ids);
      this.stopped.push(subscriber);
    }
    own.close();
  }

  async #press(): Promise<void> {
    const own = new Connection(() => service.url);
    for (const { path, subscriber, message } of this.#links) {
      if (this.#ended) break;
      await this.#take(own, path, oneClick.body, subscriber, oneClick.headers);
      acknowledged.links.add(message);
      this.stopped.push(subscriber);
      await sleep(100);
    }
    own.close();
  }

  async #deliver(): Promise<void> {
    const own = new Connection(() => service.url);
    for (let batch = 0; !this.#ended; batch++) {
      const events = Array.from({ length: 50 }, (_, index) => ({
        id: `${this.#name}-d-${batch}-${index}`,
        type: 'delivered',
        subscriber: `${this.#name}-d-${index}`,
        ...streams.newsletter,
      }));
      await this.#take(own, '/v1/events', events);
      for (const event of events) acknowledged.note(event);
      await sleep(20);
    }
    own.close();
  }

  async #take(
    own: Connection,
    path: string,
    request: unknown,
    subscriber?: string,
    headers?: Record<string, string>,
  ): Promise<void> {
    for (;;) {
      const answer = await own.post<Record<string, unknown>>(path, request, headers);
      this.answers.push(answer);
      if (answer.status === 202 && subscriber !== undefined) this.lastPending = subscriber;
      if (answer.status === 200 || answer.status === 202) return;
      if (answer.sentAt > this.mustTakeFrom || answer.status !== 503)
        this.refused.push(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      this.repeated += 1;
      await sleep(50);
    }
  }
}
