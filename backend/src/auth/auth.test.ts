import type { FastifyReply } from 'fastify';
import { expect, test } from 'vitest';
import type { Config } from '../config.js';
import { BusyError } from '../errors.js';
import { Secrets } from '../secrets.js';
import { newSecret, partsOf } from './api-key.js';
import { hashPassword, passwordFits } from './password.js';
import { RateLimits } from './rate-limit.js';
import { knownScopes, scopesOf } from './roles.js';
import { csrfFits, csrfToken, newSession, openSession, sealSession, sessionMilliseconds } from './session.js';
import { Sessions } from './sessions.service.js';
import type { Users } from './users.service.js';

const now = Date.UTC(2026, 10, 20, 9, 30);
const [recent, old] = ['r'.repeat(32), 'o'.repeat(32)];
const keys = new Secrets([old]).keys('session');

test('an API key gives back its id and hash and nothing else does', () => {
  const { id, text, hash } = newSecret();
  expect(text).toMatch(/^sk_[0-9a-f]{16}_[\w-]{43}$/);
  expect(partsOf(text)).toEqual({ id, hash });
  expect(hash).not.toContain(text.slice(-43));
  for (const other of ['', 'sk_', text.slice(1), `${text}x`, ` ${text}`])
    expect(partsOf(other)).toBeUndefined();
});

test('a password fits its own hash alone', async () => {
  const hash = await hashPassword('correct horse battery');
  expect(hash).toMatch(/^scrypt\$32768\$8\$1\$/);
  expect(await passwordFits('correct horse battery', hash)).toBe(true);
  expect(await passwordFits('correct horse batterz', hash)).toBe(false);
  expect(await hashPassword('correct horse battery')).not.toBe(hash);
});

test('a user who does not exist has no password that fits, and one typed in another way of Unicode does', async () => {
  expect(await passwordFits('', undefined)).toBe(false);
  expect(await passwordFits('anything', 'damaged')).toBe(false);
  expect(await passwordFits('cafe\u0301 terrace', await hashPassword('caf\u00e9 terrace'))).toBe(true);
});

test('a session opens with what it was sealed with, for twelve hours', () => {
  const claims = newSession('admin', now);
  const value = sealSession(claims, keys);
  expect(openSession(value, keys, now)).toEqual(claims);
  expect(openSession(value, keys, now + sessionMilliseconds - 1)).toEqual(claims);
  expect(openSession(value, keys, now + sessionMilliseconds)).toBeUndefined();
  expect(openSession(value, keys, now - 120_000)).toBeUndefined();
});

test('a session survives a new secret while the old one still verifies, and not with another', () => {
  const value = sealSession(newSession('admin', now), keys);
  expect(openSession(value, new Secrets([recent, old]).keys('session'), now)).toBeDefined();
  expect(openSession(value, new Secrets([recent]).keys('session'), now)).toBeUndefined();
  expect(openSession(value, new Secrets([old]).keys('csrf'), now)).toBeUndefined();
});

test('a session that was changed does not open', () => {
  const [body = '', signature = ''] = sealSession(newSession('analyst', now), keys).split('.');
  const forged = Buffer.from(JSON.stringify(['admin', now, 'x'])).toString('base64url');
  for (const value of [`${forged}.${signature}`, body, `${body}.`, `${body}.${signature}.x`, '', '.']) {
    expect(openSession(value, keys, now)).toBeUndefined();
  }
});

test('a CSRF token belongs to one session', () => {
  const [mine, theirs] = [newSession('admin', now), newSession('admin', now)];
  expect(csrfFits(csrfToken(mine, keys), mine, keys)).toBe(true);
  expect(csrfFits(csrfToken(mine, keys), theirs, keys)).toBe(false);
  expect(csrfFits('', mine, keys)).toBe(false);
});

test('roles add up, and a role or scope that is not known gives nothing', () => {
  expect([...scopesOf(['editor', 'approver'])].sort()).toEqual(['approve', 'edit', 'read']);
  expect(scopesOf(['owner']).size).toBe(0);
  expect(scopesOf(['constructor']).size).toBe(0);
  expect([...knownScopes(['read', 'fly'])]).toEqual(['read']);
});

test('ten attempts pass at once, then one every six seconds, each address by itself', () => {
  const limits = new RateLimits();
  const take = (address: string, at: number): number => {
    try {
      limits.take('sign_in', address, at);
      return 0;
    } catch (error) {
      return error instanceof BusyError ? error.retryAfterSeconds : -1;
    }
  };
  expect(Array.from({ length: 11 }, () => take('192.0.2.1', now))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6]);
  expect(take('192.0.2.2', now)).toBe(0);
  expect(take('::ffff:192.0.2.1', now)).toBe(6);
  expect(take('192.0.2.1', now + 6000)).toBe(0);
  expect(take('192.0.2.1', now + 6000)).toBe(6);
});

test('a success gives back what it took', () => {
  const limits = new RateLimits();
  for (let each = 0; each < 50; each++) {
    limits.take('sign_in', '192.0.2.1', now);
    limits.giveBack('sign_in', '192.0.2.1');
  }
  expect(() => limits.take('sign_in', '192.0.2.1', now)).not.toThrow();
});

test('behind https the cookie is bound to this host and to https', () => {
  const users = { find: () => undefined } as Partial<Users> as Users;
  const sessions = new Sessions(
    { publicUrl: 'https://mail.example.com' } as Config,
    new Secrets([old]),
    users,
  );
  let cookie = '';
  const reply = {
    header: (_: string, value: string) => (cookie = value),
  } as unknown as FastifyReply;
  sessions.begin({ name: 'admin', password: '', roles: [], sessionsValidFrom: 0, version: 1 }, reply, now);
  expect(cookie).toMatch(/^__Host-secateur=.+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/);
});

test('an IPv6 network counts as one address', () => {
  const limits = new RateLimits();
  for (let each = 0; each < 10; each++) limits.take('sign_in', `2001:db8:1:2::${each.toString(16)}`, now);
  expect(() => limits.take('sign_in', '2001:db8:1:2:ffff::1', now)).toThrow(BusyError);
  expect(() => limits.take('sign_in', '2001:db8:1:3::1', now)).not.toThrow();
});
