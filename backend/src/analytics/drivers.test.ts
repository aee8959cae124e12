import { describe, expect, test } from 'vitest';
import { type DriverSums, driversOf } from './drivers.js';

/** Sums of a cell by their definitions, from its strata: [own messages, own opt-outs, others' messages, others' opt-outs]. */
function sumsOf(
  strata: readonly (readonly [number, number, number, number])[],
  change: Partial<DriverSums> = {},
): DriverSums {
  const total = (of: (n1: number, x1: number, n0: number, x0: number) => number) =>
    strata.reduce((sum, [n1, x1, n0, x0]) => sum + of(n1, x1, n0, x0), 0);
  return {
    view: 'last_touch',
    dimension: 'campaign',
    key: 'bf',
    delivered: total((n1) => n1),
    opt_outs: total((_, x1) => x1),
    compared: total((n1) => n1),
    compared_opt_outs: total((_, x1) => x1),
    expected: total((n1, _, n0, x0) => (n1 * x0) / n0),
    conditional_mean: total((n1, x1, n0, x0) => (n1 * (x1 + x0)) / (n1 + n0)),
    conditional_variance: total((n1, x1, n0, x0) => {
      const [n, x] = [n1 + n0, x1 + x0];
      return (n1 * n0 * x * (n - x)) / (n * n * (n - 1));
    }),
    own_weight: total((n1, x1, n0) => (x1 * n0) / (n1 + n0)),
    other_weight: total((n1, _x1, n0, x0) => (x0 * n1) / (n1 + n0)),
    log_ratio_term: total((n1, x1, n0, x0) => {
      const n = n1 + n0;
      return (n1 * n0 * (x1 + x0) - x1 * x0 * n) / (n * n);
    }),
    ...change,
  };
}

const [first, second] = ['bf', 'xm'];
const drivers = (...sums: DriverSums[]) => driversOf(sums, (_, key) => key);

describe('a driver', () => {
  test('in one stratum is the risk ratio of two proportions with its log interval', () => {
    // 30 of 1000 against 20 of 2000: ratio 3, variance of the logarithm 1/30 − 1/1000 + 1/20 − 1/2000.
    const [driver] = drivers(sumsOf([[1000, 30, 2000, 20]]));
    const half = 1.959963984540054 * Math.sqrt(1 / 30 - 1 / 1000 + 1 / 20 - 1 / 2000);
    expect(driver?.ratio?.value).toBeCloseTo(3, 12);
    expect(driver?.ratio?.lower).toBeCloseTo(3 * Math.exp(-half), 12);
    expect(driver?.ratio?.upper).toBeCloseTo(3 * Math.exp(half), 12);
    expect(driver).toMatchObject({ expected: 10, excess: 20 });
  });

  test('is no driver where the mix alone makes its rate: Simpson’s paradox', () => {
    // Twice the others' rate overall, the same in each stratum.
    const [driver] = drivers(
      sumsOf([
        [900, 90, 100, 10],
        [100, 1, 900, 9],
      ]),
    );
    expect(driver?.ratio?.value).toBeCloseTo(1, 12);
    expect(driver?.excess).toBeCloseTo(0, 12);
    expect(driver?.p).toBeCloseTo(1, 9);
  });

  test('has the p of the 2 × 2 table with margins given: (ad − bc)² (n − 1) / (product of the margins)', () => {
    const [driver] = drivers(sumsOf([[10, 8, 12, 4]]));
    const chi = ((8 * 8 - 2 * 4) ** 2 * 21) / (10 * 12 * 12 * 10);
    expect(chi).toBeCloseTo(4.573333, 6);
    // A chi-square with one degree of freedom exceeds 4.573333 with a chance of 0.03247 (R: pchisq(4.573333, 1, lower = FALSE)).
    expect(driver?.p).toBeCloseTo(0.0325, 4);
  });

  test('that nothing can be compared with says so, and has neither excess nor test', () => {
    const [driver] = drivers(sumsOf([], { delivered: 500, opt_outs: 7 }));
    expect(driver).toMatchObject({
      delivered: 500,
      compared: 0,
      expected: null,
      excess: null,
      ratio: null,
      p: null,
      q: null,
    });
  });

  test('is corrected for all that were tested, and not for what has no test', () => {
    const cells = drivers(
      sumsOf([[1000, 40, 1000, 20]], { key: first }),
      sumsOf([[1000, 20, 1000, 20]], { key: second }),
      sumsOf([], { key: 'alone', delivered: 500 }),
    );
    const found = cells.find((one) => one.key === first);
    expect(found?.p).toBeLessThan(0.01);
    expect(found?.q).toBeCloseTo(2 * (found?.p ?? 0), 12);
    expect(cells.find((one) => one.key === 'alone')?.q).toBeNull();
  });

  test('is drawn towards the others of its dimension the more, the less its own figures say', () => {
    const cells = drivers(
      sumsOf([[10_000, 100, 100_000, 1000]], { key: first }),
      sumsOf([[10_000, 300, 100_000, 1000]], { key: second }),
      sumsOf([[100, 4, 100_000, 1000]], { key: 'small' }),
      sumsOf([[10_000, 60, 100_000, 1000]], { key: 'low' }),
    );
    const of = (key: string) => cells.find((one) => one.key === key);
    const drawn = (key: string) =>
      Math.abs(Math.log((of(key)?.shrunk?.value ?? 0) / (of(key)?.ratio?.value ?? 0)));
    expect(drawn('small')).toBeGreaterThan(5 * drawn(second));
    const small = of('small');
    expect(small?.shrunk?.value).toBeLessThan(small?.ratio?.value ?? 0);
    expect(cells[0]?.key).toBe(second);
  });

  test('of a dimension without differences is their common ratio', () => {
    const cells = drivers(
      sumsOf([[1000, 20, 1000, 20]], { key: first }),
      sumsOf([[1000, 21, 1000, 20]], { key: second }),
    );
    expect(cells[0]?.shrunk).toEqual(cells[1]?.shrunk);
  });
});
