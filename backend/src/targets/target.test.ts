import { expect, test } from 'vitest';
import { Seal } from '../seal.js';
import { openSecrets, rotated, sealSecrets, signingAt, type TargetSecrets } from './target.js';

const hour = 3_600_000;
const first: TargetSecrets = { signing: [{ secret: 'one', until: null }], apiKey: null };

test('an old secret signs for 24 hours beside the new one', () => {
  const secrets = rotated(first, 'two', 0);
  expect(signingAt(secrets, 24 * hour - 1)).toEqual(['two', 'one']);
  expect(signingAt(secrets, 24 * hour)).toEqual(['two']);
});

test('another rotation gives no old secret more time, and forgets those whose time is over', () => {
  const twice = rotated(rotated(first, 'two', 0), 'three', 20 * hour);
  expect(signingAt(twice, 20 * hour)).toEqual(['three', 'two', 'one']);
  expect(signingAt(twice, 24 * hour)).toEqual(['three', 'two']);
  expect(rotated(twice, 'four', 30 * hour).signing.map(({ secret }) => secret)).toEqual([
    'four',
    'three',
    'two',
  ]);
});

test('secrets are sealed, and opened by no other secret or purpose', () => {
  const seal = new Seal('targets', 1, ['a'.repeat(32)]);
  const sealed = sealSecrets(seal, first);
  expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('one');
  expect(openSecrets(seal, sealed)).toEqual(first);
  expect(openSecrets(new Seal('targets', 1, ['b'.repeat(32)]), sealed)).toBeNull();
  expect(openSecrets(new Seal('quarantine', 1, ['a'.repeat(32)]), sealed)).toBeNull();
});
