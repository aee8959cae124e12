import { Setup } from '@secateur/backend/app';
import type { RisksAnswer } from '@secateur/backend/contract';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { barriers } from '../support/axe.js';
import { launchBrowser, openPage, type PageOptions } from '../support/browser.js';
import { Calls } from '../support/calls.js';

const password = 'snip what must stop';
const hour = 3_600_000;
const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const newsletter = { channel: 'email', category: 'newsletter', origin: 'crm' };

let service: RunningApp;
let browser: Browser;
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;
const calls = new Calls(() => service);
const opened: { page: Page; errors: string[] }[] = [];

beforeAll(async () => {
  service = await startApp();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});
afterEach(async () => {
  for (const { page } of opened.splice(0)) await page.context().close();
});

async function open(path: string, options: PageOptions = {}): Promise<{ page: Page; errors: string[] }> {
  const one = await openPage(browser, { storageState: signedIn, ...options });
  opened.push(one);
  await one.page.goto(service.url + path);
  return one;
}

const region = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
// biome-ignore lint/performance/useDomNodeTextContent: what the page shows is what is asked for, with the space between its parts
const text = async (place: Locator): Promise<string> => (await place.innerText()).replaceAll(/\s+/g, ' ');

/*
 * 300 people, promotions delivered to each 30 h ago and the newsletter 5 h ago.
 *   promotions  300 delivered, 24 opt-outs of the stream (8.00 %)
 *   newsletter  300 delivered,  1 complaint
 */
async function fill(): Promise<void> {
  for (const [key, place] of [
    ['promotions', promotions],
    ['newsletter', newsletter],
  ] as const) {
    const definition = {
      ...place,
      class: 'commercial',
      brand: 'Alder',
      list_id: `${key}.example.com`,
      all_option_shown: true,
      legal_basis: 'consent',
      regime: 'opt_out',
    };
    expect(await calls.send('PUT', `/v1/streams/${key}`, definition)).toMatchObject({ status: 200 });
  }
  const people = Array.from({ length: 300 }, (_, index) => `u-${index}`);
  const profiles = people.map((id, index) => ({
    id,
    email: `${id}@example.com`,
    jurisdiction: index % 3 === 0 ? 'FR' : 'DE',
    attributes: { plan: index % 2 === 0 ? 'free' : 'plus' },
  }));
  expect(await calls.post('/v1/subscribers', profiles)).toMatchObject({ status: 200 });
  const ago = (hours: number) => new Date(Date.now() - hours * hour).toISOString();
  const delivered = people.flatMap((subscriber, index) => [
    {
      ...promotions,
      id: `p-${index}`,
      message_id: `pm-${index}`,
      occurred_at: ago(30),
      subscriber,
      campaign: `sale-${index}`,
    },
    {
      ...newsletter,
      id: `n-${index}`,
      message_id: `nm-${index}`,
      occurred_at: ago(5),
      subscriber,
      campaign: 'weekly',
    },
  ]);
  await calls.events(...delivered.map((event) => ({ ...event, type: 'delivered', message_type: 'offer' })));
  const leaving = people.slice(0, 24).map((subscriber, index) => ({
    ...promotions,
    id: `o-${index}`,
    type: 'opted_out',
    trigger: 'one_click_unsubscribe',
    asked: 'this',
    subscriber,
    message_id: `pm-${index}`,
  }));
  await calls.events(...leaving);
  await calls.events({
    ...newsletter,
    id: 'c-1',
    type: 'complained',
    trigger: 'complaint',
    subscriber: 'u-50',
    message_id: 'nm-50',
  });
}

test('the link of the first start sets the admin’s password and leads to an empty Monitor that says how to begin', async () => {
  const { admin_link } = await service.app.get(Setup).prepare();
  const { page, errors } = await open(`/setup${new URL(admin_link ?? '').search}`);
  await page.getByLabel('Password', { exact: true }).fill('too short');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('3 more characters are needed.').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('The same again').fill(`${password}?`);
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('The two are not the same.').waitFor();
  await page.getByLabel('The same again').fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();

  await region(page, 'Send your first event').waitFor();
  expect(await text(region(page, 'Send your first event'))).toContain(
    `curl -X POST '${service.url}/v1/events'`,
  );
  expect(await page.getByRole('region', { name: 'Key figures' }).count()).toBe(0);
  expect(errors).toEqual([]);
  signedIn = await page.context().storageState();
});

