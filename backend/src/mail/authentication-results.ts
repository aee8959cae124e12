import { domainOf, mailboxesIn } from './addresses.js';
import { type Fields, withoutComments } from './header-block.js';

/** What the mail server before us found out about the From of a message. */
export interface Verdict {
  dmarc: boolean;
  /** A valid DKIM signature of the From's domain or of one above it. */
  dkim: boolean;
}

/**
 * The Authentication-Results (RFC 8601) of the operator's own mail server. Of all fields only the topmost counts, and only
 * under the server's own id: below it anybody may have written anything (section 5).
 */
export function verdictOf(fields: Fields, authservId: string | null): Verdict {
  const [topmost = ''] = fields.all('authentication-results');
  const [id = '', ...results] = withoutComments(topmost.toLowerCase()).split(';');
  const [from, ...others] = fields.all('from').flatMap(mailboxesIn);
  const isOurs = authservId !== null && id.trim().split(/\s+/)[0] === authservId.toLowerCase();
  if (!isOurs || from === undefined || others.length > 0) return { dmarc: false, dkim: false };
  const domain = domainOf(from);
  return {
    dmarc: results.some((result) => passes(result, 'dmarc') && property(result, 'header.from') === domain),
    dkim: results.some((result) => passes(result, 'dkim') && covers(signer(result), domain)),
  };
}

function passes(result: string, method: string): boolean {
  return new RegExp(`^\\s*${method}(?:/\\d+)?\\s*=\\s*pass(?:\\s|$)`).test(result);
}

function property(result: string, name: string): string {
  const escaped = name.replace('.', '\\.');
  return new RegExp(`(?:^|\\s)${escaped}\\s*=\\s*"?([^\\s";]+)`).exec(result)?.[1] ?? '';
}

function signer(result: string): string {
  const domain = property(result, 'header.d');
  return domain === '' ? property(result, 'header.i').replace(/^.*@/, '') : domain;
}

const covers = (signed: string, domain: string): boolean =>
  signed.includes('.') && (domain === signed || domain.endsWith(`.${signed}`));
