import { createHmac } from 'node:crypto';

export const identifierKinds = ['external', 'email', 'phone', 'push'] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** Stands for "none" in UUID columns. */
export const noId = '00000000-0000-0000-0000-000000000000';

/**
 * One spelling for each address, so that a suppression finds it again however it was written.
 * E-mail: NFKC, trimmed, lower case. Phone: plus and digits. Others: as they are.
 */
export function normaliseIdentifier(kind: IdentifierKind, value: string): string {
  if (kind === 'email') return value.normalize('NFKC').trim().toLowerCase();
  if (kind === 'phone') {
    const digits = value.normalize('NFKC').replace(/[^0-9+]/g, '');
    return digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
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
