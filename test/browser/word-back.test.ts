import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { barriers } from '../support/axe.js';
import { launchBrowser } from '../support/browser.js';
import { Calls } from '../support/calls.js';
import { Dashboard, region, shownIn } from '../support/dashboard.js';
import { dispatching, hurry, listTargets } from '../support/targets.js';
import { isSignedBy, WebhookReceiver } from '../support/webhook-receiver.js';

let service: RunningApp;
let browser: Browser;
let dashboard: Dashboard;
let receiver: WebhookReceiver;
const calls = new Calls(() => service);
const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };

beforeAll(async () => {
  service = await startApp({ markets: ['US'] }, dispatching);
  hurry(service);
  browser = await launchBrowser();
  receiver = await WebhookReceiver.start();
  await calls.stream('promotions', promotions);
  dashboard = await Dashboard.setUp(service, browser);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  await receiver?.server.goAway();
});
afterEach(() => dashboard.closePages());

let people = 0;
async function somebodyLeaves(): Promise<string> {
  const id = `leaver-${++people}`;
  await calls.profiles({ id, email: `${id}@people.example`, jurisdiction: 'US' });
  return (await calls.optOut({ subscriber: id, ...promotions })).id;
}

const rowOf = (page: Page, name: string): Locator =>
  region(page, 'Targets').getByRole('listitem').filter({ hasText: name });
const tile = (page: Page): Locator => page.getByRole('article', { name: 'Time to honour' });

/** Pages look every few seconds by themselves. */
const soon = { timeout: 15_000 };

test('without targets the page says what one is for, and Monitor shows the time to honour here', async () => {
  const first = await somebodyLeaves();
  const { page, errors } = await dashboard.open('/settings/word-back');
  await region(page, 'Targets').getByText('Nobody is told yet.').waitFor();
  await page.goto(`${service.url}/monitor?decision=${first}`);
  await tile(page).getByText('99th percentile', { exact: true }).waitFor();
  await region(page, 'Word back').getByText('Nobody: no target had to be.').waitFor();
  expect(errors).toEqual([]);
});

test('a webhook is added, its secret shown once, and that secret verifies what it is told', async () => {
  const { page, errors } = await dashboard.open('/settings/word-back');
  await page.getByRole('link', { name: 'Add a target' }).click();
  const form = page.getByRole('dialog', { name: 'A new target' });
  await form.getByRole('button', { name: 'Add it' }).click();
  await form.getByText('Give it a name.').waitFor();
  await form.getByText('Give the address that is called.').waitFor();
  await form.getByLabel('Name').fill('Warehouse');
  await form.getByLabel('Address').fill('https://10.0.0.7/hook');
  await form.getByRole('button', { name: 'Add it' }).click();
  await form.getByText('must not be an address off the public internet').waitFor();
  await form.getByLabel('Address').fill(receiver.url);
  await form.getByRole('button', { name: 'Add it' }).click();

  const drawer = page.getByRole('dialog', { name: 'Warehouse' });
  const secret = await drawer.getByLabel('Signing secret of Warehouse').inputValue();
  expect(secret).toMatch(/^whsec_/);
  expect(await barriers(page)).toEqual([]);
  await drawer.getByRole('button', { name: 'Test' }).click();
  await drawer.getByText(/^It would take word: answered 204, after/).waitFor();
  const [told] = receiver.messages;
  expect(told !== undefined && isSignedBy(secret, told)).toBe(true);

  await page.reload();
  await drawer.getByText('The secret was shown once').waitFor();
  expect(await page.content()).not.toContain(secret);
  await page.keyboard.press('Escape');
  await rowOf(page, 'Warehouse').getByText('Nothing to tell yet').waitFor();

  const decision = await somebodyLeaves();
  await rowOf(page, 'Warehouse').getByText('Up to date').waitFor(soon);
  expect(await shownIn(rowOf(page, 'Warehouse'))).toMatch(/p50 .* · p99 .* · 1 in 7 days last acknowledged/);
  await page.goto(`${service.url}/monitor?decision=${decision}`);
  await region(page, 'Word back')
    .getByText(/^acknowledged after/)
    .waitFor(soon);
  await page.keyboard.press('Escape');
  await tile(page).getByText('1 of 1 acknowledged').waitFor(soon);
  await page.getByText('Query analytics/rates, targets/time_to_honour').waitFor();
  expect(errors).toEqual([]);
});

