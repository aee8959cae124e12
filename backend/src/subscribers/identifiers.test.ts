import { expect, test } from 'vitest';
import { identifierId, normaliseIdentifier } from './identifiers.js';

const pepper = Buffer.alloc(32, 7);

test.each([
  ['email', ' Ada@Example.COM ', 'ada@example.com'],
  ['email', 'Ada <Ada@Example.com>', 'ada@example.com'],
  ['email', 'ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['email', 'ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  ['email', 'not an address', 'not an address'],
  ['phone', '0049 (151) 1234-5678', '4915112345678'],
  ['phone', '+49 151 12345678', '4915112345678'],
  ['external', ' U-1 ', ' U-1 '],
] as const)('spells %s %j one way', (kind, written, spelled) => {
  expect(normaliseIdentifier(kind, written)).toBe(spelled);
});

test('an id is a UUID of version 8 that depends on kind, address and pepper alone', () => {
  const id = identifierId(pepper, 'email', 'ada@example.com');
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(identifierId(pepper, 'email', 'ADA@example.com')).toBe(id);
  const others = [
    identifierId(pepper, 'external', 'ada@example.com'),
    identifierId(pepper, 'email', 'bob@example.com'),
    identifierId(Buffer.alloc(32, 8), 'email', 'ada@example.com'),
  ];
  expect(others).not.toContain(id);
});
