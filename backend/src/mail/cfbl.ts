import { mailboxesIn } from './addresses.js';
import type { Authenticity } from './authenticity.js';
import { type Message, returnedHeader } from './message.js';
import { isBodyCovered } from './proven-part.js';

/** RFC 9477: is it about a message that asked for feedback by header? Then anybody knows where to send one, and may forge it. */
export function asksForSignature(message: Message): boolean {
  const returned = returnedHeader(message);
  return returned.has('cfbl-address') || returned.has('cfbl-feedback-id');
}

/** INV-CFBL-1: unsigned, it SHALL NOT be processed (section 3.5). null: it is signed, in whatever part. */
export function cfblRefusal(message: Message, authenticity: Authenticity): string | null {
  const [from, ...others] = message.fields.all('from').flatMap(mailboxesIn);
  if (from === undefined || others.length > 0) return 'its From names nobody, or several';
  if (isSigned(message, authenticity)) return null;
  return 'it has no valid DKIM signature of the domain in its From (RFC 9477 section 3.5)';
}

/** Is it signed by its From, and as a report: it stands in the body, and Content-Type says where? */
export const isSignedReport = (message: Message, authenticity: Authenticity): boolean =>
  isSigned(message, authenticity) && isBodyCovered(message, authenticity.signed);

function isSigned({ fields }: Message, { signedFrom }: Authenticity): boolean {
  const [from, ...others] = fields.all('from').flatMap(mailboxesIn);
  return from !== undefined && others.length === 0 && signedFrom?.toLowerCase() === from.toLowerCase();
}
