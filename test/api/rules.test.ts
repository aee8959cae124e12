import {
  CheckReport,
  ConditionCatalogue,
  DecisionTrace,
  DecisionView,
  Ruleset,
} from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';

let app: RunningApp;
const api = new Calls(() => app);
const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const texts = { channel: 'sms', category: 'promotions', origin: 'shop' };
const newsletter = { channel: 'email', category: 'newsletter', origin: 'shop' };
const receipts = { channel: 'email', category: 'receipts', origin: 'shop' };

beforeAll(async () => {
  app = await startApp({ markets: ['US'] });
  for (const [key, place] of Object.entries({ promotions, texts, newsletter })) await api.stream(key, place);
  await api.stream('receipts', receipts, { class: 'essential' });
});
afterAll(() => app.stop());

const leaf = (field: string, operator: string, value?: unknown) => ({
  field,
  operator,
  ...(value === undefined ? {} : { value }),
});
const when = (...rules: object[]) => ({ combinator: 'and', rules });
const rule = (id: string, priority: number, condition: object, then: object) => ({
  id,
  name: id,
  priority,
  when: condition,
  then,
});

async function draft(...rules: object[]): Promise<Ruleset> {
  const { status, body } = await api.post('/v1/rulesets', { rules, note: 'a draft' });
  expect({ status, body }).toMatchObject({ status: 201 });
  return Ruleset.parse(body);
}

async function step(id: string, what: string, body: object = { why: 'a test' }): Promise<Ruleset> {
  const answer = await api.post(`/v1/rulesets/${id}/${what}`, body);
  expect(answer).toMatchObject({ status: 200 });
  return Ruleset.parse(answer.body);
}

async function publish(...rules: object[]): Promise<Ruleset> {
  const { id } = await draft(...rules);
  expect((await check(id)).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  await step(id, 'approve');
  return step(id, 'publish');
}

async function check(id: string): Promise<CheckReport> {
  const { status, body } = await api.post(`/v1/rulesets/${id}/check`, {});
  expect(status).toBe(200);
  return CheckReport.parse(body);
}

let people = 0;
async function leave(changes: object = {}): Promise<DecisionView> {
  const subscriber = `rules-${++people}`;
  await api.profiles({
    id: subscriber,
    email: `${subscriber}@people.example`,
    phone: '+12025550123',
    jurisdiction: 'US',
  });
  return api.optOut({ subscriber, ...promotions, trigger: 'link_unsubscribe', ...changes });
}

test('a published rule widens the next decision, says so, and touches no past one', async () => {
  const before = await leave();
  expect(before).toMatchObject({
    ruleset: 'default',
    rule: '',
    effective: ['channel=email;category=promotions;origin=shop'],
  });
  const version = await publish(
    rule('everywhere', 10, when(leaf('message.category', '=', 'promotions')), {
      scope: { kind: 'category' },
      tag: 'wide',
    }),
  );
  expect(version).toMatchObject({
    state: 'published',
    texts: { everywhere: expect.stringContaining('category') },
  });
  const after = await leave();
  expect(after).toMatchObject({ ruleset: version.id, rule: 'everywhere' });
  expect(after.effective).toContain('category=promotions');
  expect(after.streams_stopped.sort()).toEqual(['promotions', 'texts']);
  expect(after.streams_kept).toContain('newsletter');
  const again = DecisionView.parse((await api.get(`/v1/decisions/${before.id}`)).body);
  expect(again.effective).toEqual(before.effective);
});

test('picks and "all" are taken literally, whatever a rule says', async () => {
  const picked = await leave({ asked: [newsletter] });
  expect(picked).toMatchObject({ rule: '', effective: ['channel=email;category=newsletter;origin=shop'] });
  const all = await leave({ asked: 'all' });
  expect(all).toMatchObject({ rule: '' });
  expect(all.effective).not.toContain('category=promotions');
});

test('the first by priority decides and the trace keeps all', async () => {
  const always = when();
  const version = await publish(
    rule('second', 20, always, { scope: { kind: 'all_marketing' } }),
    rule('first', 10, when(leaf('request.trigger', '=', 'link_unsubscribe')), { scope: { kind: 'stream' } }),
    rule('never', 5, when(leaf('message.channel', '=', 'sms')), { scope: { kind: 'brand' } }),
  );
  const decision = await leave();
  expect(decision).toMatchObject({ ruleset: version.id, rule: 'first' });
  expect(decision.trace.map(({ rule: id, matched }) => [id, matched])).toEqual([
    ['never', false],
    ['first', true],
    ['second', true],
  ]);
  expect(decision.streams_stopped).toEqual(['promotions']);
});

test('rolled back, the version that it superseded decides again', async () => {
  const one = await publish(rule('one', 1, when(), { scope: { kind: 'stream' }, tag: 'one' }));
  const two = await publish(rule('two', 1, when(), { scope: { kind: 'all_marketing' }, tag: 'two' }));
  expect((await leave()).ruleset).toBe(two.id);
  expect(await step(two.id, 'rollback', { why: 'too wide' })).toMatchObject({ state: 'rolled_back' });
  expect((await leave()).ruleset).toBe(one.id);
  expect(Ruleset.parse((await api.get(`/v1/rulesets/${one.id}`)).body).state).toBe('published');
});

test('rolled out to a share, the same person is always in the same arm, and both arms decide', async () => {
  const old = await publish(rule('old', 1, when(), { scope: { kind: 'stream' } }));
  const { id } = await draft(rule('new', 1, when(), { scope: { kind: 'channel' } }));
  await check(id);
  await step(id, 'approve');
  expect(await step(id, 'publish', { why: 'try it', percent: 50 })).toMatchObject({
    state: 'rollout',
    percent: 50,
  });
  const decided = await Promise.all(Array.from({ length: 40 }, () => leave()));
  expect(new Set(decided.map(({ ruleset }) => ruleset))).toEqual(new Set([old.id, id]));
  const [first] = decided;
  const again = await api.optOut({
    subscriber: first?.subscriber ?? '',
    ...newsletter,
    trigger: 'link_unsubscribe',
  });
  expect(again.ruleset).toBe(first?.ruleset);
  await step(id, 'rollback', { why: 'enough' });
  expect((await leave()).ruleset).toBe(old.id);
});

test('what was rolled back decides again only once it is checked and approved anew', async () => {
  const { id } = await publish(rule('harmful', 1, when(), { scope: { kind: 'stream' } }));
  expect(await step(id, 'rollback', { why: 'too wide' })).toMatchObject({ state: 'rolled_back' });
  const refused = await api.post(`/v1/rulesets/${id}/publish`, { why: 'once more' });
  expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('rolled back') } });
  expect(await api.post(`/v1/rulesets/${id}/approve`, { why: 'once more' })).toMatchObject({ status: 409 });
  expect((await check(id)).passed).toBe(true);
  expect(await step(id, 'approve')).toMatchObject({ state: 'approved' });
  expect(await step(id, 'publish')).toMatchObject({ state: 'published' });
});

