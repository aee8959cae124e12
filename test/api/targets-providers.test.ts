import { DeadLetters, DecisionReceipts, type Receipt, TargetTest } from '@secateur/backend/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SubscriberDirectory } from '../../backend/src/subscribers/directory.js';
import { KeyFile } from '../../backend/src/subscribers/key-file.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls, minutesAgo } from '../support/calls.js';
import { MailchimpLoopback } from '../support/mailchimp-loopback.js';
import { SendGridLoopback } from '../support/sendgrid-loopback.js';
import { dispatching, hurry, makeTarget, removeTarget, soon, targetOf } from '../support/targets.js';

const email = (category: string) => ({ channel: 'email', category, origin: 'shop' });
const promotions = email('promotions');
const newsletter = email('newsletter');
const texts = { channel: 'sms', category: 'promotions', origin: 'shop' };
const proof = { basis: 'explicit_consent', evidence: 'form 7, confirmed by click' };
const sendgridKey = 'SG.0123456789abcdefgh';
const mailchimpKey = '0123456789abcdef-us21';

let app: RunningApp;
const call = new Calls(() => app);
let sendgrid: SendGridLoopback;
let mailchimp: MailchimpLoopback;
const made: string[] = [];
let count = 0;

beforeAll(async () => {
  app = await startApp({}, dispatching);
  hurry(app);
  await call.stream('promotions', promotions);
  await call.stream('newsletter', newsletter);
  await call.stream('unmapped', email('events'));
  await call.stream('receipts', email('receipts'), { class: 'essential', legal_basis: 'contract' });
  await call.stream('texts', texts);
});
afterAll(() => app.stop());
afterEach(async () => {
  for (const id of made.splice(0)) await removeTarget(call, id);
  await Promise.all([sendgrid?.server.goAway(), mailchimp?.server.goAway()]);
});

async function toSendGrid(change: object = {}) {
  sendgrid = new SendGridLoopback(sendgridKey, [11, 12]);
  await sendgrid.server.comeBack();
  const options = { groups: { promotions: 11, newsletter: 12 }, global_suppressions: true };
  const definition = { kind: 'sendgrid', name: 'mail', url: sendgrid.url, api_key: sendgridKey, options };
  const target = await makeTarget(call, { ...definition, ...change });
  made.push(target.id);
  return target;
}

async function toMailchimp(change: object = {}) {
  mailchimp = new MailchimpLoopback(mailchimpKey, ['aud1', 'aud2']);
  await mailchimp.server.comeBack();
  const options = { lists: { promotions: 'aud1', newsletter: 'aud2' } };
  const definition = { kind: 'mailchimp', name: 'news', url: mailchimp.url, api_key: mailchimpKey, options };
  const target = await makeTarget(call, { ...definition, ...change });
  made.push(target.id);
  return target;
}

async function somebody(profile: object = {}): Promise<{ id: string; at: string }> {
  const id = `p-${++count}`;
  const at = `${id}@example.com`;
  await call.profiles({ id, email: at, phone: `+1202555${1000 + count}`, jurisdiction: 'US', ...profile });
  return { id, at };
}

const optOut = (subscriber: string, request: object = promotions) => call.optOut({ subscriber, ...request });
const optIn = (subscriber: string, place: object = promotions) =>
  call.optIn({ subscriber, ...place, ...proof });

/** The receipt of a decision once it is settled. */
async function settled(decision: string): Promise<Receipt> {
  const ask = async () =>
    DecisionReceipts.parse((await call.get(`/v1/decisions/${decision}/receipts`)).body).receipts[0];
  await soon(async () => (await ask())?.state).toMatch(/acknowledged|dead/);
  const receipt = await ask();
  if (receipt === undefined) throw new Error('there is no receipt');
  return receipt;
}

async function lastDecision(): Promise<string> {
  const { body } = await call.get('/v1/decisions?limit=1');
  return (body as { decisions: { id: string }[] }).decisions[0]?.id ?? '';
}

/** Presses a button of the preference page behind a link of that stream. */
async function press(path: string, fields: Record<string, string>): Promise<string> {
  const response = await app.request(path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { authorization: '' },
  });
  expect(response.status).toBe(200);
  return response.text();
}

async function linkOf(subscriber: string): Promise<string> {
  const message = { ...promotions, campaign: 'c', message_id: `m-${subscriber}` };
  const { body } = await call.post('/v1/links', { subscriber, message, all_option_shown: true });
  return new URL((body as { url: string }).url).pathname;
}

