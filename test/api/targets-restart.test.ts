import { DecisionReceipts, TargetList, TargetWithSecret } from '@secateur/backend/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';
import { AwayableEngine, newDirectory, Service } from '../support/faults-child.js';
import { Connection } from '../support/faults-http.js';
import { registerStreams, streams } from '../support/faults-senders.js';
import { dispatching, hurry, makeTarget, soon } from '../support/targets.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await WebhookReceiver.start();
});
afterEach(() => receiver.server.goAway());

describe('a service in a process of its own', { timeout: 90_000 }, () => {
  const data = newDirectory();
  const behind = newDirectory();
  const connection = new Connection(() => service.url);
  let engine: AwayableEngine;
  let service: Service;
  let target = '';

  const start = async (): Promise<void> => {
    service = await Service.start(data.path, { CLICKHOUSE_URL: engine.url, ...dispatching });
  };
  const optOut = async (subscriber: string): Promise<string> => {
    const { body } = await connection.deliver<{ decision: { id: string } | string }>('/v1/opt-outs', {
      subscriber,
      ...streams.promotions,
    });
    return typeof body.decision === 'string' ? body.decision : body.decision.id;
  };
  const told = (): string[] => receiver.decisions.map(({ decision }) => decision);
  const summary = async () => {
    const { targets } = TargetList.parse((await connection.get('/v1/targets')).body);
    return targets.find(({ id }) => id === target)?.summary;
  };

  beforeAll(async () => {
    engine = await AwayableEngine.start(behind.path);
    await start();
    await registerStreams(connection);
  });
  beforeEach(async () => {
    const body = { kind: 'webhook', name: 'crm', url: receiver.url };
    target = TargetWithSecret.parse((await connection.post('/v1/targets', body)).body).id;
  });
  afterAll(async () => {
    connection.close();
    await service.stop();
    await engine.stop();
    data.remove();
    behind.remove();
  });

  test('goes on after SIGKILL where it was: nothing is lost, and what has a receipt is not sent again', async () => {
    const first: string[] = [];
    for (let index = 0; index < 10; index++) first.push(await optOut(`k-${index}`));
    await soon(summary).toMatchObject({ waiting: 0, acknowledged: 10 });
    receiver.answer = () => 'hang';
    const second: string[] = [];
    for (let index = 0; index < 10; index++) second.push(await optOut(`l-${index}`));
    await soon(() => receiver.messages.length).toBeGreaterThan(10);
    await service.kill();
    receiver.answer = () => ({ status: 204 });
    const before = receiver.messages.length;
    await start();
    await soon(() => told().length).toBe(20);
    expect(new Set(told())).toEqual(new Set([...first, ...second]));
    const again = receiver.messages.slice(before).map(({ body }) => body.data.decision);
    expect(again.filter((decision) => first.includes(String(decision)))).toEqual([]);
    await soon(summary).toMatchObject({ waiting: 0, acknowledged: 20, dead: 0 });
  });

  test('waits while the engine is away, and tells what was decided then', async () => {
    await optOut('e-1');
    await soon(() => told().length).toBe(1);
    await engine.goAway();
    const pending = await connection.post<{ decision: string }>('/v1/opt-outs', {
      subscriber: 'e-2',
      ...streams.promotions,
    });
    expect(pending.status).toBe(202);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    await engine.comeBack();
    await soon(told).toContain(pending.body.decision);
    const path = `/v1/decisions/${pending.body.decision}/receipts`;
    const receipts = async () => {
      const { status, body } = await connection.get(path);
      return status === 200
        ? DecisionReceipts.parse(body).receipts.find((one) => one.target === target)
        : undefined;
    };
    await soon(receipts).toMatchObject({ state: 'acknowledged' });
  });
});

describe('a service that ends', () => {
  test('does not wait long for a target that does not answer, and stores how far it came', async () => {
    const app = await startApp({}, dispatching);
    hurry(app, { drain: 300 });
    const call = new Calls(() => app);
    await call.stream('promotions', streams.promotions);
    const { id } = await makeTarget(call, { kind: 'webhook', name: 'crm', url: receiver.url });
    const first = await call.optOut({ subscriber: 'a', ...streams.promotions });
    await soon(() => receiver.taken.length).toBe(1);
    receiver.answer = () => 'hang';
    const second = await call.optOut({ subscriber: 'b', ...streams.promotions });
    await soon(() => receiver.messages.length).toBe(2);
    const cursors: string[] = [];
    const insert = app.engine.insert.bind(app.engine);
    vi.spyOn(app.engine, 'insert').mockImplementation((table, columns, lines, token) => {
      if (table === 'target_cursors') cursors.push(lines);
      return insert(table, columns, lines, token);
    });
    const began = performance.now();
    await app.stop();
    expect(performance.now() - began).toBeLessThan(3000);
    expect(cursors).toHaveLength(1);
    const [target, , cursor] = JSON.parse(cursors[0] ?? '') as [string, number, number];
    expect(target).toBe(id);
    // Past the first, and before the second: the last place that is settled.
    expect(cursor).toBeGreaterThanOrEqual(Number(first.seq));
    expect(cursor).toBeLessThan(Number(second.seq));
  });

  test('without jobs tells nobody, and lets them wait', async () => {
    const app = await startApp({}, { ...dispatching, SECATEUR_JOBS: 'off' });
    const call = new Calls(() => app);
    await call.stream('promotions', streams.promotions);
    const { id } = await makeTarget(call, { kind: 'webhook', name: 'crm', url: receiver.url });
    const decision = await call.optOut({ subscriber: 'a', ...streams.promotions });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(receiver.messages).toEqual([]);
    const { targets } = TargetList.parse((await call.get('/v1/targets')).body);
    expect(targets).toMatchObject([{ id, summary: { waiting: 1, oldest_waiting_at: decision.received_at } }]);
    await app.stop();
  });
});