test('each event names the other version that it concerns, and a decision its arm, tag and offers', async () => {
  const offers = { pause: [7], cap: { n: 2, per: 'month' } };
  const one = await publish(rule('one', 1, when(), { scope: { kind: 'stream' }, tag: 'narrow', offers }));
  expect(await leave()).toMatchObject({ ruleset: one.id, rollout: '', tag: 'narrow', offers });
  const two = await publish(rule('two', 1, when(), { scope: { kind: 'channel' } }));
  expect(await leave()).toMatchObject({ ruleset: two.id, tag: '', offers: null });
  await step(two.id, 'rollback');
  const last = async (id: string) =>
    Ruleset.parse((await api.get(`/v1/rulesets/${id}`)).body)
      .events.slice(-2)
      .map(({ event, other }) => [event, other]);
  expect(await last(one.id)).toEqual([
    ['superseded', two.id],
    ['published', two.id],
  ]);
  expect(await last(two.id)).toEqual([
    ['published', one.id],
    ['rolled_back', one.id],
  ]);
});

test('the trace of a decision says of each rule which leaf held with which value, as it was then', async () => {
  await api.profiles({ id: 'traced', jurisdiction: 'US', attributes: { plan: 'pro' } });
  const isSms = leaf('message.channel', '=', 'sms');
  const vip = [leaf('subscriber.attributes.plan', '=', 'pro'), leaf('segment', 'contains', 'plan:pro')];
  const allowed = leaf('permission.allowed[stream=newsletter]', '=', true);
  const version = await publish(
    rule('texts', 1, when(isSms), { scope: { kind: 'channel' } }),
    rule('vip', 2, when(...vip, allowed, leaf('engagement.sends_30d', '<', 1)), {
      scope: { kind: 'stream' },
    }),
  );
  const { id } = await api.optOut({ subscriber: 'traced', ...promotions, trigger: 'link_unsubscribe' });
  // What is known by now is something else.
  await api.profiles({ id: 'traced', jurisdiction: 'DE', attributes: { plan: 'free' } });
  await api.optOut({ subscriber: 'traced', ...newsletter, trigger: 'link_unsubscribe' });
  const { status, body } = await api.get(`/v1/decisions/${id}/trace`);
  expect(status).toBe(200);
  const { ruleset, rules } = DecisionTrace.parse(body);
  expect(ruleset).toBe(version.id);
  const found = rules.map(({ rule: one, matched, leaves }) => [
    one,
    matched,
    leaves?.map(({ field, fact, held }) => [field, fact, held]),
  ]);
  expect(found).toEqual([
    ['texts', false, [['message.channel', 'email', false]]],
    [
      'vip',
      true,
      [
        ['subscriber.attributes.plan', 'pro', true],
        ['segment', ['country:US', 'engagement:new', 'plan:pro'], true],
        ['permission.allowed[stream=newsletter]', true, true],
        ['engagement.sends_30d', 0, true],
      ],
    ],
  ]);
  expect(rules[0]?.text).toBe(version.texts.texts);
  const chosen = await leave({ asked: 'all' });
  expect((await api.get(`/v1/decisions/${chosen.id}/trace`)).body).toEqual({
    decision: chosen.id,
    ruleset: version.id,
    rules: [],
  });
  expect((await api.get(`/v1/decisions/${version.id}/trace`)).status).toBe(404);
});

