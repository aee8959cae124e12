import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SubKey } from '../secrets.js';

const nonceBytes = 12;
const tagBytes = 16;

/** Seals text under the installation's key (AES-256-GCM): `keyId.base64`. */
export function seal(keys: readonly [SubKey, ...SubKey[]], text: string): string {
  const [{ id, key }] = keys;
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${id}.${bytes.toString('base64')}`;
}

/** @throws Error when no key fits */
export function unseal(keys: readonly SubKey[], sealed: string): string {
  const [id, text = ''] = sealed.split('.');
  const key = keys.find((one) => one.id === id)?.key;
  if (key === undefined) throw new Error('sealed under a secret that SECATEUR_SECRET no longer lists');
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes));
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
}
