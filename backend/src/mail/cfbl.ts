import { mailboxesIn } from './addresses.js';
import type { Authenticity } from './authenticity.js';
import { type Message, returnedHeader } from './message.js';

/** RFC 9477: is it about a message that asked for feedback by header? Then anybody knows where to send one, and may forge it. */
export function asksForSignature(message: Message): boolean {
  const returned = returnedHeader(message);
  return returned.has('cfbl-address') || returned.has('cfbl-feedback-id');
}

/** INV-CFBL-1: unsigned, it SHALL NOT be processed (section 3.5). null: it may be. */
export function cfblRefusal(message: Message, { signedFrom }: Authenticity): string | null {
  const [from, ...others] = message.fields.all('from').flatMap(mailboxesIn);
  if (from === undefined || others.length > 0) return 'its From names nobody, or several';
  if (signedFrom?.toLowerCase() === from.toLowerCase()) return null;
  return 'it has no valid DKIM signature of the domain in its From (RFC 9477 section 3.5)';
}
