import { PermissionAnswer, SubscriberPermissions } from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';

// What a rule offers in place of an opt-out, from its publication to the permission check.

const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const usual = ['pause-30', 'pause-90', 'fewer'];

let app: RunningApp;
const api = new Calls(() => app);
beforeAll(async () => {
  app = await startApp({ markets: ['US'] });
  await api.stream('promotions', promotions);
  await publish(
    rule('pauses', 'pauses', { pause: [1, 14] }),
    rule('caps', 'caps', { pause: [], cap: { n: 3, per: 'month' } }),
    rule('silent', 'silent'),
  );
});
afterAll(() => app.stop());

/** Matches whoever leaves after a message of the campaign. */
function rule(id: string, campaign: string, offers?: object) {
  const priority = ['pauses', 'caps', 'silent'].indexOf(id);
  const when = {
    combinator: 'and',
    rules: [{ field: 'message.campaign', operator: '=', value: campaign }],
  };
  return {
    id,
    name: id,
    priority,
    when,
    // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
    then: { scope: { kind: 'stream' }, ...(offers === undefined ? {} : { offers }) },
  };
}

async function publish(...rules: object[]): Promise<void> {
  const { body } = await api.post('/v1/rulesets', { rules });
  const { id } = body as { id: string };
  for (const step of ['check', 'approve', 'publish']) {
    const answer = await api.post(`/v1/rulesets/${id}/${step}`, step === 'check' ? {} : { why: 'a test' });
    expect(answer, step).toMatchObject({ status: 200 });
  }
}

let people = 0;
/** A new person who got a message of the campaign, and its link. */
async function personWithLink(campaign: string): Promise<{ id: string; path: string }> {
  const id = `offers-${++people}`;
  await api.profiles({ id, email: `${id}@people.example`, jurisdiction: 'US' });
  const message = { ...promotions, campaign, message_id: `${id}-1` };
  await api.events({ id: `${id}-1`, type: 'delivered', subscriber: id, ...message });
  const { body } = await api.post('/v1/links', { subscriber: id, message, all_option_shown: true });
  return { id, path: new URL((body as { url: string }).url).pathname };
}

async function page(path: string, form?: Record<string, string>): Promise<{ status: number; html: string }> {
  const sent = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  const response = await app.request(path, { ...sent, headers: { authorization: '' } });
  return { status: response.status, html: await response.text() };
}

const stop = (path: string) => page(path, { form: '0123456789abcdef', do: 'stop' });
const take = (path: string, html: string, offer: string) =>
  page(path, { receipt: /name="receipt" value="([^"]*)"/.exec(html)?.[1] ?? '', do: offer });
const offered = (html: string) =>
  [...html.matchAll(/name="do" value="((?:pause|fewer)[^"]*)"/g)].map(([, offer]) => offer);

async function check(id: string) {
  const { body } = await api.post('/v1/permissions/check', { message: promotions, subscribers: [id] });
  return PermissionAnswer.parse((body as { results: unknown[] }).results[0]);
}

it('offers the pauses of the rule and not the usual ones, when the opt-out is made; taken, one denies as a pause', async () => {
  const { id, path } = await personWithLink('pauses');
  expect(offered((await page(path)).html)).toEqual([]);
  const { html } = await stop(path);
  expect(await check(id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  expect(offered(html)).toEqual(['pause-1', 'pause-14', 'fewer']);
  expect(html).toContain('>Pause for 1 day<');
  expect(html).not.toContain('<script');
  const taken = await take(path, html, 'pause-14');
  expect(taken).toMatchObject({ status: 200, html: expect.stringContaining('Paused') });
  expect(await check(id)).toMatchObject({ allowed: false, reason: 'pause' });
  const { statements } = SubscriberPermissions.parse((await api.get(`/v1/permissions/${id}`)).body);
  const until = statements.find(({ effect }) => effect === 'pause')?.expires_at ?? '';
  const days = (Date.parse(until) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(13.9);
  expect(days).toBeLessThanOrEqual(15);
});

it('offers the cap of the rule and no pause; taken, it travels with the permission', async () => {
  const { id, path } = await personWithLink('caps');
  const { html } = await stop(`${path}?lang=de`);
  expect(await check(id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  expect(offered(html)).toEqual(['fewer-3-month']);
  expect(html).toContain('>Höchstens 3 pro Monat<');
  const taken = await take(`${path}?lang=de`, html, 'fewer-3-month');
  expect(taken).toMatchObject({ status: 200, html: expect.stringContaining('höchstens 3 pro Monat') });
  expect(await check(id)).toMatchObject({ allowed: true, cap: { n: 3, per: 'month' } });
});

it('offers the usual to whom no rule matched, and where the rule is silent', async () => {
  for (const campaign of ['nobody', 'silent']) {
    const { path } = await personWithLink(campaign);
    expect([campaign, offered((await stop(path)).html)]).toEqual([campaign, usual]);
  }
});

it('takes no offer of a rule that did not match, says so, and leaves the opt-out in force', async () => {
  const { id, path } = await personWithLink('nobody');
  const { html } = await stop(path);
  for (const offer of ['pause-14', 'fewer-3-month', 'pause-99999999999']) {
    const refused = await take(path, html, offer);
    expect(refused).toMatchObject({ status: 400, html: expect.stringContaining('This was not on offer') });
  }
  expect(await check(id)).toMatchObject({ allowed: false, reason: 'opt_out' });
});

it('offers what is usual for "all", which no rule decides', async () => {
  const { path } = await personWithLink('pauses');
  expect(offered((await page(path, { form: '0123456789abcdef', do: 'all' })).html)).toEqual(usual);
});

it('keeps a one-click opt-out free of offers: neither its answer nor the page after it has one', async () => {
  const { id, path } = await personWithLink('pauses');
  const answer = await page(path, { 'List-Unsubscribe': 'One-Click' });
  expect(answer.status).toBe(200);
  expect(await check(id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  expect(offered(answer.html)).toEqual([]);
  expect(offered((await page(path)).html)).toEqual([]);
});
