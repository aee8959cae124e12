import type { DecisionSummary } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import { demoIsLoading, demoPercent, feedPath, mergeFeed } from './queries.js';

const decisions = (...seqs: number[]) =>
  seqs.map((seq) => ({ id: `d${seq}`, seq: `${seq}` }) as DecisionSummary);
const seqs = (list: DecisionSummary[]) => list.map((decision) => Number(decision.seq));

test('what is new stands before what is known, each once', () => {
  expect(seqs(mergeFeed(decisions(3, 2, 1), decisions(5, 4, 3)))).toEqual([5, 4, 3, 2, 1]);
  expect(seqs(mergeFeed(decisions(1), []))).toEqual([1]);
});

test('a full page stands alone, for between it and the known ones some may be missing', () => {
  const page = decisions(...Array.from({ length: 50 }, (_, index) => 200 - index));
  expect(mergeFeed(decisions(3, 2, 1), page)).toHaveLength(50);
});

test('the feed asks for what is newer than the newest it knows', () => {
  expect(feedPath(undefined)).toBe('/v1/decisions?limit=50');
  expect(feedPath('17')).toBe('/v1/decisions?limit=50&after=17');
});

test('the demo is never at 100 % before it is ready, nor at more than it says', () => {
  expect(demoPercent({ loaded: 31, total: 100 })).toBe(31);
  expect(demoPercent({ loaded: 100, total: 100 })).toBe(99);
  expect(demoPercent({ loaded: 0, total: 0 })).toBe(0);
  expect(demoIsLoading(undefined)).toBe(false);
  expect(demoIsLoading({ state: 'loading', loaded: 0, total: 1, detail: '' })).toBe(true);
});
