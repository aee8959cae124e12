import { browserPath } from './browser.js';

/** Once, before the files of the browser tests start side by side: one would run the program that another still unpacks. */
export default async function unpackBrowser(): Promise<void> {
  await browserPath();
}
