import { Injectable, Logger } from '@nestjs/common';
import { BusyError } from '../errors.js';
import { errorFields } from '../log.js';
import { Outbound } from '../outbound.js';

/** Milliseconds for an answer of Amazon's, within the 15 seconds that it waits for ours. */
const patience = 5_000;
/** A handful of addresses a region; somebody who makes us fetch more is not Amazon. */
const mostKept = 20;

/** Amazon's signing certificates. The adapter has checked that the address is Amazon's before it asks for one. */
@Injectable()
export class CertificateSource {
  readonly #log = new Logger('Certificates');
  readonly #kept = new Map<string, Promise<string>>();

  constructor(private readonly outbound: Outbound) {}

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
    const fetched = this.#get(url).catch((error: unknown) => {
      this.#log.error('certificate not fetched', errorFields(error));
      // Amazon gives up at any 4xx but this one.
      throw new BusyError('The certificate of the signature cannot be had now.', 30);
    });
    this.#kept.set(url, fetched);
    fetched.catch(() => this.#kept.delete(url));
    return fetched;
  }

  /** Opens the address by which a subscription is confirmed. */
  async confirm(url: string): Promise<void> {
    await this.#get(url);
  }

  async #get(url: string): Promise<string> {
    const signal = AbortSignal.timeout(patience);
    const { status, body } = await this.outbound.call({ method: 'GET', url, signal });
    if (status !== 200 || body === null) throw new Error(`answered ${status}`);
    return body.toString('utf8');
  }
}
