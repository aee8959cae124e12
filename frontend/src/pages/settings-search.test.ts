import { expect, test } from 'vitest';
import { readProvidersSearch, readWordBackSearch } from './settings-search.js';

test('an address names a provider or a target that can be, and drops what it does not know', () => {
  expect(readProvidersSearch({ provider: 'sendgrid', utm: 'x' })).toEqual({ provider: 'sendgrid' });
  expect(readProvidersSearch({ provider: 'fax' })).toEqual({});
  const target = '0f3c1b52-7a55-4f0e-9d59-2f0a8a1f8f11';
  expect(readWordBackSearch({ target })).toEqual({ target });
  expect(readWordBackSearch({ target: 'new' })).toEqual({ target: 'new' });
  expect(readWordBackSearch({ target: '../keys' })).toEqual({});
});
