import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AwayableEngine, newDirectory, Service } from '../support/faults-child.js';
import { report } from '../support/faults-count.js';
import { Connection } from '../support/faults-http.js';
import { registerStreams, streams } from '../support/faults-senders.js';
import { all, leaf } from '../support/segment-calls.js';

const data = newDirectory();
const behind = newDirectory();
let engine: AwayableEngine;
let service: Service;
let connection: Connection;

beforeAll(async () => {
  engine = await AwayableEngine.start(behind.path);
  service = await Service.start(data.path, { CLICKHOUSE_URL: engine.url });
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

async function restart(): Promise<void> {
  await service.stop();
  service = await Service.start(data.path, { CLICKHOUSE_URL: engine.url });
}

interface Version {
  id: string;
  state: string;
  failures: { count: number; last: { rule: string; reason: string } } | null;
}

async function step(id: string, what: string, body: object = { why: 'a test' }): Promise<number> {
  return (await connection.post(`/v1/rulesets/${id}/${what}`, body)).status;
}

/** Approved, with one rule. */
async function approved(id: string, when: object = all()): Promise<string> {
  // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
  const rule = { id, name: id, priority: 1, when, then: { scope: { kind: 'channel' }, tag: id } };
  const { status, body } = await connection.post<Version>('/v1/rulesets', { rules: [rule] });
  expect({ status, body }).toMatchObject({ status: 201 });
  expect([await step(body.id, 'check', {}), await step(body.id, 'approve')]).toEqual([200, 200]);
  return body.id;
}

async function version(id: string): Promise<Version> {
  return (await connection.get<Version>(`/v1/rulesets/${id}`)).body;
}

const states = (...ids: string[]) => Promise.all(ids.map(async (id) => (await version(id)).state));

interface Decided {
  ruleset: string;
  rule: string;
  flags: string[];
  effective: string[];
  trace: { rule: string; failed?: string }[];
}
let people = 0;
/** @param first happens when the person is known */
async function leave(first = async () => {}): Promise<Decided & { took: number }> {
  const subscriber = `rules-${++people}`;
  await connection.deliver('/v1/subscribers', [{ id: subscriber, email: `${subscriber}@people.example` }]);
  await first();
  const asked = { subscriber, ...streams.promotions, trigger: 'link_unsubscribe' };
  const { status, body, sentAt, answeredAt } = await connection.post<{ decision: Decided }>(
    '/v1/opt-outs',
    asked,
  );
  expect({ status, body }).toMatchObject({ status: 200 });
  return { ...body.decision, took: answeredAt - sentAt };
}

const failing = (statement: string, when: 'before' | 'after') =>
  engine.plan({ statement, failure: { kind: 'reset', when }, times: 1 });

test('a publication whose write breaks has happened or has not, whole, and the next one goes on', async () => {
  const [one, two] = [await approved('one'), await approved('two')];
  expect(await step(one, 'publish')).toBe(200);
  await failing('INSERT INTO ruleset_events', 'before');
  expect(await step(two, 'publish')).toBe(503);
  expect(await states(one, two)).toEqual(['published', 'approved']);
  expect((await leave()).ruleset).toBe(one);
  await failing('INSERT INTO ruleset_events', 'after');
  // Written, and nobody could know: it is asked of the table, and what is there decides.
  expect(await step(two, 'publish')).toBe(503);
  expect(await states(one, two)).toEqual(['superseded', 'published']);
  expect((await leave()).ruleset).toBe(two);
  await restart();
  expect(await states(one, two)).toEqual(['superseded', 'published']);
  expect((await leave()).ruleset).toBe(two);
});

test('a rollback whose write breaks leaves neither the bad version deciding nor the set lost', async () => {
  const [one, two] = [await approved('three'), await approved('four')];
  expect([await step(one, 'publish'), await step(two, 'publish')]).toEqual([200, 200]);
  await failing('INSERT INTO ruleset_events', 'before');
  expect(await step(two, 'rollback')).toBe(503);
  expect((await leave()).ruleset).toBe(two);
  await failing('INSERT INTO ruleset_events', 'after');
  expect(await step(two, 'rollback')).toBe(503);
  expect(await states(one, two)).toEqual(['published', 'rolled_back']);
  expect((await leave()).ruleset).toBe(one);
  await restart();
  expect((await leave()).ruleset).toBe(one);
});

test('halves that an older release wrote are in force as the whole would be', async () => {
  const [one, two] = [await approved('five'), await approved('six')];
  expect([await step(one, 'publish'), await step(two, 'publish')]).toEqual([200, 200]);
  const cut = (id: string, event: string) =>
    service.command(
      `ALTER TABLE ruleset_events DELETE WHERE ruleset = '${id}' AND event = '${event}' SETTINGS mutations_sync = 1`,
    );
  await cut(one, 'superseded');
  await restart();
  expect(await states(one, two)).toEqual(['superseded', 'published']);
  const three = await approved('seven');
  expect(await step(three, 'publish')).toBe(200);
  expect(await states(one, two, three)).toEqual(['superseded', 'superseded', 'published']);
  expect((await leave()).ruleset).toBe(three);
});

test('what an older release approved is proved anew before it is published', async () => {
  const scope = { kind: 'selectors', selectors: [{ class: 'essential' }] };
  // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
  const rule = { id: 'greedy', name: 'greedy', priority: 1, when: all(), then: { scope } };
  const { body } = await connection.post<Version>('/v1/rulesets', { rules: [rule] });
  await service.command(
    `INSERT INTO ruleset_events SELECT '${body.id}', 'approved', now64(3, 'UTC') + INTERVAL 1 SECOND, 'older', '', NULL, ''`,
  );
  await restart();
  expect(await states(body.id)).toEqual(['approved']);
  expect(await step(body.id, 'publish')).toBe(409);
  expect(await states(body.id)).toEqual(['approved']);
});

test('what only conditions ask never holds an opt-out up: without it rules fail and the floor stands alone', async () => {
  const { status } = await connection.put('/v1/segments/reading', {
    name: 'reading',
    condition: all(leaf('permission.allowed[stream=promotions]', '=', true)),
  });
  expect(status).toBe(200);
  const counted = await approved('counted', all(leaf('engagement.sends_30d', '>=', 0)));
  expect(await step(counted, 'publish')).toBe(200);
  expect(await leave()).toMatchObject({ rule: 'counted', flags: [] });

  const floorAlone = {
    ruleset: counted,
    rule: '',
    flags: ['facts_missing', 'rule_failed'],
    effective: ['channel=email;category=promotions;origin=shop'],
    trace: [{ rule: 'counted', failed: 'FactsMissing' }],
  };
  await failing('countIf(e.type', 'before');
  expect(await leave()).toMatchObject(floorAlone);
  expect(await leave()).toMatchObject({ rule: 'counted', flags: [] });

  await engine.plan({ statement: 'countIf(e.type', failure: { kind: 'hang' }, times: 1 });
  const late = await leave();
  expect(late).toMatchObject(floorAlone);
  const next = await leave();
  expect(next).toMatchObject(floorAlone);
  report('facts of conditions that hang', { 'first answered in ms': late.took, 'next in ms': next.took });
  expect(late.took).toBeLessThan(3500);
  expect(next.took).toBeLessThan(1000);
  let failures = 3;
  while ((await leave()).rule !== 'counted') {
    failures++;
    await sleep(500);
  }
  expect((await version(counted)).failures).toMatchObject({
    count: failures,
    last: { rule: 'counted', reason: 'FactsMissing' },
  });
  expect(service.log).toContain('a rule failed: the floor stood alone');

  // No rule asks for segments, so it decides; what the person enters and leaves the next sweep finds.
  const ledgerFails = () => failing('FROM memberships AS m', 'before');
  expect(await leave(ledgerFails)).toMatchObject({ rule: 'counted', flags: ['facts_missing'] });
});
