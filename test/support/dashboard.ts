import { Setup } from '@secateur/backend/app';
import type { Browser, Locator, Page } from 'playwright-core';
import type { RunningApp } from './app.js';
import { openPage, type PageOptions } from './browser.js';

/** The dashboard of a service as its admin sees it. Pages are closed together, after each test. */
export class Dashboard {
  readonly #opened: Page[] = [];

  private constructor(
    private readonly service: RunningApp,
    private readonly browser: Browser,
    private readonly signedIn: PageOptions['storageState'],
  ) {}

  /** Sets the first admin's password, as the link of the first start does. */
  static async setUp(service: RunningApp, browser: Browser): Promise<Dashboard> {
    const { admin_link } = await service.app.get(Setup).prepare();
    const token = new URL(admin_link ?? '').searchParams.get('token');
    const { page } = await openPage(browser);
    const context = page.context();
    const answer = await context.request.post(`${service.url}/v1/session/setup`, {
      data: { token, password: 'snip what must stop' },
    });
    if (answer.status() !== 200) throw new Error(`the setup answered ${answer.status()}`);
    const signedIn = await context.storageState();
    await context.close();
    return new Dashboard(service, browser, signedIn);
  }

  async open(path: string, options: PageOptions = {}): Promise<{ page: Page; errors: string[] }> {
    const one = await openPage(this.browser, { storageState: this.signedIn, ...options });
    this.#opened.push(one.page);
    await one.page.goto(this.service.url + path);
    return one;
  }

  async closePages(): Promise<void> {
    for (const page of this.#opened.splice(0)) await page.context().close();
  }
}

export const region = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

/** What a place shows, with one space between its parts. */
export async function shownIn(place: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: what is shown is what is asked for
  return (await place.innerText()).replaceAll(/\s+/g, ' ');
}
