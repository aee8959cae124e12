import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A key as it is handed over, once: `sk_<id>_<secret>`, 8 and 32 random bytes. */
export interface NewSecret {
  readonly id: string;
  /** Never stored. */
  readonly text: string;
  readonly hash: string;
}

const form = /^sk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

export function newSecret(): NewSecret {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { id, text: `sk_${id}_${secret}`, hash: hashOf(secret) };
}

/** The parts of a key, or undefined when the text is none. */
export function partsOf(text: string): { id: string; hash: string } | undefined {
  const match = form.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { id: match[1], hash: hashOf(match[2]) };
}

/** SHA-256 without salt or stretching: 256 random bits cannot be guessed from their hash. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares in a time that does not depend on where they differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
