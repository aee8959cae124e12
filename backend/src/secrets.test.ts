import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadPepper, loadSecrets, Secrets } from './secrets.js';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'secateur-secrets-'));
});
afterEach(() => rmSync(dataDirectory, { recursive: true, force: true }));

const [old, recent] = ['o'.repeat(32), 'r'.repeat(32)];

test('derives the same key for the same purpose and another for another', () => {
  const [links] = new Secrets([old]).keys('links');
  expect(new Secrets([old]).keys('links')[0]).toEqual(links);
  expect(links.key).toHaveLength(32);
  expect(new Secrets([old]).keys('session')[0].key).not.toEqual(links.key);
  expect(new Secrets([recent]).keys('links')[0].key).not.toEqual(links.key);
});

// RFC 5869 by hand: PRK = HMAC(32 zeros, root), key = HMAC(PRK, info | 1).
test('is HKDF-SHA256 with the purpose as its info', async () => {
  const { createHmac } = await import('node:crypto');
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(old).digest();
  const expanded = createHmac('sha256', extracted).update('secateur/1/links\u0001').digest();
  expect(new Secrets([old]).keys('links')[0].key).toEqual(expanded);
});

test('signs with the first secret and keeps the older ones to verify', () => {
  const keys = new Secrets([recent, old]).keys('links');
  expect(keys.map(({ id }) => id)).toEqual([
    new Secrets([recent]).keys('links')[0].id,
    new Secrets([old]).keys('links')[0].id,
  ]);
});

test('makes a secret at the first start and finds it again', () => {
  const first = loadSecrets({ secrets: [], dataDirectory }).keys('links')[0];
  expect(loadSecrets({ secrets: [], dataDirectory }).keys('links')[0]).toEqual(first);
  expect(statSync(join(dataDirectory, 'keys', 'secret')).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(dataDirectory, 'keys'))).toEqual(['secret']);
});

test('prefers a configured secret and then writes none', () => {
  const [key] = loadSecrets({ secrets: [old], dataDirectory }).keys('links');
  expect(key).toEqual(new Secrets([old]).keys('links')[0]);
  expect(readdirSync(dataDirectory)).toEqual([]);
});

test('a configured secret signs, and the one made before it goes on verifying: links live for ever', () => {
  const [made] = loadSecrets({ secrets: [], dataDirectory }).keys('links');
  const [first, second] = loadSecrets({ secrets: [old], dataDirectory }).keys('links');
  expect(first).toEqual(new Secrets([old]).keys('links')[0]);
  expect(second).toEqual(made);
});

test('makes the pepper once', () => {
  const pepper = loadPepper(dataDirectory);
  expect(pepper).toHaveLength(32);
  expect(loadPepper(dataDirectory)).toEqual(pepper);
  expect(statSync(join(dataDirectory, 'keys', 'identifiers.key')).mode & 0o777).toBe(0o600);
});

test('refuses a damaged key file and leaves it as it is', () => {
  loadPepper(dataDirectory);
  const path = join(dataDirectory, 'keys', 'identifiers.key');
  writeFileSync(path, 'cut');
  expect(() => loadPepper(dataDirectory)).toThrow('damaged');
  expect(readFileSync(path, 'utf8')).toBe('cut');
});
