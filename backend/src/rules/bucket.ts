import { createHmac } from 'node:crypto';

/**
 * Where a person stands between 0 and 1 for one version of the rules: the same on every machine and at every time, and
 * independent of where they stand for another version. First 32 bits of HMAC-SHA-256(key, version NUL person).
 */
export function bucketOf(key: Buffer, ruleset: string, subject: string): number {
  const hash = createHmac('sha256', key).update(`${ruleset}\0${subject}`).digest();
  return hash.readUInt32BE() / 2 ** 32;
}
