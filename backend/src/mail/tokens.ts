import { type OpenLink, TOKEN_LIMIT } from '../preferences/token.js';
import { localPart } from './addresses.js';
import type { Fields } from './header-block.js';

/** What a text is if it is a token of ours; null for any other. */
export type OpenToken = (token: string) => OpenLink | null;

/** No token is shorter: seal, two ids and the time alone are 68 bytes. */
const shortestToken = 90;
const runs = new RegExp(`[A-Za-z0-9_-]{${shortestToken},}`, 'g');
/** Letters of a name in front of a token that may also stand in one: `opt-out-<token>`. */
const longestPrefix = 64;
const mostAttempts = 300;

/** Tokens of one message: so many opened at most, whatever is in it. */
export class TokenFinder {
  #attempts = 0;

  constructor(private readonly open: OpenToken) {}

  /** The first token of ours in a text, wherever it stands. */
  find(text: string): OpenLink | null {
    for (const [run] of text.matchAll(runs)) {
      if (run.length > TOKEN_LIMIT + longestPrefix) continue;
      const link = this.#inRun(run);
      if (link !== null) return link;
    }
    return null;
  }

  /** In the local parts of addresses: `unsubscribe+<token>@`, `bounce-<token>=ada=example.com@`. */
  inAddresses(addresses: readonly string[]): OpenLink | null {
    return this.#first(addresses.map(localPart));
  }

  /** In the List-Unsubscribe of a message that comes back: its web address and its mailto carry the same token. */
  inListHeaders(fields: Fields): OpenLink | null {
    const addresses = fields.all('list-unsubscribe').map((value) => value.replace(/\s+/g, ''));
    return this.#first(addresses.map((value) => value.replace(/%[0-9A-F]{2}/gi, ' ')));
  }

  #first(texts: readonly string[]): OpenLink | null {
    for (const text of texts) {
      const link = this.find(text);
      if (link !== null) return link;
    }
    return null;
  }

  #inRun(run: string): OpenLink | null {
    let start = 0;
    while (start >= 0 && start <= longestPrefix && run.length - start >= shortestToken) {
      if (++this.#attempts > mostAttempts) return null;
      const link = this.open(run.slice(start));
      if (link !== null) return link;
      const next = run.slice(start).search(/[_-]/);
      start = next < 0 ? -1 : start + next + 1;
    }
    return null;
  }
}
