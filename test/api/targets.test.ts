import { DeadLetters, DecisionReceipts, Receipt, TargetTest, TimeToHonour } from '@secateur/backend/contract';
import { EngineAwayError } from '@secateur/sql';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';
import { dispatching, hurry, makeTarget, removeTarget, soon, targetOf } from '../support/targets.js';
import { isSignedBy, type Message, WebhookReceiver } from '../support/webhook-receiver.js';

const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const newsletter = { ...promotions, category: 'newsletter' };
const proof = { basis: 'explicit_consent', evidence: 'form 7, confirmed by click' };

let app: RunningApp;
const call = new Calls(() => app);
let receiver: WebhookReceiver;
let other: WebhookReceiver;
const made: string[] = [];
let count = 0;

beforeAll(async () => {
  app = await startApp({}, dispatching);
  hurry(app);
  receiver = await WebhookReceiver.start();
  other = await WebhookReceiver.start();
  await call.stream('promotions', promotions);
  await call.stream('newsletter', newsletter);
});
afterEach(async () => {
  for (const id of made.splice(0)) await removeTarget(call, id);
  for (const one of [receiver, other]) {
    one.answer = () => ({ status: 204 });
    one.messages.length = 0;
    one.taken.length = 0;
  }
});
afterAll(async () => {
  await app.stop();
  await Promise.all([receiver, other].map(({ server }) => server.goAway()));
});

/** A webhook that lives for one test. */
async function webhook(at: WebhookReceiver = receiver, change: object = {}) {
  const target = await makeTarget(call, { kind: 'webhook', name: 'crm', url: at.url, ...change });
  made.push(target.id);
  return target;
}

async function somebody(): Promise<string> {
  const id = `u-${++count}`;
  await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
  return id;
}

const optOut = (subscriber: string, place: object = promotions) => call.optOut({ subscriber, ...place });
const optIn = (subscriber: string, place: object = promotions) =>
  call.optIn({ subscriber, ...place, ...proof });
const told = (at: WebhookReceiver): unknown[] => at.decisions.map(({ decision }) => decision);
const receiptsOf = async (decision: string): Promise<Receipt[]> =>
  DecisionReceipts.parse((await call.get(`/v1/decisions/${decision}/receipts`)).body).receipts;
const deadLetters = async (id: string) =>
  DeadLetters.parse((await call.get(`/v1/targets/${id}/dead-letters`)).body).dead_letters;
const honour = async () => TimeToHonour.parse((await call.get('/v1/analytics/time-to-honour')).body);
const subscriberOf = ({ body }: Message): unknown => body.data.subscriber;

