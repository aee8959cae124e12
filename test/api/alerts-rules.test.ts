import { FailedRulesService } from '@secateur/backend/app';
import { type Incident, Incidents, Ruleset } from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';
import { soon } from '../support/targets.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

let app: RunningApp;
let hook: WebhookReceiver;
const call = new Calls(() => app);
const place = { channel: 'email', category: 'promotions', origin: 'shop' };

const watch = () => app.app.get(FailedRulesService).watch(new Date());
const list = async (): Promise<Incident[]> =>
  Incidents.parse((await call.get('/v1/alerts?state=active')).body).incidents;

/** Published, with one rule that every opt-out from a link meets. */
async function published(): Promise<Ruleset> {
  const when = { combinator: 'and', rules: [] };
  // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
  const rule = { id: 'widen', name: 'Widen', priority: 1, when, then: { scope: { kind: 'channel' } } };
  const made = await call.post('/v1/rulesets', { rules: [rule] });
  const { id } = made.body as { id: string };
  for (const [step, body] of [
    ['check', {}],
    ['approve', { why: 'a test' }],
    ['publish', { why: 'a test' }],
  ] as const)
    expect(await call.post(`/v1/rulesets/${id}/${step}`, body), step).toMatchObject({ status: 200 });
  return Ruleset.parse((await call.get(`/v1/rulesets/${id}`)).body);
}

/** The decision that the rule made, as it stands where the rule threw: conditions that throw cannot be published. */
async function failed(error: string): Promise<void> {
  const trace = JSON.stringify([
    { rule: 'widen', matched: false, detail: `failed (${error})`, failed: error },
  ]);
  await app.engine.command(
    `INSERT INTO decisions SELECT * REPLACE (toUInt64(toUnixTimestamp64Micro(now64(6))) AS seq, generateUUIDv4() AS id,
       toString(generateUUIDv4()) AS event_id, '' AS rule, ['rule_failed'] AS flags, '${trace}' AS trace)
     FROM decisions AS d WHERE d.rule = 'widen' LIMIT 1`,
  );
}

let version: Ruleset;
beforeAll(async () => {
  app = await startApp({ markets: ['US'] }, { SECATEUR_PRIVATE_TARGETS: '127.0.0.1' });
  hook = await WebhookReceiver.start();
  hook.answer = () => ({ status: 204 });
  await call.stream('promotions', place);
  const { detection } = (await call.get('/v1/alerts/settings')).body as { detection: object };
  // Detectors of rates may be off: a rule that fails is told of all the same.
  const settings = { detection: { ...detection, enabled: false }, digest: { enabled: false } };
  const set = await call.send('PUT', '/v1/alerts/settings', {
    ...settings,
    webhook: { url: hook.url },
    email: null,
  });
  expect(set).toMatchObject({ status: 200 });
  version = await published();
  await call.profiles({ id: 'ada', email: 'ada@example.com' });
  const decision = await call.optOut({ subscriber: 'ada', ...place, trigger: 'link_unsubscribe' });
  expect(decision.rule).toBe('widen');
});
afterAll(async () => {
  await app.stop();
  await hook.server.goAway();
});

test('nothing is told while no rule fails', async () => {
  expect(await watch()).toEqual({ rules: 0, opened: 0, notices: 0 });
  expect(await list()).toEqual([]);
});

test('a rule that failed is an incident with an action, told once to whom alerts go', async () => {
  await failed('TypeError');
  await failed('TypeError');
  expect(await watch()).toEqual({ rules: 1, opened: 1, notices: 1 });
  const [incident] = await list();
  expect(incident).toMatchObject({
    ...{ kind: 'rule_failed', severity: 'critical', streams: ['promotions'] },
    title: `Rule widen of version ${version.number} fails: 2 of 3 decisions in 24 hours (TypeError)`,
    rule: { ruleset: version.id, version: version.number, rule: 'widen', failures: 2, decisions: 3 },
  });
  expect(incident?.rule?.action).toContain(`/v1/rulesets/${version.id}/rollback`);
  await soon(() => hook.taken.length).toBe(1);
  expect(hook.taken[0]?.body).toMatchObject({ type: 'alert.opened', data: { id: incident?.id } });
  expect(await watch()).toEqual({ rules: 1, opened: 0, notices: 0 });
});

test('it counts on while it fails, and tells nobody again', async () => {
  await failed('RangeError');
  expect(await watch()).toEqual({ rules: 1, opened: 0, notices: 0 });
  const found = await list();
  expect(found).toHaveLength(1);
  expect(found[0]?.rule).toMatchObject({ failures: 3, reasons: ['RangeError', 'TypeError'] });
});

test('it cannot become normal; resolved it is told of again when the rule fails again', async () => {
  const [incident] = await list();
  const resolve = (body: object) => call.post(`/v1/alerts/${incident?.id}/resolve`, body);
  expect(await resolve({ new_normal: true })).toMatchObject({ status: 409 });
  expect(await resolve({ note: 'rolled back' })).toMatchObject({ status: 200 });
  expect(await watch()).toEqual({ rules: 1, opened: 0, notices: 0 });
  expect(await list()).toEqual([]);
  await failed('TypeError');
  expect(await watch()).toEqual({ rules: 1, opened: 1, notices: 1 });
  expect((await list()).map(({ id }) => id)).not.toContain(incident?.id);
});
