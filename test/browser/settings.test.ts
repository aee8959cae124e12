import type { Browser, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { barriers } from '../support/axe.js';
import { launchBrowser } from '../support/browser.js';
import { Calls } from '../support/calls.js';
import { Dashboard, region, shownIn } from '../support/dashboard.js';

let service: RunningApp;
let browser: Browser;
let dashboard: Dashboard;
const calls = new Calls(() => service);
const place = (category: string) => ({ channel: 'email', category, origin: 'shop' });

beforeAll(async () => {
  service = await startApp({ markets: ['US'] });
  browser = await launchBrowser();
  for (const category of ['promotions', 'newsletter', 'gazette']) {
    await calls.stream(category, place(category), { list_id: `${category}.example.com` });
  }
  await calls.stream('flash', place('flash'), { parent: 'promotions' });
  dashboard = await Dashboard.setUp(service, browser);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});
afterEach(() => dashboard.closePages());

/** As Mailchimp posts it. */
function leave(address: string, list: string, email: string) {
  const form = new URLSearchParams({
    type: 'unsubscribe',
    fired_at: new Date().toISOString().slice(0, 19).replace('T', ' '),
    'data[action]': 'unsub',
    'data[list_id]': list,
    'data[email]': email,
  });
  // The test's service has no name outside, so only the path of the shown address is true.
  return calls.send('POST', new URL(address).pathname, form.toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: '',
  });
}

let address = '';