describe('word of a decision', () => {
  test('goes out at once, signed, with ids and no address, and has a receipt with its lag (INV-FLOOR-5)', async () => {
    const target = await webhook();
    const subscriber = await somebody();
    const decision = await optOut(subscriber);
    await soon(() => receiver.taken.length).toBe(1);
    const [message] = receiver.taken;
    if (message === undefined) throw new Error('nothing came');
    expect(isSignedBy(target.secret ?? '', message)).toBe(true);
    expect(Math.abs(message.timestamp - Date.now() / 1000)).toBeLessThan(10);
    expect(message.arrived).toMatchObject({ method: 'POST', path: '/hook' });
    expect(message.arrived.headers).toMatchObject({ 'content-type': 'application/json' });
    const [change] = (await call.changes(String(Number(decision.seq) - 1), 1)).changes;
    expect(message.body).toEqual({ type: 'permission.changed', timestamp: change?.decided_at, data: change });
    expect(message.body.data).toMatchObject({ subscriber, streams_stopped: ['promotions'] });
    expect(message.raw).not.toContain('@');
    await soon(() => receiptsOf(decision.id)).toMatchObject([
      { target: target.id, target_name: 'crm', state: 'acknowledged', attempts: 1, status: 204 },
    ]);
    const [receipt] = await receiptsOf(decision.id);
    const lag = Date.parse(receipt?.acknowledged_at ?? '') - Date.parse(decision.received_at);
    expect(receipt?.lag_ms).toBe(lag);
    expect(lag).toBeLessThan(5000);
  });

  test('of an objection goes to every target, and is honoured when the last has acknowledged it (INV-GD-2)', async () => {
    const [first, last] = [await webhook(receiver), await webhook(other)];
    const before = await honour();
    expect(before).toMatchObject({ decisions: 0, waiting: 0, p99_ms: null });
    other.answer = () => ({ status: 503 });
    const trigger = 'gdpr_objection_art21';
    const decision = await call.optOut({ subscriber: await somebody(), channel: 'email', trigger });
    await soon(() => receiptsOf(decision.id)).toMatchObject([
      { target: first.id, state: 'acknowledged' },
      { target: last.id, state: 'waiting', status: 503, lag_ms: null },
    ]);
    expect(await honour()).toMatchObject({
      decisions: 1,
      honoured: 0,
      waiting: 1,
      oldest_waiting_at: decision.received_at,
      p99_ms: null,
    });
    other.answer = () => ({ status: 200 });
    await soon(honour).toMatchObject({ decisions: 1, honoured: 1, waiting: 0, dead: 0 });
    const lags = (await receiptsOf(decision.id)).map(({ lag_ms }) => lag_ms ?? 0);
    const { p50_ms, p99_ms, targets } = await honour();
    expect([p50_ms, p99_ms]).toEqual([Math.max(...lags), Math.max(...lags)]);
    expect(targets.map(({ target, p99_ms: own }) => [target, own])).toEqual([
      [first.id, lags[0]],
      [last.id, lags[1]],
    ]);
  });

  test('that was pending goes out once it is decided', async () => {
    await webhook();
    const subscriber = await somebody();
    const insert = app.engine.insert.bind(app.engine);
    const away = vi.spyOn(app.engine, 'insert').mockImplementation(async (table, ...rest) => {
      if (table === 'decisions') throw new EngineAwayError('insert decisions', null, 'TIMEOUT');
      return insert(table, ...rest);
    });
    expect((await call.post('/v1/opt-outs', { subscriber, ...promotions })).status).toBe(202);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(receiver.messages).toEqual([]);
    away.mockRestore();
    await soon(() => receiver.decisions).toMatchObject([{ subscriber, type: 'opted_out' }]);
  });

  test('tells of opt-ins as of opt-outs', async () => {
    await webhook();
    const subscriber = await somebody();
    const out = await optOut(subscriber);
    await call.optIn({ subscriber, ...promotions, ...proof });
    await soon(() => receiver.decisions.map(({ type }) => type)).toEqual(['opted_out', 'opted_in']);
    expect(receiver.decisions[0]?.decision).toBe(out.id);
  });

  test('of many people goes out to several at a time, to each person in order', async () => {
    await webhook();
    let [out, most] = [0, 0];
    receiver.answer = async () => {
      most = Math.max(most, ++out);
      await new Promise((resolve) => setTimeout(resolve, 5));
      out -= 1;
      return { status: 204 };
    };
    const people = await Promise.all(Array.from({ length: 10 }, somebody));
    const turns = 4;
    for (let turn = 0; turn < turns; turn++)
      await Promise.all(people.map((one) => (turn % 2 === 0 ? optOut(one) : optIn(one))));
    await soon(() => receiver.decisions.length).toBe(people.length * turns);
    for (const one of people) {
      const own = receiver.decisions.filter(({ subscriber }) => subscriber === one);
      expect(own.map(({ type }) => type)).toEqual(['opted_out', 'opted_in', 'opted_out', 'opted_in']);
    }
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);
  });
});

describe('where a target begins', () => {
  test('from now on, from a place in the feed, or from the beginning', async () => {
    const [early, late] = [await optOut(await somebody()), await optOut(await somebody())];
    const all = (await call.changes('0')).changes.map(({ decision }) => decision);
    await webhook(receiver);
    await webhook(other, { since: early.seq });
    await soon(() => told(other)).toEqual([late.id]);
    const next = await optOut(await somebody());
    await soon(() => [told(receiver), told(other)]).toEqual([[next.id], [late.id, next.id]]);
    const third = await WebhookReceiver.start();
    await webhook(third, { since: '0' });
    await soon(() => new Set(told(third))).toEqual(new Set([...all, next.id]));
    await third.server.goAway();
  });

  test('decisions made before it was there say nothing of its lag', async () => {
    const before = await optOut(await somebody());
    const target = await webhook(receiver, { since: String(Number(before.seq) - 1) });
    await soon(() => receiptsOf(before.id)).toMatchObject([{ state: 'acknowledged' }]);
    expect((await targetOf(call, target.id)).summary).toMatchObject({ acknowledged: 1, p99_lag_ms: null });
    expect(await honour()).toMatchObject({ decisions: 0, honoured: 0, p99_ms: null });
  });

  test('a disabled target is told nothing, and goes on from where it was once it is enabled', async () => {
    const target = await webhook();
    const change = { kind: 'webhook', name: 'crm', url: receiver.url };
    const put = (more: object) => call.send('PUT', `/v1/targets/${target.id}`, { ...change, ...more });
    expect((await put({ enabled: false })).body).toMatchObject({ enabled: false });
    const missed = await optOut(await somebody());
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(told(receiver)).toEqual([]);
    expect((await targetOf(call, target.id)).summary).toMatchObject({ waiting: 1 });
    expect(await receiptsOf(missed.id)).toEqual([]);
    expect((await put({ name: 'renamed' })).body).toMatchObject({ enabled: false, name: 'renamed' });
    expect((await put({ enabled: true })).body).toMatchObject({ enabled: true });
    await soon(() => told(receiver)).toEqual([missed.id]);
  });
});

