import { expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { benjaminiHochberg } from './false-discoveries.js';

/** The definition: the largest i with at least i p values at or under q i/m, and all those. */
function rejectedByDefinition(values: readonly number[], q: number): boolean[] {
  const m = values.length;
  for (let i = m; i >= 1; i--) {
    const limit = (q * i) / m;
    if (values.filter((value) => value <= limit).length >= i) return values.map((value) => value <= limit);
  }
  return values.map(() => false);
}

it('is at most q for exactly those that the definition rejects at q', () => {
  const random = createRandom(1995);
  for (let round = 0; round < 2000; round += 1) {
    const values = Array.from(
      { length: random.integer(12) },
      () => random.uniform() * random.choice([1, 0.1, 0.01]),
    );
    const q = random.between(0.001, 0.5);
    const rejected = benjaminiHochberg(values).map((rate) => rate <= q);
    expect(rejected, JSON.stringify([values, q])).toEqual(rejectedByDefinition(values, q));
  }
});

/* The fifteen p values of section 3.2, table 1, of Benjamini and Hochberg (1995): at 0.05 the first four are rejected. */
it('rejects the four hypotheses of the published example', () => {
  const rates = benjaminiHochberg([
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
    0.759, 1,
  ]);
  expect(rates.flatMap((rate, index) => (rate <= 0.05 ? [index] : []))).toEqual([0, 1, 2, 3]);
  expect(rates[3]).toBeCloseTo((0.0095 * 15) / 4, 12);
});

it('never falls where p rises, and never exceeds 1', () => {
  expect(benjaminiHochberg([0.9, 0.01, 0.02, 1])).toEqual([1, 0.04, 0.04, 1]);
});

it('of one value is the plain p', () => {
  expect(benjaminiHochberg([0.05])).toEqual([0.05]);
});
