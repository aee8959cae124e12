import { describe, expect, test } from 'vitest';
import { dayMs, hourMs } from './cell.js';
import { lookBackDays, looksDue, storedBucket } from './looks-due.js';

const today = 20_500;
const at = (hour: number, day = today): number => day * dayMs + hour * hourMs;
const madeBy = (now: number, done: ReadonlySet<number>): number[] =>
  looksDue(now, done).map(({ on, hour }) => storedBucket(on, hour));

/** Runs hour by hour from then on, as the job does. */
function runs(from: number, hours: number, every = 1): Map<number, number> {
  const done = new Set<number>();
  const made = new Map<number, number>();
  for (const bucket of madeBy(from, done)) done.add(bucket);
  for (let hour = 0; hour < hours; hour += every)
    for (const bucket of madeBy(from + hour * hourMs, done)) {
      done.add(bucket);
      made.set(bucket, (made.get(bucket) ?? 0) + 1);
    }
  return made;
}

describe('looks that are due', () => {
  test('are made once each, however often the job runs', () => {
    const hourly = runs(at(0), 24 * 10);
    expect(Math.max(...hourly.values())).toBe(1);
    // Ten days of four looks, and nine midnights of two.
    expect(hourly.size).toBe(10 * 4 + 9 * 2);
    const often = runs(at(0), 24 * 10, 0.25);
    expect([...often.keys()]).toEqual([...hourly.keys()]);
  });

  test('of a day that was missed are the latest alone', () => {
    const done = new Set(madeBy(at(13), new Set()));
    const due = looksDue(at(13, today + 2), done).map(({ on, hour }) => [on - today, hour]);
    expect(due).toEqual([
      [-1, 48],
      [0, 48],
      [1, 24],
      [2, 12],
    ]);
  });

  test('before the first one go through four weeks, of which nobody is told', () => {
    const due = looksDue(at(13), new Set());
    expect(due).toHaveLength(lookBackDays + 1);
    expect(due.filter(({ isHistory }) => !isHistory).map(({ on }) => on - today)).toEqual([-3, -2, -1, 0]);
    expect(
      due
        .filter(({ isLast }) => isLast)
        .map(({ on }) => on - today)
        .at(-1),
    ).toBe(-2);
  });

  test('are none before noon of the first day', () => {
    expect(looksDue(at(11), new Set()).some(({ on }) => on === today)).toBe(false);
  });
});