describe('a target that is away', () => {
  test('gets everything in order when it is back, and delays no other', async () => {
    const target = await webhook(receiver);
    await webhook(other);
    await receiver.server.goAway();
    const people = [await somebody(), await somebody(), await somebody()];
    const made: string[] = [];
    for (let turn = 0; turn < 4; turn++) {
      for (const one of people) {
        const began = performance.now();
        const { id } = await (turn % 2 === 0 ? optOut(one) : optIn(one));
        made.push(id);
        await soon(() => told(other).includes(id)).toBe(true);
        expect(performance.now() - began).toBeLessThan(5000);
      }
    }
    expect(told(receiver)).toEqual([]);
    await soon(async () => (await targetOf(call, target.id)).summary).toMatchObject({
      waiting: 12,
      dead: 0,
      last_failure: { status: null, detail: 'no connection' },
    });
    await receiver.server.comeBack();
    await soon(() => told(receiver).length).toBe(12);
    for (const one of people) {
      const own = receiver.decisions.filter(({ subscriber }) => subscriber === one);
      expect(own.map(({ type }) => type)).toEqual(['opted_out', 'opted_in', 'opted_out', 'opted_in']);
    }
    expect(new Set(told(receiver))).toEqual(new Set(made));
    await soon(async () => (await targetOf(call, target.id)).summary).toMatchObject({
      waiting: 0,
      oldest_waiting_at: null,
      dead: 0,
      acknowledged: 12,
      last_failure: null,
    });
  });

  test.each([
    ['answers 500', () => ({ status: 500 })],
    ['breaks the connection', () => 'reset' as const],
    ['redirects', () => ({ status: 307, headers: { location: other.url } })],
    ['does not accept the signature', () => ({ status: 401 })],
  ])('that %s is tried again with the same id, and nothing is given up', async (_, answer) => {
    const target = await webhook();
    receiver.answer = answer;
    const decision = await optOut(await somebody());
    await soon(() => receiver.messages.length).toBeGreaterThan(5);
    receiver.answer = () => ({ status: 204 });
    await soon(() => told(receiver)).toEqual([decision.id]);
    expect(new Set(receiver.messages.map(({ id }) => id)).size).toBe(1);
    expect(other.messages).toEqual([]);
    expect(await deadLetters(target.id)).toEqual([]);
  });

  test('is left alone for as long as it asks', async () => {
    await webhook();
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '1' } });
    await optOut(await somebody());
    await soon(() => receiver.messages.length).toBe(1);
    receiver.answer = () => ({ status: 204 });
    await soon(() => receiver.taken.length).toBe(1);
    const [first, second] = receiver.messages.map(({ arrived }) => arrived.at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(950);
  });

  test('has a receipt that says a call is out while it does not answer', async () => {
    hurry(app, { slowCall: 50 });
    await webhook();
    let release = () => {};
    receiver.answer = async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { status: 204 };
    };
    const decision = await optOut(await somebody());
    await soon(() => receiptsOf(decision.id)).toMatchObject([{ state: 'sent', attempts: 1, lag_ms: null }]);
    release();
    await soon(() => receiptsOf(decision.id)).toMatchObject([{ state: 'acknowledged', attempts: 1 }]);
    hurry(app, { slowCall: 1000 });
  });

  test('that answers 410 is disabled, and says so; nothing is lost', async () => {
    const target = await webhook();
    receiver.answer = () => ({ status: 410 });
    const decision = await optOut(await somebody());
    await soon(() => targetOf(call, target.id)).toMatchObject({ enabled: false });
    expect((await targetOf(call, target.id)).disabled_for).toContain('410');
    expect(await receiptsOf(decision.id)).toMatchObject([{ state: 'waiting', status: 410 }]);
    const tries = receiver.messages.length;
    await optOut(await somebody());
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(receiver.messages).toHaveLength(tries);
    receiver.answer = () => ({ status: 204 });
    const body = { kind: 'webhook', name: 'crm', url: receiver.url, enabled: true };
    expect((await call.send('PUT', `/v1/targets/${target.id}`, body)).body).toMatchObject({
      enabled: true,
      disabled_for: '',
    });
    await soon(() => told(receiver).length).toBe(2);
  });
});