test('a target that is away is shown with what waits for it, on Settings, Monitor and the decision', async () => {
  receiver.answer = () => ({ status: 503 });
  const decision = await somebodyLeaves();
  const { page } = await dashboard.open('/settings/word-back');
  await rowOf(page, 'Warehouse')
    .getByText(/^Away, 1 waiting, for up to/)
    .waitFor(soon);
  await rowOf(page, 'Warehouse').getByText('Answered 503.').waitFor();
  await page.getByRole('link', { name: 'Word back 1 target is away or left something out' }).waitFor(soon);
  await page.goto(`${service.url}/monitor?decision=${decision}`);
  await region(page, 'Word back')
    .getByText(/^waiting for/)
    .waitFor(soon);
  await page.keyboard.press('Escape');
  await tile(page).getByRole('link', { name: '1 still waits' }).waitFor(soon);
  receiver.answer = () => ({ status: 204 });
  await tile(page).getByText('2 of 2 acknowledged').waitFor({ timeout: 25_000 });
});

test('what a target does not want is a dead letter, and is sent again by hand', async () => {
  receiver.answer = () => ({ status: 422 });
  const decision = await somebodyLeaves();
  const { page, errors } = await dashboard.open(`/monitor?decision=${decision}`);
  await region(page, 'Word back').getByText('given up after 4 tries').waitFor(soon);
  await region(page, 'Word back').getByRole('link', { name: 'Send it again' }).click();
  const letters = region(page, 'Dead letters');
  await letters.getByText('answered 422 · 4 tries').waitFor();
  await letters.getByRole('button', { name: /^Retry/ }).click();
  await letters.getByText('Not taken: answered 422. It stays here.').waitFor();
  receiver.answer = () => ({ status: 204 });
  await letters.getByRole('button', { name: /^Retry/ }).click();
  await letters.getByText('Acknowledged.').waitFor();
  await letters.getByText('0 dead letters').waitFor(soon);
  expect(errors).toEqual([]);
});

test('a target is renamed, gets a new secret, is switched off and on, and removed; each that cannot be taken back asks first', async () => {
  const { page, errors } = await dashboard.open('/settings/word-back');
  await rowOf(page, 'Warehouse').getByRole('link', { name: 'Settings of Warehouse' }).press('Enter');
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Name').fill('Depot');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('Saved.').waitFor();
  await page.getByRole('dialog', { name: 'Depot' }).waitFor();

  await drawer.getByRole('button', { name: 'Replace the secret' }).click();
  await drawer.getByText('Both secrets sign for 24 hours.').waitFor();
  await drawer.getByRole('button', { name: 'Make a new secret' }).click();
  expect(await drawer.getByLabel('Signing secret of Depot').inputValue()).toMatch(/^whsec_/);
  await drawer.getByText('The secret before signs beside it until').waitFor();

  await drawer.getByRole('button', { name: 'Switch off' }).click();
  await drawer.getByRole('button', { name: 'Switch Depot off' }).click();
  await drawer.getByText('Switched off').waitFor();
  expect(await listTargets(calls)).toMatchObject([{ name: 'Depot', enabled: false, url: receiver.url }]);
  await drawer.getByRole('button', { name: 'Switch on' }).click();
  await drawer.getByText('Up to date').waitFor();

  await drawer.getByRole('button', { name: 'Remove' }).click();
  await drawer.getByRole('button', { name: 'Leave it' }).click();
  await drawer.getByRole('button', { name: 'Remove' }).click();
  await drawer.getByRole('button', { name: 'Remove Depot' }).click();
  await drawer.waitFor({ state: 'hidden' });
  await region(page, 'Targets').getByText('Nobody is told yet.').waitFor();
  expect(await listTargets(calls)).toEqual([]);
  expect(errors).toEqual([]);
});

