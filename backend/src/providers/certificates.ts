import { Injectable, Logger } from '@nestjs/common';
import { BusyError } from '../errors.js';
import { errorFields } from '../log.js';

/** Milliseconds for an answer of Amazon's, within the 15 seconds that it waits for ours. */
const patience = 5_000;
const mostBytes = 64 * 1024;
/** A handful of addresses a region; somebody who makes us fetch more is not Amazon. */
const mostKept = 20;

/** Amazon's signing certificates. The adapter has checked that the address is Amazon's before it asks for one. */
@Injectable()
export class CertificateSource {
  readonly #log = new Logger('Certificates');
  readonly #kept = new Map<string, Promise<string>>();

  /**
   * @param pinned of the settings: these are never fetched
   * @throws BusyError when it cannot be fetched now
   */
  find(url: string, pinned: Readonly<Record<string, string>>): Promise<string> {
    const known = Object.hasOwn(pinned, url) ? pinned[url] : undefined;
    if (known !== undefined) return Promise.resolve(known);
    const kept = this.#kept.get(url);
    if (kept !== undefined) return kept;
    if (this.#kept.size >= mostKept) this.#kept.clear();
    const fetched = get(url).catch((error: unknown) => {
      this.#log.error('certificate not fetched', errorFields(error));
      // Amazon gives up at any 4xx but this one.
      throw new BusyError('The certificate of the signature cannot be had now.', 30);
    });
    this.#kept.set(url, fetched);
    fetched.catch(() => this.#kept.delete(url));
    return fetched;
  }

  async confirm(url: string): Promise<void> {
    await get(url);
  }
}

async function get(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patience) });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const text = await answer.text();
  if (text.length > mostBytes) throw new Error('answered more than 64 KiB');
  return text;
}