describe('a notice that a target does not want', () => {
  test('is a dead letter after a few tries; the rest goes on, and it can be sent again', async () => {
    const target = await webhook();
    const [poisonous, next] = [await somebody(), await somebody()];
    receiver.answer = (message) => ({ status: subscriberOf(message) === poisonous ? 422 : 204 });
    const poison = await optOut(poisonous);
    const [fine, after] = [await optOut(next), await optIn(poisonous)];
    await soon(() => told(receiver)).toEqual([fine.id]);
    await soon(() => deadLetters(target.id)).toHaveLength(2);
    expect(await deadLetters(target.id)).toMatchObject([
      { decision: poison.id, seq: poison.seq, attempts: 4, status: 422, received_at: poison.received_at },
      { decision: after.id, seq: after.seq, attempts: 4, status: 422 },
    ]);
    expect(await receiptsOf(poison.id)).toMatchObject([{ state: 'dead', attempts: 4, lag_ms: null }]);
    expect((await targetOf(call, target.id)).summary).toMatchObject({ dead: 2, waiting: 0 });
    expect(await honour()).toMatchObject({ decisions: 3, honoured: 1, waiting: 0, dead: 2 });

    const retry = (seq: string) => call.post(`/v1/targets/${target.id}/dead-letters/${seq}/retry`, undefined);
    expect(Receipt.parse((await retry(poison.seq)).body)).toMatchObject({ state: 'dead', attempts: 5 });
    receiver.answer = () => ({ status: 200 });
    const ids = receiver.messages.flatMap(({ id, body }) => (body.data.decision === poison.id ? [id] : []));
    expect(Receipt.parse((await retry(poison.seq)).body)).toMatchObject({
      state: 'acknowledged',
      attempts: 6,
      status: 200,
    });
    expect(receiver.taken.at(-1)?.id).toBe(ids[0]);
    expect(await deadLetters(target.id)).toMatchObject([{ decision: after.id }]);
    expect(await retry(poison.seq)).toMatchObject({ status: 404 });
    expect((await targetOf(call, target.id)).summary).toMatchObject({ dead: 1 });
  });

  test('lists its dead letters in pages', async () => {
    const target = await webhook();
    receiver.answer = () => ({ status: 400 });
    const decisions = await Promise.all([optOut(await somebody()), optOut(await somebody())]);
    await soon(() => deadLetters(target.id)).toHaveLength(2);
    const page = async (query: string) =>
      DeadLetters.parse((await call.get(`/v1/targets/${target.id}/dead-letters?${query}`)).body);
    const first = await page('limit=1');
    expect(first).toMatchObject({ dead_letters: [{}], next: first.dead_letters[0]?.seq });
    const second = await page(`limit=1&after=${first.next}`);
    const seen = [...first.dead_letters, ...second.dead_letters].map(({ decision }) => decision);
    expect(new Set(seen)).toEqual(new Set(decisions.map(({ id }) => id)));
    expect(await page(`after=${second.next}`)).toEqual({ dead_letters: [], next: null });
  });

  test('that makes the target fail holds up its own person alone', async () => {
    const target = await webhook();
    const [poisonous, next] = [await somebody(), await somebody()];
    receiver.answer = (message) => ({ status: subscriberOf(message) === poisonous ? 500 : 204 });
    const poison = await optOut(poisonous);
    await soon(() => receiver.messages.length).toBeGreaterThan(2);
    const decisions: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      decisions.push((await (turn % 2 === 0 ? optOut(next) : optIn(next))).id);
      await soon(() => told(receiver)).toEqual(decisions);
    }
    expect(await receiptsOf(poison.id)).toMatchObject([{ state: 'waiting', status: 500 }]);
    expect(await deadLetters(target.id)).toEqual([]);
    receiver.answer = () => ({ status: 204 });
    await soon(() => told(receiver)).toContain(poison.id);
  });

  test('that fails for days while the target answers others is a dead letter', async () => {
    hurry(app, { patience: 300 });
    const target = await webhook();
    const poisonous = await somebody();
    receiver.answer = (message) => ({ status: subscriberOf(message) === poisonous ? 500 : 204 });
    const poison = await optOut(poisonous);
    const began = performance.now();
    await soon(async () => {
      await optOut(await somebody());
      return (await deadLetters(target.id)).map(({ decision }) => decision);
    }).toEqual([poison.id]);
    expect(performance.now() - began).toBeGreaterThan(300);
    hurry(app, { patience: 3 * 24 * 3_600_000 });
  });

  test('is not the one to blame when everything is refused: then the target waits', async () => {
    hurry(app, { refusedInARow: 2, refusals: 2 });
    const target = await webhook();
    receiver.answer = () => ({ status: 404 });
    const decisions = await Promise.all(Array.from({ length: 6 }, async () => optOut(await somebody())));
    const owed = async () => (await targetOf(call, target.id)).summary;
    await soon(owed).toMatchObject({ last_failure: { status: 404 } });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { dead, waiting } = await owed();
    expect(dead + waiting).toBe(6);
    expect(waiting).toBeGreaterThan(0);
    receiver.answer = () => ({ status: 204 });
    await soon(() => told(receiver).length).toBe(waiting);
    expect(decisions).toHaveLength(6);
    hurry(app, { refusedInARow: 10, refusals: 4 });
  });
});

