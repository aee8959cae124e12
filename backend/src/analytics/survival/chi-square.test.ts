import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chiSquareTail } from './chi-square.js';

/** The definition: the density integrated from x on, by Simpson's rule on x = s², which takes the pole at 0 away. */
function naive(x: number, degrees: number): number {
  let logGamma = degrees % 2 === 0 ? 0 : Math.log(Math.sqrt(Math.PI));
  for (let a = degrees % 2 === 0 ? 1 : 0.5; a < degrees / 2; a++) logGamma += Math.log(a);
  const density = (s: number) =>
    2 * s ** (degrees - 1) * Math.exp((-s * s) / 2 - (degrees / 2) * Math.log(2) - logGamma);
  const from = Math.sqrt(x);
  const steps = 4000;
  const width = (from + 30 - from) / steps;
  let sum = 0;
  for (let step = 0; step <= steps; step++) {
    const factor = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2;
    sum += factor * density(from + step * width);
  }
  return (sum * width) / 3;
}

describe('the upper tail of chi-square', () => {
  // Any table of critical values; the last two by closed form: exp(−x/2) for two degrees.
  test.each([
    [3.841458820694124, 1, 0.05],
    [6.634896601021213, 1, 0.01],
    [5.991464547107979, 2, 0.05],
    [7.814727903251179, 3, 0.05],
    [18.307038053275146, 10, 0.05],
    [124.34211340400407, 100, 0.05],
    [2, 2, Math.exp(-1)],
    [1400, 2, Math.exp(-700)],
  ])('of %d with %i degrees is %d', (x, degrees, tail) => {
    expect(Math.abs(chiSquareTail(x, degrees) / tail - 1)).toBeLessThan(1e-9);
  });

  test('is the integral of the density', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 80, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        (x, degrees) => {
          const tail = chiSquareTail(x, degrees);
          expect(Math.abs(tail - naive(x, degrees))).toBeLessThan(1e-9);
          return tail >= 0 && tail <= 1;
        },
      ),
    );
  });

  test('keeps the digits of a small tail: with four degrees it is exp(−x/2)(1 + x/2)', () => {
    for (const x of [5, 50, 500, 1000]) {
      expect(chiSquareTail(x, 4) / (Math.exp(-x / 2) * (1 + x / 2))).toBeCloseTo(1, 11);
    }
  });

  test('is 1 at 0 and below, and 0 where a double has no more room', () => {
    expect(chiSquareTail(0, 3)).toBe(1);
    expect(chiSquareTail(-1e-12, 3)).toBe(1);
    expect(chiSquareTail(2352.87, 2)).toBe(0);
    expect(chiSquareTail(Number.NaN, 2)).toBeNaN();
  });

  test.each([0, -1, 1.5])('has no %d degrees', (degrees) => {
    expect(() => chiSquareTail(1, degrees)).toThrow(RangeError);
  });

  test('does as its @example says', () => {
    expect(chiSquareTail(3.841458820694124, 1)).toBeCloseTo(0.05, 12);
  });
});
