import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rejectedBy } from './benjamini-hochberg.js';

/** The definition: the largest i with at least i p values at or under q i/m, and all those. */
function byDefinition(values: readonly number[], q: number): boolean[] {
  const m = values.length;
  for (let i = m; i >= 1; i--) {
    const limit = (q * i) / m;
    if (values.filter((value) => value <= limit).length >= i) return values.map((value) => value <= limit);
  }
  return values.map(() => false);
}

test('is what the definition says', () => {
  const some = fc.array(
    fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.01, noNaN: true })),
  );
  fc.assert(
    fc.property(some, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (values, q) => {
      expect(rejectedBy(values, q)).toEqual(byDefinition(values, q));
    }),
  );
});

/* The fifteen p values of section 3.2, table 1, of Benjamini and Hochberg (1995): at 0.05 the first four are rejected. */
test('rejects the four hypotheses of the published example', () => {
  const published = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
    0.759, 1,
  ];
  expect(
    rejectedBy(published, 0.05)
      .map((one, index) => (one ? index : -1))
      .filter((index) => index >= 0),
  ).toEqual([0, 1, 2, 3]);
});

test('of nothing is nothing, and of one value the plain limit', () => {
  expect(rejectedBy([], 0.05)).toEqual([]);
  expect(rejectedBy([0.05], 0.05)).toEqual([true]);
  expect(rejectedBy([0.051], 0.05)).toEqual([false]);
});