test('a decision that becomes visible late is told, though the target is past its place', async () => {
  const target = await webhook();
  const [first, second] = [await optOut(await somebody()), await optOut(await somebody())];
  await soon(() => told(receiver).length).toBe(2);
  const between = Number(first.seq) + 1;
  expect(between).toBeLessThan(Number(second.seq));
  // As a group that was put back to work after it was set aside: its number is old.
  const late = '00000000-0000-4000-8000-00000000abcd';
  const columns = ['seq', 'id', 'type', 'person', 'channel', 'received_at', 'decided_at'];
  const row = [between, late, 'opted_out', second.person, 'email', first.received_at, first.received_at];
  await app.engine.insert('decisions', columns, JSON.stringify(row), null);
  const body = { kind: 'webhook', name: 'again', url: receiver.url };
  expect((await call.send('PUT', `/v1/targets/${target.id}`, body)).status).toBe(200);
  await soon(() => told(receiver)).toContain(late);
  expect(await receiptsOf(late)).toMatchObject([{ target: target.id }]);
  expect(receiver.taken).toHaveLength(3);
});

test('a ping asks a webhook whether it would take anything', async () => {
  const target = await webhook(receiver, { enabled: false });
  const ping = async () =>
    TargetTest.parse((await call.post(`/v1/targets/${target.id}/test`, undefined)).body);
  expect(await ping()).toMatchObject({ ok: true, status: 204 });
  const [message] = receiver.messages;
  expect(message?.body).toMatchObject({ type: 'ping', data: { target: target.id } });
  expect(message && isSignedBy(target.secret ?? '', message)).toBe(true);
  receiver.answer = () => ({ status: 500 });
  expect(await ping()).toMatchObject({ ok: false, status: 500, detail: 'answered 500' });
  await receiver.server.goAway();
  expect(await ping()).toMatchObject({ ok: false, status: null, detail: 'no connection' });
  await receiver.server.comeBack();
});

test('after a rotation the old secret and the new one sign, and no other', async () => {
  const target = await webhook();
  const rotate = async () => (await call.post(`/v1/targets/${target.id}/rotate`, undefined)).body;
  const rotated = (await rotate()) as { secret: string; old_secret_until: string };
  expect(rotated.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(rotated.secret).not.toBe(target.secret);
  const ends = Date.parse(rotated.old_secret_until) - Date.now();
  expect(ends / 3_600_000).toBeCloseTo(24, 1);
  await optOut(await somebody());
  await soon(() => receiver.taken.length).toBe(1);
  const [message] = receiver.taken;
  expect(message?.signatures).toHaveLength(2);
  for (const secret of [target.secret ?? '', rotated.secret])
    expect(message && isSignedBy(secret, message)).toBe(true);
  expect(message && isSignedBy(`whsec_${Buffer.alloc(32).toString('base64')}`, message)).toBe(false);
});