const fieldOf = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

describe('SendGrid', () => {
  test('an opt-out of a stream suppresses its group and no other', async () => {
    const target = await toSendGrid();
    const { id, at } = await somebody();
    const decision = await optOut(id);
    expect(await settled(decision.id)).toMatchObject({
      target: target.id,
      kind: 'sendgrid',
      state: 'acknowledged',
      status: 201,
      detail: 'suppressed in group 11',
    });
    expect(sendgrid.changes).toEqual([`POST /v3/asm/groups/11/suppressions ${at}`]);
  });

  test('an opt-out of all e-mail goes to every group and to the global suppressions', async () => {
    await toSendGrid();
    const { id, at } = await somebody();
    expect((await settled((await optOut(id, { channel: 'email', asked: 'all' })).id)).detail).toBe(
      'suppressed in group 11, group 12, all',
    );
    expect([...sendgrid.groups.values(), sendgrid.global].map((one) => [...one])).toEqual([[at], [at], [at]]);
  });

  test('the global suppressions are left alone unless the target says so', async () => {
    await toSendGrid({ options: { groups: { promotions: 11, newsletter: 12 } } });
    const { id } = await somebody();
    await settled((await optOut(id, { channel: 'email', asked: 'all' })).id);
    expect(sendgrid.global.size).toBe(0);
    expect(sendgrid.changes).toHaveLength(2);
  });

  test('a pause and a hold suppress; a text message, and who may be written to, do not', async () => {
    await toSendGrid();
    const [paused, bounced, texted, told] = [
      await somebody(),
      await somebody(),
      await somebody(),
      await somebody(),
    ];
    await call.events(
      { id: 'pause', type: 'paused', subscriber: paused.id, ...promotions, until: minutesAgo(-60) },
      { id: 'bounce', type: 'bounced', subscriber: bounced.id, ...promotions, bounce: 'hard' },
    );
    await soon(() => [...(sendgrid.groups.get(11) ?? [])].sort()).toEqual([paused.at, bounced.at].sort());
    await soon(() => sendgrid.groups.get(12)?.size).toBe(1);
    const before = sendgrid.changes.length;
    expect([...(sendgrid.groups.get(12) ?? [])]).toEqual([bounced.at]);
    for (const decision of [await optOut(texted.id, texts), await optIn(told.id)]) {
      const { state, detail } = await settled(decision.id);
      expect([state, detail]).toEqual(['acknowledged', 'nothing to write: no mapped stream is concerned']);
    }
    expect(sendgrid.changes).toHaveLength(before);
  });

  test('an opt-in that re-opens a stream ends its suppression; nothing else does', async () => {
    await toSendGrid();
    const { id, at } = await somebody();
    await settled((await optOut(id)).id);
    await settled((await optOut(id, newsletter)).id);
    // Without evidence it lifts nothing.
    await settled((await call.optIn({ subscriber: id, ...promotions, basis: 'consent' })).id);
    expect(sendgrid.groups.get(11)?.has(at)).toBe(true);
    // That it was suppressed there without us, we do not know of.
    sendgrid.groups.get(11)?.add('elsewhere@example.com');
    expect((await settled((await optIn(id)).id)).detail).toBe(
      'suppressed in group 12; no longer suppressed in group 11',
    );
    expect([...(sendgrid.groups.get(11) ?? [])]).toEqual(['elsewhere@example.com']);
    expect(sendgrid.groups.get(12)?.has(at)).toBe(true);
  });

  test('whom we never suppressed is not resubscribed: not by what is decided of another stream, and not by a first opt-in', async () => {
    await toSendGrid();
    const { id, at } = await somebody();
    sendgrid.groups.get(11)?.add(at);
    await settled((await optOut(id, newsletter)).id);
    await settled((await optIn(id, newsletter)).id);
    await settled((await optIn(id, promotions)).id);
    expect(sendgrid.groups.get(11)?.has(at)).toBe(true);
    expect(sendgrid.changes.filter((change) => change.includes('/11/'))).toEqual([]);
  });

  test('an undo takes back what its decision suppressed, in the groups and in all', async () => {
    await toSendGrid();
    const { id, at } = await somebody();
    await settled((await optOut(id, newsletter)).id);
    const path = await linkOf(id);
    const done = await press(path, { form: '0123456789abcdef', do: 'all' });
    await soon(() => sendgrid.global.has(at)).toBe(true);
    expect(await press(path, { receipt: fieldOf(done, 'receipt'), do: 'undo' })).toContain('Undone');
    const undone = await lastDecision();
    expect((await settled(undone)).detail).toBe(
      'suppressed in group 12; no longer suppressed in group 11, all',
    );
    // The older opt-out stands.
    expect([...sendgrid.groups.values(), sendgrid.global].map((one) => [...one])).toEqual([[], [at], []]);
  });

  test('a narrow opt-in after an opt-out of everything leaves the global suppression, and says so', async () => {
    await toSendGrid();
    const { id, at } = await somebody();
    await settled((await optOut(id, { channel: 'email', asked: 'all', occurred_at: minutesAgo(5) })).id);
    expect((await settled((await optIn(id, newsletter)).id)).detail).toContain('a global suppression stays');
    expect(sendgrid.global.has(at)).toBe(true);
    expect(sendgrid.groups.get(12)?.has(at)).toBe(false);
  });

  test('many people go in one call', async () => {
    const target = await toSendGrid();
    await sendgrid.server.goAway();
    const people = await Promise.all(Array.from({ length: 20 }, () => somebody()));
    await Promise.all(people.map(({ id }) => optOut(id)));
    await sendgrid.server.comeBack();
    await soon(() => sendgrid.groups.get(11)?.size).toBe(20);
    expect(sendgrid.changes.length).toBeLessThan(10);
    await soon(async () => (await targetOf(call, target.id)).summary.acknowledged).toBe(20);
  });

  test('one bad address of many is the only one that is given up', async () => {
    const target = await toSendGrid();
    await sendgrid.server.goAway();
    const good = await Promise.all(Array.from({ length: 5 }, () => somebody()));
    const bad = await somebody({ email: 'bad-address@example.com' });
    const poison = await optOut(bad.id);
    await Promise.all(good.map(({ id }) => optOut(id)));
    await sendgrid.server.comeBack();
    await soon(() => sendgrid.groups.get(11)?.size).toBe(5);
    expect(await settled(poison.id)).toMatchObject({ state: 'dead', status: 400 });
    const { body } = await call.get(`/v1/targets/${target.id}/dead-letters`);
    const dead = DeadLetters.parse(body).dead_letters;
    expect(dead.map(({ decision }) => decision)).toEqual([poison.id]);
    expect(JSON.stringify(body)).not.toContain('bad-address');
  });

  test('nothing is written to a group that is gone: it would suppress everything', async () => {
    const target = await toSendGrid();
    sendgrid.groups.delete(11);
    const { id } = await somebody();
    await optOut(id);
    await soon(async () => (await targetOf(call, target.id)).summary.last_failure).toMatchObject({
      detail: 'no such unsubscribe group: 11',
    });
    expect(sendgrid.global.size).toBe(0);
    const tested = await call.post(`/v1/targets/${target.id}/test`, undefined);
    expect(TargetTest.parse(tested.body)).toMatchObject({
      ok: false,
      detail: 'no such unsubscribe group: 11',
    });
    sendgrid.groups.set(11, new Set());
    await soon(() => sendgrid.groups.get(11)?.size).toBe(1);
    const again = await call.post(`/v1/targets/${target.id}/test`, undefined);
    expect(TargetTest.parse(again.body)).toMatchObject({ ok: true, status: 200 });
  });

  test('a key that may not ask for groups may still suppress', async () => {
    await toSendGrid();
    sendgrid.instead = ({ method }) => (method === 'GET' ? { status: 403 } : undefined);
    const { id, at } = await somebody();
    await settled((await optOut(id)).id);
    expect(sendgrid.groups.get(11)?.has(at)).toBe(true);
  });

  test('a wrong key waits until it is put right', async () => {
    const target = await toSendGrid({ api_key: 'SG.wrong' });
    const { id, at } = await somebody();
    await optOut(id);
    await soon(async () => (await targetOf(call, target.id)).summary).toMatchObject({
      waiting: 1,
      dead: 0,
      last_failure: { status: 401 },
    });
    const options = { groups: { promotions: 11 } };
    const body = { kind: 'sendgrid', name: 'mail', url: sendgrid.url, api_key: sendgridKey, options };
    expect((await call.send('PUT', `/v1/targets/${target.id}`, body)).status).toBe(200);
    await soon(() => sendgrid.groups.get(11)?.has(at)).toBe(true);
  });
});

