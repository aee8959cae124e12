import { createHmac } from 'node:crypto';
import { domainToASCII } from 'node:url';

export const identifierKinds = ['external', 'email', 'phone', 'push'] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** Stands for "none" in UUID columns. */
export const noId = '00000000-0000-0000-0000-000000000000';

/**
 * One spelling for each address, so that a suppression finds it again however it was written.
 * E-mail: NFKC, the part in angle brackets, trimmed, lower case, the domain as DNS spells it. Phone: the digits of the international number, for many
 * gateways leave out the plus. Others: as they are.
 *
 * @example normaliseIdentifier('email', 'Ada <Ada@Example.com>') // 'ada@example.com'
 * @example normaliseIdentifier('phone', '0049 (151) 1234-5678') // '4915112345678'
 */
export function normaliseIdentifier(kind: IdentifierKind, value: string): string {
  if (kind === 'email') {
    const text = value.normalize('NFKC').trim();
    const address = (/<([^<>\s]+@[^<>\s]+)>$/.exec(text)?.[1] ?? text).toLowerCase();
    const at = address.lastIndexOf('@') + 1;
    return address.slice(0, at) + (domainToASCII(address.slice(at)) || address.slice(at));
  }
  if (kind === 'phone') {
    return value
      .normalize('NFKC')
      .replace(/[^0-9]/g, '')
      .replace(/^00/, '');
  }
  return value;
}

/**
 * The id under which an identifier is stored: a keyed hash, so that tables hold no address and a suppression outlives
 * the address. HMAC-SHA-256 under the pepper, first 128 bits, marked as UUID version 8 (RFC 9562).
 *
 * @param pepper 32 secret bytes that live outside the database and never change
 */
export function identifierId(pepper: Buffer, kind: IdentifierKind, value: string): string {
  const hash = createHmac('sha256', pepper)
    .update(`${kind}\0${normaliseIdentifier(kind, value)}`)
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