test('a link that was used says so', async () => {
  const { page } = await open('/setup?token=used', { storageState: undefined });
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('The same again').fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('This link is no longer valid').waitFor();
});

test('whoever is not signed in signs in and comes back to where they wanted to go', async () => {
  const { page, errors } = await open('/monitor?range=30d', { storageState: undefined });
  await page.getByRole('heading', { name: 'Sign in to Secateur' }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByLabel('User').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('That user and password do not belong together.').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Monitor' }).waitFor();
  expect(new URL(page.url()).search).toBe('?range=30d');
  expect(errors).toEqual([]);
});

test('the page fills: figures with their denominators, the chart, segments, decisions', async () => {
  await fill();
  const { page, errors } = await open('/');
  const figures = region(page, 'Key figures');
  await figures.getByText('24 of 600 delivered').waitFor();
  const words = await text(figures);
  expect(words).toContain(
    'Opt-out rate 4.00% 2.70–5.88% no earlier figures 24 of 600 delivered + 0 unattributed',
  );
  expect(words).toContain('1 of 600 delivered');
  expect(words).toContain('Query analytics/rates');

  const chart = region(page, 'Opt-out rate over time');
  await chart.locator('svg .recharts-line-curve, svg .recharts-dot, svg circle').first().waitFor();
  await chart.getByRole('radio', { name: 'Table' }).check();
  await chart.getByRole('table').waitFor();
  expect(await text(chart.getByRole('table'))).toContain('8.00%');

  const segments = region(page, 'Segments');
  await segments.getByRole('rowheader', { name: 'Country: DE' }).waitFor();
  expect(await text(segments)).toMatch(/Country: DE 200 400 \d\.\d\d% \d+ opt-outs/);

  const decisions = region(page, 'Decisions');
  await decisions.getByText('Stopped 1 stream (Promotions by e-mail), kept 1').first().waitFor();
  await decisions.getByText('Marked as spam').waitFor();
  expect(errors).toEqual([]);
});

test('a row of the feed opens its reasons, and the address shares them', async () => {
  const { page, errors } = await open('/');
  await region(page, 'Decisions').getByRole('link').filter({ hasText: 'One-click' }).first().click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('heading', { name: 'Stopped 1 stream (Promotions by e-mail), kept 1' }).waitFor();
  const words = await text(drawer);
  expect(words).toContain('Stopped 1 Promotions by e-mail');
  expect(words).toContain('Goes on 1 Newsletter by e-mail');
  expect(words).toContain('Asked Stop Promotions by e-mail');
  expect(words).toMatch(/Floor row \d+ · STREAM/);
  expect(words).toContain('channel=email;category=promotions;origin=shop');
  await drawer.getByText('The record as JSON').click();
  expect(await text(drawer)).toContain('"streams_stopped"');
  expect(await barriers(page)).toEqual([]);

  const address = page.url();
  expect(new URL(address).searchParams.get('decision')).toMatch(/^[0-9a-f-]{36}$/);
  await page.reload();
  await drawer.getByRole('heading', { name: /^Stopped 1 stream/ }).waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  expect(new URL(page.url()).search).toBe('');
  expect(errors).toEqual([]);
});

test('a decision that nobody made is said not to be there, and the page behind works', async () => {
  const { page } = await open('/monitor?decision=00000000-0000-7000-8000-000000000000');
  await page.getByRole('dialog').getByText('This decision could not be loaded').waitFor();
  expect(await text(page.getByRole('dialog'))).toContain('→ 404');
});

test('an opt-out that comes in while the page is open appears by itself', async () => {
  const { page } = await open('/');
  const decisions = region(page, 'Decisions');
  await decisions.getByRole('link').first().waitFor();
  await calls.events({
    ...promotions,
    id: 'late-1',
    type: 'opted_out',
    trigger: 'link_unsubscribe',
    asked: 'this',
    subscriber: 'u-77',
    message_id: 'pm-77',
  });
  await decisions.getByText('Unsubscribe link').waitFor({ timeout: 10_000 });
});

test('one failing query shows its error and leaves the rest alone; Retry brings it back', async () => {
  const { page, errors } = await open('/sign-in');
  // The engine itself is well, so the failure is put between the page and the service.
  await page.route('**/v1/analytics/rates?*', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'about:blank',
        title: 'Engine away',
        status: 503,
        detail: 'Nothing is known to be empty.',
      }),
    }),
  );
  await page.goto(`${service.url}/monitor`);
  const segments = region(page, 'Segments');
  await segments.getByText('Segments could not be loaded').waitFor();
  expect(await text(segments)).toContain(
    'Engine away: Nothing is known to be empty. GET /v1/analytics/rates → 503',
  );
  expect(await segments.getByRole('table').count()).toBe(0);
  await region(page, 'Key figures')
    .getByText(/of 600 delivered/)
    .first()
    .waitFor();
  await region(page, 'Decisions').getByRole('link').first().waitFor();

  await page.unroute('**/v1/analytics/rates?*');
  await segments.getByRole('button', { name: 'Retry' }).click();
  await segments.getByRole('rowheader', { name: 'Country: DE' }).waitFor();
  expect(errors).toEqual([]);
});