test('Settings is found beside Monitor, and its section stands in the address', async () => {
  const { page, errors } = await dashboard.open('/monitor');
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await region(page, 'Providers').getByRole('heading', { name: 'Mailchimp' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/settings/providers');
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Streams' }).click();
  await region(page, 'Streams').getByRole('rowheader', { name: 'Promotions by e-mail' }).waitFor();
  await page.reload();
  await region(page, 'Streams').getByRole('rowheader', { name: 'Promotions by e-mail' }).waitFor();
  const row = region(page, 'Streams').getByRole('row').filter({ hasText: 'Promotions' });
  expect(await shownIn(row)).toContain('Commercial shop promotions.example.com Reviewed');
  expect(errors).toEqual([]);
});

test('a provider that signs nothing gets an address with a secret, shown once, that works', async () => {
  const { page, errors } = await dashboard.open('/settings');
  const row = region(page, 'Providers').getByRole('listitem').filter({ hasText: 'Mailchimp' });
  expect(await shownIn(row)).toContain('Not connected');
  await row.getByRole('link', { name: 'Connect Mailchimp' }).click();
  const drawer = page.getByRole('dialog', { name: 'Mailchimp' });
  await drawer.getByRole('button', { name: 'Make the address' }).click();
  const field = drawer.getByLabel('Webhook address for Mailchimp');
  address = await field.inputValue();
  expect(address).toMatch(/\/v1\/webhooks\/mailchimp\/[\w-]{32}$/);
  expect(await shownIn(drawer)).toContain('It is shown this once');
  expect(await barriers(page)).toEqual([]);
  await page.reload();
  await drawer.getByText('Connected').waitFor();
  expect(await field.count()).toBe(0);
  expect(await page.content()).not.toContain(address.split('/').at(-1));

  expect(await leave(address, 'a1b2c3', 'ada@people.example')).toMatchObject({
    status: 200,
    body: { accepted: 1 },
  });
  await drawer.getByText('1 call · 1 event').waitFor({ timeout: 10_000 });
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  expect(new URL(page.url()).search).toBe('');
  expect(errors).toEqual([]);
});

test('a list that nobody mapped is shown, counted, and stands for a stream once it is mapped', async () => {
  const { page, errors } = await dashboard.open('/settings/providers');
  const groups = region(page, 'Groups and lists');
  const row = groups.getByRole('listitem', { name: 'a1b2c3 of Mailchimp' });
  await row.getByText('not mapped').waitFor();
  await groups.getByText('1 not mapped', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Providers 1 group not mapped' }).waitFor();
  expect(await shownIn(row)).toMatch(/Mailchimp · E-mail registered itself as \S*a1b2c3\S*/);

  // By keyboard alone.
  await row.getByRole('combobox', { name: 'Streams that a1b2c3 of Mailchimp stands for' }).focus();
  await page.keyboard.type('newsl');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  while (!(await row.getByRole('button', { name: 'Save' }).evaluate((one) => one.matches(':focus')))) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await row.getByText('Saved. What people said to it before').waitFor();
  await groups.getByText('not mapped').waitFor({ state: 'detached' });
  await page.reload();
  await row.getByText('Newsletter by e-mail').waitFor();
  expect(await groups.getByText('not mapped').count()).toBe(0);
  expect(errors).toEqual([]);

  await calls.profiles({ id: 'bea', email: 'bea@people.example', jurisdiction: 'US' });
  await leave(address, 'a1b2c3', 'bea@people.example');
  expect(await calls.check(place('newsletter'), 'bea')).toMatchObject({ allowed: false });
});

test('a stream that inherits elsewhere is refused in words, beside the field', async () => {
  const { page } = await dashboard.open('/settings/providers');
  const row = region(page, 'Groups and lists').getByRole('listitem', { name: 'a1b2c3 of Mailchimp' });
  await row.getByRole('combobox').click();
  await page.getByRole('option', { name: 'Flash by e-mail' }).click();
  await page.keyboard.press('Escape');
  await row.getByRole('button', { name: 'Save' }).click();
  await row
    .getByRole('alert')
    .getByText('Flash by e-mail inherits from Promotions by e-mail already')
    .waitFor();
  await row.getByRole('button', { name: 'Discard' }).click();
  expect(await row.getByRole('alert').count()).toBe(0);
});

test('replacing the secret asks first, and the old address stops', async () => {
  const { page } = await dashboard.open('/settings/providers?provider=mailchimp');
  const drawer = page.getByRole('dialog', { name: 'Mailchimp' });
  await drawer.getByRole('button', { name: 'Replace the secret' }).click();
  await drawer.getByText('The old address stops at once').waitFor();
  await drawer.getByRole('button', { name: 'Make a new address' }).click();
  const fresh = await drawer.getByLabel('Webhook address for Mailchimp').inputValue();
  expect(await leave(address, 'a1b2c3', 'cid@people.example')).toMatchObject({ status: 401 });
  expect(await leave(fresh, 'a1b2c3', 'cid@people.example')).toMatchObject({ status: 200 });
  address = fresh;
});

test('a provider that signs asks for its key, and says where it is found', async () => {
  const { page, errors } = await dashboard.open('/settings/providers?provider=sendgrid');
  const drawer = page.getByRole('dialog', { name: 'SendGrid' });
  expect(await drawer.getByLabel('Webhook address for SendGrid').inputValue()).toMatch(
    /\/v1\/webhooks\/sendgrid$/,
  );
  await drawer.getByLabel('Verification key').fill('abc');
  await drawer.getByRole('button', { name: 'Connect' }).click();
  await drawer.getByText('At least 5 characters are needed.').waitFor();
  await drawer.getByLabel('Verification key').fill('a-public-key');
  await drawer.getByRole('button', { name: 'Connect' }).click();
  await drawer.getByText('Saved. The next call is checked with it.').waitFor();
  expect(await drawer.getByLabel('Verification key').inputValue()).toBe('');
  await drawer.getByRole('button', { name: 'Switch off' }).click();
  await drawer.getByRole('button', { name: 'Switch SendGrid off' }).click();
  await drawer.getByText('Switched off').waitFor();
  expect(await calls.send('POST', '/v1/webhooks/sendgrid', '[]')).toMatchObject({ status: 404 });
  expect(errors).toEqual([]);
});

test('Amazon SES asks for topics', async () => {
  const { page } = await dashboard.open('/settings/providers?provider=ses');
  const drawer = page.getByRole('dialog', { name: 'Amazon SES' });
  await drawer.getByLabel('Topics (ARN)').fill('my-topic');
  await drawer.getByRole('button', { name: 'Connect' }).click();
  await drawer.getByText('“my-topic” is no ARN').waitFor();
  await drawer.getByLabel('Topics (ARN)').fill('arn:aws:sns:eu-west-1:123456789012:ses-events');
  await drawer.getByRole('button', { name: 'Connect' }).click();
  await drawer.getByText('Saved.').waitFor();
  const { body } = await calls.get('/v1/providers');
  const { providers } = body as { providers: { provider: string }[] };
  expect(providers.find(({ provider }) => provider === 'ses')).toMatchObject({
    enabled: true,
    topics: ['arn:aws:sns:eu-west-1:123456789012:ses-events'],
  });
});

test('whoever may not change secrets is told so in a sentence, and no address is shown', async () => {
  const { page } = await dashboard.open('/settings/providers?provider=postmark');
  // The first admin is the only user yet, so the refusal is put between the page and the service.
  await page.route('**/v1/providers/postmark', (route) =>
    route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'urn:secateur:problem:forbidden',
        title: 'Forbidden',
        status: 403,
        detail: 'This needs the scope admin.',
      }),
    }),
  );
  const drawer = page.getByRole('dialog', { name: 'Postmark' });
  await drawer.getByRole('button', { name: 'Make the address' }).click();
  await drawer
    .getByText('Only administrators may change connections and secrets. Ask one of them.')
    .waitFor();
  expect(await drawer.getByLabel('Webhook address for Postmark').count()).toBe(0);
});