describe('Mailchimp', () => {
  test('an opt-out unsubscribes the member from the audience of its stream and no other', async () => {
    await toMailchimp();
    const { id } = await somebody({ email: 'Mixed.Case@Example.com' });
    for (const list of ['aud1', 'aud2']) mailchimp.join(list, 'mixed.case@example.com');
    const decision = await optOut(id);
    expect(await settled(decision.id)).toMatchObject({
      kind: 'mailchimp',
      state: 'acknowledged',
      status: 200,
      detail: 'unsubscribed from aud1',
    });
    expect(mailchimp.statusOf('aud1', 'mixed.case@example.com')).toBe('unsubscribed');
    expect(mailchimp.statusOf('aud2', 'mixed.case@example.com')).toBe('subscribed');
  });

  test('who is no member is not made one', async () => {
    await toMailchimp();
    const { id, at } = await somebody();
    expect(await settled((await optOut(id)).id)).toMatchObject({
      state: 'acknowledged',
      status: 404,
      detail: 'no member of aud1',
    });
    expect(mailchimp.statusOf('aud1', at)).toBeUndefined();
  });

  test('an audience that is not there is no answer about a member', async () => {
    const target = await toMailchimp();
    mailchimp.lists.delete('aud1');
    const { id } = await somebody();
    await optOut(id);
    await soon(async () => (await targetOf(call, target.id)).summary.last_failure).toMatchObject({
      status: 404,
      detail: 'no such audience: aud1',
    });
    const tested = await call.post(`/v1/targets/${target.id}/test`, undefined);
    expect(TargetTest.parse(tested.body)).toMatchObject({ ok: false, detail: 'no such audience: aud1' });
  });

  test('who is in a compliance state there is written to no more', async () => {
    await toMailchimp();
    const { id, at } = await somebody();
    mailchimp.join('aud1', at, 'compliance');
    expect(await settled((await optOut(id)).id)).toMatchObject({
      state: 'acknowledged',
      detail: 'not sent to by aud1 already',
    });
  });

  test('nobody is ever subscribed: not by an opt-in, and not by an undo', async () => {
    await toMailchimp();
    const { id, at } = await somebody();
    mailchimp.join('aud1', at);
    await settled((await optOut(id)).id);
    expect((await settled((await optIn(id)).id)).detail).toBe(
      'nothing to write: nobody is subscribed again: Mailchimp leaves that to the person',
    );
    const path = await linkOf(id);
    const done = await press(path, { form: '0123456789abcdef', do: 'stop' });
    await press(path, { receipt: fieldOf(done, 'receipt'), do: 'undo' });
    expect((await settled(await lastDecision())).detail).toContain('nobody is subscribed again');
    expect(mailchimp.statusOf('aud1', at)).toBe('unsubscribed');
    expect(mailchimp.changes.filter((change) => !change.endsWith(' unsubscribed'))).toEqual([]);
  });

  test('a test pings the API with the key', async () => {
    const target = await toMailchimp();
    const ping = async () =>
      TargetTest.parse((await call.post(`/v1/targets/${target.id}/test`, undefined)).body);
    expect(await ping()).toMatchObject({ ok: true, status: 200 });
    mailchimp.instead = () => ({ status: 403 });
    expect(await ping()).toMatchObject({ ok: false, status: 403 });
  });
});

describe('where there is no address, there is nothing to write', () => {
  const nothing = (reason: string) => ({
    state: 'acknowledged',
    status: null,
    detail: `nothing to write: ${reason}`,
  });

  test('nobody is known behind it', async () => {
    await toSendGrid();
    const decision = await call.optOut({ email: 'stranger@example.com', ...promotions });
    expect(await settled(decision.id)).toMatchObject(nothing('nobody is known behind the address'));
  });

  test('the person has no e-mail address', async () => {
    await toMailchimp();
    const { id } = await somebody({ email: null });
    expect(await settled((await optOut(id)).id)).toMatchObject(nothing('no e-mail address is known'));
  });

  test('the person was erased before it could be written', async () => {
    const { id } = await somebody();
    const decision = await optOut(id);
    const directory = app.app.get(SubscriberDirectory, { strict: false });
    const external = directory.idOf('external', id);
    const subject = (await directory.byExternalId([external])).get(external);
    app.app.get(KeyFile, { strict: false }).destroy(subject?.keySlot ?? -1);
    await toSendGrid({ since: String(Number(decision.seq) - 1) });
    expect(await settled(decision.id)).toMatchObject(nothing('the person was erased'));
    expect(sendgrid.changes).toEqual([]);
  });
});