test('a rule may ask for any attribute that profiles hold, and what rules in force ask for is kept', async () => {
  await api.profiles({ id: 'holder', attributes: { shirt_size: 'L' } });
  await api.send('PUT', '/v1/segments/tall', { name: 'Tall', condition: when() });
  const isLarge = leaf('subscriber.attributes.shirt_size', '=', 'L');
  await publish(
    rule('large', 1, when(isLarge, leaf('segment', 'contains', 'tall')), { scope: { kind: 'stream' } }),
  );
  const named = expect.stringContaining('of the rules');
  expect(await api.send('PUT', '/v1/segments/attributes', { attributes: [] })).toMatchObject({
    status: 409,
    body: { detail: named },
  });
  expect(await api.send('DELETE', '/v1/segments/tall')).toMatchObject({
    status: 409,
    body: { detail: named },
  });
});

test('the editor of rules learns what they may ask: the request, the message, and what there is here', async () => {
  await api.send('PUT', '/v1/segments/readers', { name: 'Readers', condition: when() });
  const { status, body } = await api.get('/v1/rulesets/fields');
  expect(status).toBe(200);
  const { fields, parameters } = ConditionCatalogue.parse(body);
  const field = (id: string) => fields.find((one) => one.id === id);
  expect(fields.every(({ used_in }) => used_in.includes('decision'))).toBe(true);
  expect(field('request.trigger')?.choices?.map(({ value }) => value)).toContain('one_click_unsubscribe');
  expect(field('message.stream')?.choices?.map(({ value }) => value)).toContain('newsletter');
  expect(field('segment')?.choices).toContainEqual({ value: 'readers', title: 'Readers' });
  expect(parameters.category.map(({ value }) => value)).toEqual(['newsletter', 'promotions', 'receipts']);
  const ofSegments = ConditionCatalogue.parse((await api.get('/v1/segments/fields')).body);
  expect(ofSegments.fields.map(({ id }) => id)).not.toContain('request.trigger');
  expect((await api.get('/v1/rulesets/fields', await api.key('send'))).status).toBe(403);
});

test('a draft with a fault is refused with the path of it', async () => {
  const bad = rule('bad', 1, when(leaf('message.colour', '=', 'red')), { scope: { kind: 'stream' } });
  const answer = await api.post('/v1/rulesets', { rules: [bad] });
  expect(answer).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'rules[0].when.rules[0].field' }] },
  });
});

test('half a surrogate pair, which the engine takes in no row, is refused by name', async () => {
  const half = '\ud800';
  const sound = rule('x', 1, when(), { scope: { kind: 'stream' } });
  for (const [draft, field] of [
    [{ rules: [{ ...sound, name: half }] }, 'rules[0].name'],
    // biome-ignore lint/suspicious/noThenProperty: the word of the product
    [{ rules: [{ ...sound, then: { tag: half } }] }, 'rules[0].then.tag'],
    [{ rules: [sound], note: half }, 'note'],
  ] as const) {
    const answer = await api.post('/v1/rulesets', draft);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  }
  const { id } = await draft(sound);
  const answer = await api.post(`/v1/rulesets/${id}/discard`, { why: half });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'why' }] } });
});

test('nothing is published that was not approved, and with two persons nobody approves their own', async () => {
  const { id } = await draft(rule('x', 1, when(), { scope: { kind: 'stream' } }));
  expect(await api.post(`/v1/rulesets/${id}/publish`, { why: 'now' })).toMatchObject({ status: 409 });
  expect(await api.send('PUT', '/v1/rulesets/settings', { two_person: true })).toMatchObject({ status: 200 });
  await check(id);
  expect(await api.post(`/v1/rulesets/${id}/approve`, { why: 'mine' })).toMatchObject({ status: 403 });
  const other = await api.key('approve');
  expect(await api.post(`/v1/rulesets/${id}/approve`, { why: 'sound' }, other)).toMatchObject({
    status: 200,
  });
  await api.send('PUT', '/v1/rulesets/settings', { two_person: false });
});

test('a rule that names essential mail fails its check with an example, and is not approved', async () => {
  const { id } = await draft(
    rule('greedy', 1, when(), { scope: { kind: 'selectors', selectors: [{}, { class: 'essential' }] } }),
  );
  const report = await check(id);
  expect(report.passed).toBe(false);
  expect(report.findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['essential', 'unsafe']));
  expect(report.findings.find(({ kind }) => kind === 'unsafe')?.example).toMatchObject({
    'request.asked': 'this',
  });
  expect(await api.post(`/v1/rulesets/${id}/approve`, { why: 'no' })).toMatchObject({ status: 409 });
});
