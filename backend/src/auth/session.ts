import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SubKey } from '../secrets.js';

/** What the cookie says. */
export interface SessionClaims {
  readonly user: string;
  /** Milliseconds since the epoch. */
  readonly issued: number;
  readonly nonce: string;
}

/** 12 hours: a working day, not a stolen laptop's week. */
export const sessionMilliseconds = 12 * 60 * 60 * 1000;

/** A clock may run a little behind the one that issued. */
const toleranceMilliseconds = 60_000;

export function newSession(user: string, issued: number): SessionClaims {
  return { user, issued, nonce: randomBytes(16).toString('base64url') };
}

/** The cookie's value: the claims and an HMAC under the first key. */
export function sealSession(claims: SessionClaims, keys: readonly [SubKey, ...SubKey[]]): string {
  const body = Buffer.from(JSON.stringify([claims.user, claims.issued, claims.nonce])).toString('base64url');
  return `${body}.${mac(keys[0].key, body)}`;
}

/** The claims of a cookie that one of the keys signed less than 12 hours ago; undefined for anything else. */
export function openSession(value: string, keys: readonly SubKey[], now: number): SessionClaims | undefined {
  const [body = '', signature = '', ...more] = value.split('.');
  if (more.length > 0 || !keys.some(({ key }) => equal(signature, mac(key, body)))) return undefined;
  const [user, issued, nonce] = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as [
    string,
    number,
    string,
  ];
  if (now < issued - toleranceMilliseconds || now >= issued + sessionMilliseconds) return undefined;
  return { user, issued, nonce };
}

/** What `X-CSRF-Token` must be: another site can make a browser send the cookie, but cannot read this. */
export function csrfToken({ nonce }: SessionClaims, keys: readonly [SubKey, ...SubKey[]]): string {
  return mac(keys[0].key, nonce);
}

export function csrfFits(token: string, { nonce }: SessionClaims, keys: readonly SubKey[]): boolean {
  return keys.some(({ key }) => equal(token, mac(key, nonce)));
}

function mac(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
