import { existsSync } from 'node:fs';
import { join } from 'node:path';
import chromiumOnLinux from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where Chrome, Edge and Chromium live when they are installed as usual. */
function installedBrowsers(): string[] {
  const { LOCALAPPDATA = '', PROGRAMFILES = '', 'PROGRAMFILES(X86)': programs32 = '' } = process.env;
  switch (process.platform) {
    case 'darwin':
      return ['Google Chrome', 'Microsoft Edge', 'Chromium'].map(
        (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
      );
    case 'win32':
      return [PROGRAMFILES, programs32, LOCALAPPDATA].flatMap((folder) => [
        join(folder, 'Google/Chrome/Application/chrome.exe'),
        join(folder, 'Microsoft/Edge/Application/msedge.exe'),
      ]);
    default:
      return [
        'google-chrome',
        'google-chrome-stable',
        'microsoft-edge',
        'chromium',
        'chromium-browser',
      ].flatMap((name) => [`/usr/bin/${name}`, `/usr/local/bin/${name}`, `/snap/bin/${name}`]);
  }
}

/**
 * Where the browser is: the one `CHROME_PATH` names, else an installed Chrome, Edge or Chromium, else, on Linux, the one
 * that comes as a package.
 *
 * @throws when there is none: a browser test that cannot run has failed
 */
export async function browserPath(): Promise<string> {
  const named = process.env.CHROME_PATH;
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROME_PATH is ${named}, and there is no file`);
    return named;
  }
  const installed = installedBrowsers().find((path) => existsSync(path));
  if (installed !== undefined) return installed;
  if (process.platform === 'linux') {
    // Its own list of arguments is made for functions in a cloud: one process, no web security. Not for tests.
    return chromiumOnLinux.executablePath();
  }
  throw new Error('No browser was found: install Chrome or Edge, or set CHROME_PATH to one');
}

/** A headless one. @throws when there is none */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await browserPath();
  // Root, as in a container, has no sandbox to go into.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', '--font-render-hinting=none'] : [];
  return chromium.launch({ executablePath, headless: true, args });
}

export interface PageOptions {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  reducedMotion?: 'reduce' | 'no-preference';
  /** Cookies and storage of an earlier page: somebody who has signed in. */
  storageState?: Awaited<ReturnType<BrowserContext['storageState']>>;
}

/** A page in a fresh profile, and every error its console showed, failed requests apart. */
export async function openPage(
  browser: Browser,
  {
    width = 1440,
    height = 900,
    colorScheme = 'light',
    reducedMotion = 'reduce',
    storageState,
  }: PageOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion,
    storageState,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    const failedRequest = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !failedRequest) errors.push(message.text());
  });
  return { page, errors };
}
