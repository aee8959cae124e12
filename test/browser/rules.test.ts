import type { Suggestion, SuggestionsAnswer } from '@secateur/backend/contract';
import type { Browser } from 'playwright-core';
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

beforeAll(async () => {
  service = await startApp({ markets: ['US'] });
  browser = await launchBrowser();
  await calls.stream('promotions', { channel: 'email', category: 'promotions', origin: 'shop' });
  dashboard = await Dashboard.setUp(service, browser);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});
afterEach(() => dashboard.closePages());

const share = (n: number, of: number) => ({
  n,
  of,
  value: n / of,
  lower: Math.max(0, n / of - 0.02),
  upper: n / of + 0.02,
});
const difference = { value: 0.05, lower: -0.01, upper: 0.1 };
const then: Suggestion['rule']['then'] = {
  ...{ scope: { kind: 'stream' }, offers: { cap: { n: 2, per: 'month' } } },
};
const rule: Suggestion['rule'] = {
  ...{ id: 'offer-cap-1', name: 'Offer fewer messages', priority: 10, enabled: true },
  then,
  when: { combinator: 'and', rules: [{ field: 'message.channel', operator: '=', value: 'email' }] },
};
const suggestion: Suggestion = {
  ...{ id: 'a', kind: 'offer_cap', title: 'Offer fewer messages to Plan: free', claim: 'association' },
  detail: 'Association, not effect: people who asked for fewer messages may differ in other ways.',
  ...{ segment: 'plan:free', segment_title: 'Plan: free', stream: 'promotions', stream_title: 'Promotions' },
  risk: { subscriptions: 800, risk_30d: { mean: 0.2, lower: 0.17, upper: 0.23 }, expected_30d: 160 },
  ...{ rule, replaces: null, draft: { rules: [rule], note: 'Fewer messages for the free plan' } },
  evidence: {
    ...{ from: '2026-08-01T00:00:00.000Z', to: '2026-10-30T00:00:00.000Z', decisions: 4000, affected: 900 },
    ...{ streams_kept: 0, repeated: share(90, 900), complained: share(2, 900) },
    others: { repeated: share(155, 3100), complained: share(6, 3100) },
    difference: { repeated: difference, complained: difference },
    taken: share(30, 200),
  },
  ...{ experiment: null, expected_kept_30d: 0, complaints: 'not_higher' },
};
const answer: SuggestionsAnswer = {
  ...{ state: 'told', why: [], computed_at: '2026-11-20T04:20:00.000Z', ruleset: null, rows: [suggestion] },
  ...{ model: '6f1d3c52-4a0e-4d2b-9a53-3c1f0e8d7b11', query: 'suggestions' },
};

test('before there is a version or a suggestion, both say what comes next', async () => {
  const { page, errors } = await dashboard.open('/monitor');
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  await region(page, 'Versions').getByText('No version yet: the floor alone decides.').waitFor();
  await region(page, 'Suggestions').getByText('None worked out yet').waitFor();
  expect(new URL(page.url()).pathname).toBe('/rules');
  expect(errors).toEqual([]);
});

test('a suggestion is kept, checked, approved, rolled out to 20 % and rolled back, by keyboard', async () => {
  const { page, errors } = await dashboard.open('/sign-in');
  await page.route('**/v1/churn/suggestions', (route) => route.fulfill({ json: answer }));
  await page.goto(`${service.url}/rules`);
  const one = region(page, 'Suggestions').getByRole('listitem', { name: suggestion.title });
  await one.getByText('What the log says').press('Enter');
  const said = await shownIn(one);
  expect(said).toContain('Association, not effect');
  expect(said).toContain('It would decide 900 of 4,000 requests of the last 90 days.');
  expect(said).toContain('10.0% (8.0–12.0%) ended something else within 30 days');
  await one.getByRole('button', { name: /Keep as a draft/ }).press('Enter');
  await one.getByText('Kept as version 1.').waitFor();

  const version = region(page, 'Versions').getByRole('listitem', { name: 'Version 1' });
  await version.getByText('Fewer messages for the free plan', { exact: true }).waitFor();
  await version.getByText('1 rule').press('Enter');
  expect(await shownIn(version)).toContain('stops the stream alone; offers at most 2 a month');
  await version.getByRole('button', { name: 'Check version 1' }).press('Enter');
  await version.getByText(/It passed: nothing falls below the floor in [\d,]+ cells/).waitFor();
  const step = async (name: string, fill?: () => Promise<void>): Promise<void> => {
    await version.getByRole('button', { name: `${name} version 1` }).press('Enter');
    await fill?.();
    await version.getByLabel('Why').fill('a trial');
    await version.getByLabel('Why').press('Enter');
  };
  await step('Approve');
  await version.getByText('Approved', { exact: true }).waitFor();
  await step('Publish', () => version.getByLabel('Share of people, in percent').fill('20'));
  await version.getByText('Rolled out to 20 %', { exact: true }).waitFor();
  expect(await calls.get('/v1/rulesets')).toMatchObject({
    body: { rulesets: [{ state: 'rollout', percent: 20 }] },
  });
  expect(await barriers(page)).toEqual([]);
  await step('Roll back');
  await version.getByText('Rolled back', { exact: true }).waitFor();
  expect(errors).toEqual([]);
});

test('suggestions that fail say so and can be asked for again, and versions stay', async () => {
  const { page } = await dashboard.open('/sign-in');
  let isBroken = true;
  await page.route('**/v1/churn/suggestions', (route) =>
    isBroken
      ? route.fulfill({ status: 500, json: { title: 'Broken', status: 500 } })
      : route.fulfill({ json: answer }),
  );
  await page.goto(`${service.url}/rules`);
  await region(page, 'Suggestions').getByText('Suggestions could not be loaded').waitFor();
  await region(page, 'Versions').getByRole('listitem', { name: 'Version 1' }).waitFor();
  isBroken = false;
  await region(page, 'Suggestions').getByRole('button', { name: 'Retry' }).click();
  await region(page, 'Suggestions').getByRole('listitem', { name: suggestion.title }).waitFor();
});

test.each(['light', 'dark'] as const)('on a phone nothing is cut off, %s', async (colorScheme) => {
  const { page } = await dashboard.open('/sign-in', { width: 360, height: 780, colorScheme });
  await page.route('**/v1/churn/suggestions', (route) => route.fulfill({ json: answer }));
  await page.goto(`${service.url}/rules`);
  await region(page, 'Suggestions').getByRole('listitem', { name: suggestion.title }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  expect(await barriers(page)).toEqual([]);
});