test('an answer outside the contract and a lost connection are errors, never an empty chart', async () => {
  const { page } = await open('/sign-in');
  await page.route('**/v1/analytics/overview?*', (route) => route.fulfill({ json: { delivered: 0 } }));
  await page.route('**/v1/decisions?*', (route) => route.abort());
  await page.goto(`${service.url}/monitor`);
  await region(page, 'Opt-out rate over time')
    .getByText(/does not follow the contract/)
    .waitFor();
  expect(await region(page, 'Opt-out rate over time').locator('.recharts-surface').count()).toBe(0);
  await region(page, 'Decisions').getByText('Decisions could not be loaded').waitFor();
});

describe('segments at risk', () => {
  const answered = (kind: 'model' | 'rate', why: string[]): RisksAnswer => {
    const row = (segment: string, title: string, mean: number): RisksAnswer['rows'][number] => ({
      ...{ segment, segment_title: title, stream: null, stream_title: 'All streams', subscriptions: 1200 },
      risk_30d: { mean, lower: mean - 0.01, upper: mean + 0.01 },
      shrunk_30d: mean,
      trend: [
        { day: '2026-11-19', mean: mean / 2 },
        { day: '2026-11-20', mean },
      ],
      expected: { days_7: 300 * mean, days_30: 1200 * mean, days_90: 3000 * mean },
      reasons: [{ group: 'frequency', odds: 1.4 }],
    });
    return {
      ...{ model: '6f1d3c52-4a0e-4d2b-9a53-3c1f0e8d7b11', kind, why, as_of: '2026-11-20T00:00:00.000Z' },
      ...{ subscriptions: 2400, claim: 'association', query: 'churn/risks' },
      rows: [row('plan:free', 'Plan: free', 0.08), row('plan:pro', 'Plan: pro', 0.02)],
    };
  };
  const openWith = async (answer: RisksAnswer, width: number) => {
    const { page, errors } = await open('/sign-in', { width, height: 900 });
    await page.route('**/v1/churn/risks?*', (route) => route.fulfill({ json: answer }));
    await page.goto(`${service.url}/monitor`);
    const panel = region(page, 'At risk');
    await panel.getByRole('rowheader', { name: 'Plan: free' }).waitFor();
    return { page, errors, words: await text(panel) };
  };

  test('stand with their risk, its interval, what is expected and what it is associated with', async () => {
    const { page, errors, words } = await openWith(answered('model', []), 1440);
    expect(words).toContain(
      'Plan: free All streams 1,200 8.00% 7.00–9.00% 96 4.00% at first × 1.4 how often they are sent to',
    );
    expect(words).toContain('Associated with');
    expect(words).toContain('Query churn/risks');
    expect(await barriers(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('say why the rate is told where no skill is proven, also on a phone', async () => {
    const { page, words } = await openWith(answered('rate', ['no proven skill: it saves nothing']), 390);
    expect(words).toContain('No skill is proven yet');
    expect(words).toContain('no proven skill: it saves nothing');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await barriers(page)).toEqual([]);
  });

  test('say that there is none before there is one', async () => {
    const { page } = await open('/');
    await region(page, 'At risk').getByText('There is no churn model yet.').waitFor();
  });
});

test('figures that cannot be refreshed stay, and say from when they are', async () => {
  const { page } = await open('/');
  const decisions = region(page, 'Decisions');
  await decisions.getByRole('link').first().waitFor();
  await page.route('**/v1/decisions?*', (route) => route.abort());
  await decisions.getByText(/Not refreshed since/).waitFor({ timeout: 15_000 });
  expect(await decisions.getByRole('link').count()).toBeGreaterThan(5);
});

test('what is shown stands in the address', async () => {
  const { page } = await open('/');
  await region(page, 'Segments').getByRole('rowheader').first().waitFor();
  await page.getByRole('radio', { name: '24 hours' }).check();
  await page.getByLabel('Group by').selectOption('campaign');
  const campaigns = region(page, 'Campaigns');
  await campaigns.getByRole('button', { name: 'Delivered' }).click();
  await expect.poll(() => new URL(page.url()).search).toBe('?range=24h&dimension=campaign&sort=delivered');
  await campaigns.getByRole('searchbox').fill('week');
  await campaigns.getByRole('rowheader', { name: 'weekly' }).waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get('filter')).toBe('week');
  expect(await campaigns.getByRole('rowheader').count()).toBe(1);
  await page.reload();
  await campaigns.getByRole('rowheader', { name: 'weekly' }).waitFor();
  expect(await campaigns.getByRole('searchbox').inputValue()).toBe('week');
  await campaigns.getByRole('searchbox').fill('no such thing');
  await campaigns.getByText('Nothing here is called').waitFor();
});

test('a table of 301 rows draws those in view and can be walked by keyboard to its end', async () => {
  const { page } = await open('/monitor?dimension=campaign&sort=title');
  const campaigns = region(page, 'Campaigns');
  await campaigns.getByRole('rowheader', { name: 'sale-0', exact: true }).waitFor();
  expect(await campaigns.getByRole('rowheader').count()).toBeLessThan(60);
  expect(await campaigns.getByRole('table').getAttribute('aria-rowcount')).toBe('302');
  await campaigns.getByRole('region', { name: 'Campaigns, table' }).focus();
  await page.keyboard.press('End');
  await campaigns.getByRole('rowheader', { name: 'weekly' }).waitFor();
});

test.each(['light', 'dark'] as const)('nothing keeps anybody from using the %s page', async (colorScheme) => {
  const { page } = await open('/', { colorScheme });
  await region(page, 'Segments').getByRole('rowheader').first().waitFor();
  await region(page, 'Decisions').getByRole('link').first().waitFor();
  await region(page, 'Opt-out rate over time').locator('.recharts-surface').first().waitFor();
  expect(await barriers(page)).toEqual([]);
});

test.each([360, 390])('at %d pixels nothing is cut off, and segments are a list', async (width) => {
  const { page } = await open('/', { width, height: 780 });
  await page.getByText('Country: DE', { exact: true }).waitFor();
  expect(await region(page, 'Segments').getByRole('table').count()).toBe(0);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  expect(await barriers(page)).toEqual([]);
});

test('a session that ends while the page is open leads to the sign-in page and back', async () => {
  const { page } = await open('/monitor?range=24h');
  await region(page, 'Decisions').getByRole('link').first().waitFor();
  await page.context().clearCookies();
  await page.getByRole('heading', { name: 'Sign in to Secateur' }).waitFor({ timeout: 10_000 });
  expect(new URL(page.url()).searchParams.get('return')).toBe('/monitor?range=24h');
});

test('signing out ends the session', async () => {
  const { page, errors } = await open('/');
  await page.getByRole('button', { name: 'Account of admin' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Secateur' }).waitFor();
  await page.goto(`${service.url}/monitor`);
  await page.getByRole('heading', { name: 'Sign in to Secateur' }).waitFor();
  expect(errors).toEqual([]);
});
