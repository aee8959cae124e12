import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { bucketOf } from './bucket.js';

const key = Buffer.alloc(32, 7);

test('the same person stands at the same place, at another for another version or key', () => {
  const here = bucketOf(key, 'a', 'p');
  expect(bucketOf(Buffer.alloc(32, 7), 'a', 'p')).toBe(here);
  expect(bucketOf(key, 'b', 'p')).not.toBe(here);
  expect(bucketOf(Buffer.alloc(32, 8), 'a', 'p')).not.toBe(here);
});

test('of 20,000 people as many stand below a share as the share says, within five standard errors', () => {
  const people = Array.from({ length: 20_000 }, () => randomUUID());
  for (const share of [0.05, 0.5, 0.9]) {
    const below = people.filter((person) => bucketOf(key, 'version', person) < share).length;
    const error = Math.sqrt((share * (1 - share)) / people.length);
    expect(Math.abs(below / people.length - share)).toBeLessThan(5 * error);
  }
});
