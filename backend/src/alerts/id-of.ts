import { createHash } from 'node:crypto';

/**
 * The same id for the same words, in the shape of a UUID (version 8, RFC 9562): work that is done again after a crash finds
 * what it did before.
 */
export function idOf(...words: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(words)).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  const [one, two, three] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16)];
  return `${one}-${two}-8${three}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}
