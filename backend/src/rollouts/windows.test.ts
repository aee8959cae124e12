import { expect, test } from 'vitest';
import type { RulesetEvent } from '../contract/rules.js';
import { windowsOf } from './windows.js';

const at = (minute: number) => `2026-10-01T12:${String(minute).padStart(2, '0')}:00.000Z`;
const event = (minute: number, what: RulesetEvent['event'], percent?: number): RulesetEvent => ({
  event: what,
  at: at(minute),
  by: `by ${minute}`,
  why: '',
  ...(percent === undefined ? {} : { percent }),
});
const windows = (...events: RulesetEvent[]) =>
  windowsOf({ id: 'v', number: 3, events }).map(({ percent, from, to, end, ended_by }) => [
    percent,
    from,
    to,
    end,
    ended_by,
  ]);

test('a version that was published to all at once was never rolled out', () => {
  expect(windows(event(0, 'created'), event(1, 'published', 100), event(2, 'superseded'))).toEqual([]);
});

test('a rollout goes on until the version is published to all, rolled back, or to another share', () => {
  expect(
    windows(
      event(0, 'created'),
      event(1, 'published', 10),
      event(2, 'backtested'),
      event(3, 'published', 50),
      event(4, 'rolled_back'),
      event(5, 'published', 20),
      event(6, 'published', 100),
      event(7, 'rolled_back'),
      event(8, 'published', 30),
    ),
  ).toEqual([
    [10, at(1), at(3), 'share_changed', 'by 3'],
    [50, at(3), at(4), 'rolled_back', 'by 4'],
    [20, at(5), at(6), 'published', 'by 6'],
    [30, at(8), null, 'running', null],
  ]);
});
