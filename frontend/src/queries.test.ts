import type { DecisionSummary } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import { demoIsLoading, demoPercent, feedPath, mergeFeed } from './queries.js';

/** `12:03` stands for 3 minutes past twelve. */
const decision = (seq: number, minute: number) =>
  ({
    id: `d${seq}`,
    seq: `${seq}`,
    received_at: new Date(Date.UTC(2026, 10, 20, 12, minute)).toISOString(),
  }) as DecisionSummary;
const seqs = (list: DecisionSummary[]) => list.map(({ seq }) => Number(seq));

test('what arrives takes its place by the time of receipt, each decision once', () => {
  const known = [decision(3, 30), decision(2, 20), decision(1, 10)];
  expect(seqs(mergeFeed(known, [decision(5, 40), decision(4, 25), decision(3, 30)]))).toEqual([
    5, 3, 4, 2, 1,
  ]);
  expect(seqs(mergeFeed(known, []))).toEqual([3, 2, 1]);
  expect(seqs(mergeFeed([], [decision(7, 1), decision(6, 1)]))).toEqual([7, 6]);
});

test('a full page may have left out what is older than its last row, so known ones of that time go', () => {
  // Arrived: minutes 59 … 10, the 50 newest of an unknown number.
  const page = Array.from({ length: 50 }, (_, index) => decision(100 + index, 59 - index));
  const merged = mergeFeed([decision(3, 30), decision(2, 9), decision(1, 8)], page);
  expect(merged).toHaveLength(51);
  expect(seqs(merged)).not.toContain(2);
});

test('the feed goes on after the call before', () => {
  expect(feedPath(null)).toBe('/v1/decisions?limit=50');
  expect(feedPath('17')).toBe('/v1/decisions?limit=50&after=17');
});

test('the demo is never at 100 % before it is ready, nor at more than it says', () => {
  expect(demoPercent({ loaded: 31, total: 100 })).toBe(31);
  expect(demoPercent({ loaded: 100, total: 100 })).toBe(99);
  expect(demoPercent({ loaded: 0, total: 0 })).toBe(0);
  expect(demoIsLoading(undefined)).toBe(false);
  expect(demoIsLoading({ state: 'loading', loaded: 0, total: 1, detail: '' })).toBe(true);
});
