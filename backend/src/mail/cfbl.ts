import { mailboxesIn } from './addresses.js';
import type { Authenticity } from './authenticity.js';
import { type Message, returnedHeader } from './message.js';
import { isBodyCovered } from './proven-part.js';

/** RFC 9477: is it about a message that asked for feedback by header? Then anybody knows where to send one, and may forge it. */
export function asksForSignature(message: Message): boolean {
  const returned = returnedHeader(message);
  return returned.has('cfbl-address') || returned.has('cfbl-feedback-id');
}

/** INV-CFBL-1: unsigned, it SHALL NOT be processed (section 3.5). null: it may be. */
export function cfblRefusal(message: Message, authenticity: Authenticity): string | null {
  const [from, ...others] = message.fields.all('from').flatMap(mailboxesIn);
  if (from === undefined || others.length > 0) return 'its From names nobody, or several';
  if (isSignedReport(message, authenticity)) return null;
  return 'it has no valid DKIM signature of the domain in its From (RFC 9477 section 3.5)';
}

/** Is it signed by its From, and all of it: the report stands in the body? */
export function isSignedReport(message: Message, { signedFrom, signed }: Authenticity): boolean {
  const [from, ...others] = message.fields.all('from').flatMap(mailboxesIn);
  const isSigned = from !== undefined && signedFrom?.toLowerCase() === from.toLowerCase();
  return others.length === 0 && isSigned && isBodyCovered(message, signed);
}