test('SendGrid is told which group stands for which stream', async () => {
  const { page, errors } = await dashboard.open('/settings/word-back?target=new');
  const form = page.getByRole('dialog', { name: 'A new target' });
  await form.getByRole('radio', { name: 'SendGrid' }).check();
  await form.getByLabel('Name').fill('Groups');
  await form.getByLabel('API key').fill('SG.not-a-real-key');
  await form.getByRole('button', { name: 'Add it' }).click();
  await form.getByText('Name at least one stream.').waitFor();
  await form.getByLabel('Stream of line 1').selectOption('promotions');
  await form.getByLabel('Group of line 1').fill('ten');
  await form.getByText('“ten” is no group').waitFor();
  await form.getByLabel('Group of line 1').fill('10');
  await form.getByLabel('Base address').fill(receiver.server.url);
  await form.getByRole('button', { name: 'Add it' }).click();
  await page.getByRole('dialog', { name: 'Groups' }).waitFor();
  expect(await listTargets(calls)).toMatchObject([
    { kind: 'sendgrid', name: 'Groups', options: { groups: { promotions: 10 } } },
  ]);
  expect(await page.content()).not.toContain('SG.not-a-real-key');
  const drawer = page.getByRole('dialog', { name: 'Groups' });
  await drawer.getByLabel('Base address').fill('https://api.eu.sendgrid.com/');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('must be given anew when the address changes').waitFor();
  expect(errors).toEqual([]);
});

test('what is owed to targets is an error where it cannot be read, never a time or an empty list', async () => {
  const { page } = await dashboard.open('/sign-in');
  const away = {
    status: 503,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', title: 'Engine away', status: 503, detail: 'Try again.' }),
  };
  await page.route('**/v1/analytics/time-to-honour?*', (route) => route.fulfill(away));
  await page.route('**/v1/decisions/*/receipts', (route) => route.fulfill(away));
  await page.route('**/v1/targets', (route) => route.fulfill(away));
  await page.goto(`${service.url}/monitor?decision=${await somebodyLeaves()}`);
  await region(page, 'Word back').getByText('Receipts could not be loaded').waitFor();
  await page.keyboard.press('Escape');
  await tile(page).getByText('Word back could not be loaded: Try again.').waitFor();
  await page.goto(`${service.url}/settings/word-back`);
  await region(page, 'Targets').getByText('Targets could not be loaded').waitFor();
  expect(await page.getByText('Nobody is told yet.').count()).toBe(0);
  await page.unroute('**/v1/targets');
  await region(page, 'Targets').getByRole('button', { name: 'Retry' }).click();
  await rowOf(page, 'Groups').waitFor();
});

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1440, 390].map((width) => ({ colorScheme, width })),
);
test.each(looks)(
  'at $width pixels in $colorScheme nothing keeps anybody from using Word back',
  async (look) => {
    const [target] = await listTargets(calls);
    const { page, errors } = await dashboard.open('/settings/word-back', { ...look, height: 844 });
    const shown: [string, Locator][] = [
      ['/settings/word-back', rowOf(page, 'Groups')],
      ['/settings/word-back?target=new', page.getByRole('dialog').getByRole('button', { name: 'Add it' })],
      [
        `/settings/word-back?target=${target?.id}`,
        page.getByRole('dialog').getByRole('button', { name: 'Save' }),
      ],
      ['/monitor', tile(page).getByText(/acknowledged|nobody had to be told/)],
    ];
    for (const [path, seen] of shown) {
      await page.goto(service.url + path);
      await seen.waitFor();
      expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, look.width]);
      expect([path, await barriers(page)]).toEqual([path, []]);
    }
    expect(errors).toEqual([]);
  },
);
