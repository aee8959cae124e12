import { fieldNameOf, signedNames, tagsOf } from './coverage.js';
import { withoutLeadingLines } from './message.js';

/** Beyond these a message is read, and its signatures are not checked. */
const largest = 4 * 1024 * 1024;
const largestHeader = 256 * 1024;
const mostHeaderLines = 2000;
const mostLines = 100_000;
const mostSignatures = 5;

export interface Verifiable {
  bytes: Buffer;
  /** Of its header, in which a character is a byte. */
  fields: readonly string[];
  hasSignature: boolean;
}

/**
 * The message as its signatures are checked, in CRLF: without signatures that prove too little or too many of them, each of
 * which costs a pass over the body and a look into the DNS. null: there is nothing to check.
 *
 * - `l=` leaves the end of the body to anybody (RFC 6376 section 8.2);
 * - SHA-1 must not verify (RFC 8301 section 3.1);
 * - without From in `h=` the author is anybody (RFC 6376 section 5.4).
 *
 * Taking a signature away changes no other: they do not sign each other. ARC goes, too: it proves nothing of the author,
 * and mailauth 4 may count a seal among the signatures.
 */
export function verifiable(raw: Buffer): Verifiable | null {
  const split = splitMessage(raw);
  if (split === null) return null;
  let signatures = 0;
  const kept = split.fields.filter((field) => {
    const name = fieldNameOf(field);
    if (name.startsWith('arc-')) return false;
    if (name !== 'dkim-signature') return true;
    return proves(field) && ++signatures <= mostSignatures;
  });
  return {
    bytes: Buffer.from(`${kept.join('\r\n')}\r\n\r\n${split.body}`, 'latin1'),
    fields: kept,
    hasSignature: signatures > 0,
  };
}

/** The fields of a message's header, byte for byte; null where nobody looks so far. */
export const headerFieldsOf = (raw: Buffer): readonly string[] | null => splitMessage(raw)?.fields ?? null;

/** In CRLF, a character for each byte. */
function splitMessage(raw: Buffer): { fields: string[]; body: string } | null {
  const message = withoutLeadingLines(raw);
  if (message.length > largest) return null;
  const text = message.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  const header = end === null ? text : text.slice(0, end.index);
  if (header.length > largestHeader) return null;
  const lines = header.split(/\r?\n/);
  if (lines.length > mostHeaderLines || countOf(text, '\n') > mostLines) return null;
  const fields: string[] = [];
  for (const line of lines) {
    if (/^[ \t]/.test(line) && fields.length > 0) fields.push(`${fields.pop() ?? ''}\r\n${line}`);
    else fields.push(line);
  }
  const body = end === null ? '' : text.slice(end.index + end[0].length).replace(/\r?\n/g, '\r\n');
  return { fields, body };
}

function proves(signature: string): boolean {
  const tags = tagsOf(signature);
  if (tags === null) return false;
  return !tags.has('l') && /-sha256$/i.test(tags.get('a') ?? '') && signedNames(tags).includes('from');
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}
