import { addressParser } from 'postal-mime';

/** The parser takes time that grows with the square of nested groups. */
const longestValue = 4096;
const address = /^[^\s@<>"(),;:]{1,400}@(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/i;

/** RFC 6590: what a reporter puts where the recipient stood. A hash cannot be told from a name. */
const redacted = /^[[(*]*(?:redacted|x{3,}|hidden|removed|undisclosed[\w-]*|unknown|\*+)[\])*]*$/i;

/** The mailboxes of an address list, groups unwrapped; what is no address is left out. */
export function mailboxesIn(value: string | null): string[] {
  if (value === null || value.length > longestValue) return [];
  return addressParser(value, { flatten: true }).flatMap((each) => {
    const found = each.address?.trim() ?? '';
    return address.test(found) ? [found] : [];
  });
}

/** The one mailbox of a value such as `<ada@example.com>` or `rfc822;ada@example.com`; null when there is none, or several. */
export function oneMailbox(value: string | null): string | null {
  const [only, ...others] = new Set(mailboxesIn(value === null ? null : withoutType(value)));
  return only === undefined || others.length > 0 || redacted.test(localPart(only)) ? null : only;
}

/** RFC 3464 section 2.3.1: `rfc822;`, and xtext in what was given with the message (RFC 3461 section 4). */
function withoutType(value: string): string {
  const typed = /^\s*(?:rfc822|utf-8)\s*;/i.exec(value)?.[0] ?? '';
  const rest = value.slice(typed.length);
  return typed === '' ? rest : rest.replace(/\+([0-9A-F]{2})(?=[^@]*@)/g, decodedXtext);
}

/** `+2B` is how xtext writes a plus: `ada+2Bnews` was `ada+news`. Other codes are left: `ada+42` may be an address. */
function decodedXtext(whole: string, code: string): string {
  return code === '2B' || code === '3D' ? String.fromCharCode(Number.parseInt(code, 16)) : whole;
}

export const localPart = (mailbox: string): string => mailbox.slice(0, mailbox.lastIndexOf('@'));
export const domainOf = (mailbox: string): string =>
  mailbox.slice(mailbox.lastIndexOf('@') + 1).toLowerCase();
