import { expect, test } from 'vitest';
import { shrunkMeans } from './shrink.js';

const variance = 0.04;
const group = (people: number, mean: number, parent: number | null = 0.2) => ({
  people,
  mean,
  variance,
  parent,
});

test('a small group is drawn to its parent, a large one hardly, and who has no parent stays', () => {
  const means = [0.1, 0.15, 0.25, 0.3].map((mean) => group(4000, mean));
  const [small = 0, large = 0, top = 0] = shrunkMeans([
    group(20, 0.3),
    group(4000, 0.3),
    group(9, 0.2, null),
    ...means,
  ]);
  expect(small).toBeGreaterThan(0.2);
  expect(small).toBeLessThan(large);
  expect(large).toBeCloseTo(0.3, 2);
  expect(top).toBe(0.2);
});

test('groups that differ no more than so few people explain are their parent', () => {
  expect(shrunkMeans([group(20, 0.21), group(20, 0.19), group(30, 0.2)])).toEqual([0.2, 0.2, 0.2]);
});

test('a group whose people are all alike is what it is, and one without people is its parent', () => {
  expect(shrunkMeans([{ ...group(5, 0.3), variance: 0 }, group(0, 0.9)])).toEqual([0.3, 0.2]);
});
