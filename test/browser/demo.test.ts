import { Setup } from '@secateur/backend/app';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { launchBrowser, openPage } from '../support/browser.js';

let service: RunningApp;
beforeAll(async () => {
  service = await startApp({}, { SECATEUR_DEMO: 'on' });
});
afterAll(() => service?.stop());

test('while the demo loads the page says how far it is, and its figures grow', async () => {
  const { admin_link } = await service.app.get(Setup).prepare();
  const token = new URL(admin_link ?? '').searchParams.get('token');
  const browser = await launchBrowser();
  try {
    const { page, errors } = await openPage(browser);
    const setUp = await page.context().request.post(`${service.url}/v1/session/setup`, {
      data: { token, password: 'snip what must stop' },
    });
    expect(setUp.status()).toBe(200);
    await page.goto(service.url);
    // It simulates while it answers, on as many cores as there are.
    await page.getByText(/Demo data is loading: \d+%/).waitFor({ timeout: 60_000 });
    expect(await page.getByRole('progressbar', { name: 'Demo data' }).count()).toBe(1);
    await page
      .getByRole('region', { name: 'Decisions', exact: true })
      .getByRole('link')
      .first()
      .waitFor({ timeout: 60_000 });
    expect(await page.getByText('Send your first event').count()).toBe(0);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
});
