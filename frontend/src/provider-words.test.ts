import { type ProviderView, providers } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import {
  addressWith,
  isUnreachable,
  maskedAddress,
  providerState,
  providerWords,
  setupKind,
  shortRef,
  skippedWords,
  trafficWords,
} from './provider-words.js';
import { newSecret } from './secret.js';

function view(change: Partial<ProviderView> = {}): ProviderView {
  return {
    provider: 'mailchimp',
    title: 'Mailchimp',
    authentication: ['secret'],
    enabled: true,
    secrets: 1,
    topics: [],
    url: 'https://s.example/v1/webhooks/mailchimp/<secret>',
    last_call_at: null,
    calls: 0,
    refused: 0,
    events: 0,
    skipped: {},
    streams: [],
    ...change,
  };
}

test.each<[string, Partial<ProviderView>, string]>([
  ['nothing is set', { enabled: false, secrets: 0 }, 'Not connected'],
  ['it was switched off', { enabled: false }, 'Switched off'],
  ['topics stand and it is off', { enabled: false, secrets: 0, topics: ['arn'] }, 'Switched off'],
  ['it waits for the first call', {}, 'Connected'],
  ['calls come', { calls: 3, refused: 1 }, 'Connected'],
  ['no call was genuine', { calls: 3, refused: 3 }, 'Every call refused'],
])('the state of a provider: %s', (_name, change, short) => {
  expect(providerState(view(change)).short).toBe(short);
});

test('what is asked for follows from how the provider proves itself', () => {
  expect(setupKind({ provider: 'mailchimp', authentication: ['secret'] })).toBe('address');
  expect(setupKind({ provider: 'sendgrid', authentication: ['signature'] })).toBe('keys');
  expect(setupKind({ provider: 'ses', authentication: ['signature'] })).toBe('topics');
});

test('every provider has a place where its address goes, and every key one where it is found', () => {
  for (const provider of providers) {
    const { keys, address } = providerWords[provider];
    expect([provider, address]).not.toEqual([provider, '']);
    for (const key of keys) expect([provider, key.name, key.where]).not.toContain('');
  }
});

test('traffic is told with its refusals, and skipped types by how often they came', () => {
  expect(trafficWords({ calls: 1204, refused: 2, events: 1 }, 'en')).toBe('1,204 calls, 2 refused · 1 event');
  expect(trafficWords({ calls: 0, refused: 0, events: 0 }, 'en')).toBe('no calls');
  expect(skippedWords({ b: 1, a: 1, open: 4000 }, 'en')).toBe('open 4,000, a 1, b 1');
  expect(skippedWords({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }, 'en')).toBe('f 6, e 5, d 4, c 3 and 2 more');
});

test('the secret stands in the address once and is masked afterwards', () => {
  const { url } = view();
  expect(addressWith(url, 'abc_-1')).toBe('https://s.example/v1/webhooks/mailchimp/abc_-1');
  expect(maskedAddress(url)).not.toContain('<');
});

test('secrets are long, fit an address as they are, and never come twice', () => {
  const made = Array.from({ length: 200 }, newSecret);
  for (const secret of made) expect(secret).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(new Set(made).size).toBe(200);
});

test.each([
  ['http://localhost:3000/v1/x', true],
  ['http://127.0.0.1/v1/x', true],
  ['http://[::1]:3000/v1/x', true],
  ['https://optout.example.com/v1/x', false],
  ['https://localhost.example.com/', false],
])('a provider cannot call %s: %s', (url, unreachable) => {
  expect(isUnreachable(url)).toBe(unreachable);
});

test('a group is called as its provider calls it', () => {
  expect(shortRef('sendgrid:asm:10', 'sendgrid')).toBe('asm:10');
  expect(shortRef('other:1', 'sendgrid')).toBe('other:1');
});