test('what waits in quarantine shows its reason and time left; replayed it is told what became of it', async () => {
  const profile = { id: 'dora', email: 'dora@people.example', jurisdiction: 'US' };
  const optOut = { type: 'opted_out', id: 'q-1', subscriber: 'dora', ...place('promotions') };
  const refused = await calls.post('/v1/events', [
    { ...optOut, id: 'q-2', subscriber: undefined, message_id: 'nobody-knows' },
    { type: 'delivered', id: 'q-3', ...place('promotions'), subscriber: 'dora', colour: 'red' },
  ]);
  expect(refused.body).toMatchObject({ rejected: [{}, {}] });
  const { page, errors } = await dashboard.open('/settings/quarantine');
  const quarantine = region(page, 'Quarantine');
  const unknown = quarantine.getByRole('listitem').filter({ hasText: 'Nobody known behind it' });
  await unknown.getByText('47 hrs left').waitFor();
  expect(await shownIn(quarantine)).toContain('colour: unknown field');
  expect(await shownIn(quarantine)).not.toContain('dora');
  await page.getByRole('link', { name: 'Quarantine 2 rows wait' }).waitFor();

  await quarantine.getByRole('button', { name: /^Replay: Unknown field/ }).click();
  await quarantine.getByText('Refused again: colour: unknown field. It waits on').waitFor();
  await calls.profiles(profile);
  await calls.events({
    type: 'delivered',
    id: 'd-1',
    subscriber: 'dora',
    message_id: 'nobody-knows',
    ...place('promotions'),
  });
  await unknown.getByRole('button', { name: /^Replay/ }).press('Enter');
  await quarantine.getByText('Taken: it counts from when it first came.').waitFor();
  await unknown.waitFor({ state: 'detached' });
  expect(await calls.check(place('promotions'), 'dora')).toMatchObject({ allowed: false });
  expect(await barriers(page)).toEqual([]);
  expect(errors).toEqual([]);
});

test('a failing query is an error with Retry, never an empty list', async () => {
  const { page } = await dashboard.open('/sign-in');
  await page.route('**/v1/providers', (route) => route.abort());
  await page.route('**/v1/quarantine?*', (route) => route.fulfill({ json: { rows: [{ id: 1 }] } }));
  await page.goto(`${service.url}/settings/providers`);
  await region(page, 'Providers').getByText('Providers could not be loaded').waitFor();
  await region(page, 'Groups and lists').getByText('Groups and lists could not be loaded').waitFor();
  expect(await page.getByText('None yet').count()).toBe(0);
  await page.goto(`${service.url}/settings/quarantine`);
  await region(page, 'Quarantine')
    .getByText(/does not follow the contract/)
    .waitFor();
  expect(await page.getByText('Nothing waits').count()).toBe(0);
});

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1440, 390].map((width) => ({ colorScheme, width })),
);
test.each(looks)(
  'at $width pixels in $colorScheme nothing keeps anybody from using Settings',
  async (look) => {
    const { page, errors } = await dashboard.open('/settings/providers', { ...look, height: 844 });
    const shown: [string, Locator][] = [
      ['/settings/providers', region(page, 'Groups and lists').getByRole('listitem').first()],
      [
        '/settings/providers?provider=mailgun',
        page.getByRole('dialog').getByRole('button', { name: 'Connect' }),
      ],
      ['/settings/quarantine', region(page, 'Quarantine').getByRole('listitem').first()],
      ['/settings/streams', region(page, 'Streams').getByText('Promotions by e-mail')],
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
