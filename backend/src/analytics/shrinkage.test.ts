import { createRandom, type Random } from '@secateur/models';
import { describe, expect, test } from 'vitest';
import { type Counted, shrinkage } from './shrinkage.js';

const cellsOf = (...pairs: readonly (readonly [number, number])[]): Counted[] =>
  pairs.map(([successes, trials]) => ({ successes, trials }));

function draw(siblings: readonly Counted[]) {
  const drawn = shrinkage(siblings);
  if (drawn === null) throw new Error('nothing was drawn');
  return drawn;
}

describe('a rate among its siblings', () => {
  const siblings = cellsOf([40, 1000], [52, 1000], [47, 1000], [160, 2000], [5, 400], [3, 10]);
  const drawn = draw(siblings);

  test('is drawn towards their mean, a small cell far and a large one little', () => {
    const [small, large] = [drawn({ successes: 3, trials: 10 }), drawn({ successes: 160, trials: 2000 })];
    expect(small.towards).toBeCloseTo(0.05, 1);
    expect(small.value).toBeGreaterThan(small.towards);
    expect(small.value).toBeLessThan(0.15);
    expect(Math.abs(large.value - 0.08)).toBeLessThan(0.01);
    expect(large.upper - large.lower).toBeLessThan(small.upper - small.lower);
  });

  test('of the same trials keeps its order, and lies within its interval', () => {
    let before = -1;
    for (let successes = 0; successes <= 50; successes += 1) {
      const { value, lower, upper } = drawn({ successes, trials: 50 });
      expect(value).toBeGreaterThan(before);
      expect(lower).toBeLessThan(value);
      expect(upper).toBeGreaterThan(value);
      before = value;
    }
  });

  test('does not depend on the order of the siblings', () => {
    const again = draw([...siblings].reverse());
    expect(again(siblings[0] as Counted).value).toBeCloseTo(drawn(siblings[0] as Counted).value, 12);
  });

  test('of siblings that differ no more than chance is nearly their common rate', () => {
    const same = draw(cellsOf([20, 1000], [21, 1000], [19, 1000], [20, 1000], [22, 1000], [18, 1000]));
    expect(same({ successes: 0, trials: 20 }).value).toBeCloseTo(0.02, 2);
  });

  test('stays in [0, 1] where nothing or everything happened', () => {
    for (const successes of [0, 30]) {
      const { value, lower, upper } = draw(cellsOf(...Array(5).fill([successes, 30])))({
        successes,
        trials: 30,
      });
      expect(lower).toBeGreaterThanOrEqual(0);
      expect(upper).toBeLessThanOrEqual(1);
      expect(Math.abs(value - successes / 30)).toBeLessThan(0.03);
    }
  });
});

test('of fewer than four siblings with trials nothing is said', () => {
  expect(shrinkage([])).toBeNull();
  expect(shrinkage(cellsOf([1, 10], [2, 10], [3, 10]))).toBeNull();
  expect(shrinkage(cellsOf([1, 10], [2, 10], [3, 10], [0, 0]))).toBeNull();
});

/** Cells of which each has a rate of its own, and how far raw and drawn rates are from it. */
function simulated(random: Random, cells: number, mean: number, size: number) {
  const rates = Array.from({ length: cells }, () => random.beta(mean * size, (1 - mean) * size));
  const counted = rates.map((rate): Counted => {
    const trials = 50 + random.integer(random.choice([100, 1000, 3000]));
    return {
      successes: Array.from({ length: trials }, () => random.chance(rate)).filter(Boolean).length,
      trials,
    };
  });
  const drawn = draw(counted);
  return counted.map((cell, index) => ({ ...cell, truth: rates[index] ?? 0, drawn: drawn(cell) }));
}

/** Of rates themselves drawn from a beta distribution: how the method sees them, with few cells and with many. */
test.each([
  [5, 0.02, 99],
  [8, 0.02, 499],
  [20, 0.02, 99],
  [12, 0.3, 19],
])(
  'holds the truth in at least 89 %% of %s cells (rate %s, M %s), and is nearer to it than the raw rate',
  (cells, mean, size) => {
    const random = createRandom(1973);
    const all = Array.from({ length: 120 }, () => simulated(random, cells, mean, size)).flat();
    const held = all.filter(({ truth, drawn }) => truth >= drawn.lower && truth <= drawn.upper).length;
    expect(held / all.length).toBeGreaterThan(0.89);
    const error = (of: (one: (typeof all)[number]) => number) =>
      all.reduce((sum, one) => sum + (of(one) - one.truth) ** 2, 0);
    expect(error(({ drawn }) => drawn.value)).toBeLessThan(
      error(({ successes, trials }) => successes / trials),
    );
  },
);
