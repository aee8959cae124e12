import { expect, test } from 'vitest';
import {
  formatAgo,
  formatCompact,
  formatCount,
  formatDuration,
  formatInterval,
  formatPoints,
  formatRate,
  formatTimeLeft,
  instant,
} from './format.js';

test.each([
  [null, '–'],
  [0, '0%'],
  [0.00021, '0.021%'],
  [0.0042, '0.42%'],
  [0.0999, '9.99%'],
  [0.169, '16.9%'],
  [1, '100.0%'],
])('a rate of %s is written %s', (value, text) => {
  expect(formatRate(value, 'en-GB')).toBe(text);
});

test('numbers follow the reader’s locale', () => {
  expect(formatRate(0.0042, 'de-DE')).toBe('0,42\u00a0%');
  expect(formatCount(48_213, 'de-DE')).toBe('48.213');
  expect(formatCompact(17_700, 'en-US')).toBe('17.7K');
});

test('both ends of an interval have one precision', () => {
  expect(formatInterval(0.0038, 0.0046, 'en-GB')).toBe('0.38–0.46%');
  expect(formatInterval(0, 0.2, 'en-GB')).toBe('0.0–20.0%');
  expect(formatInterval(0.00013, 0.00033, 'en-GB')).toBe('0.013–0.033%');
  expect(formatInterval(null, null, 'en-GB')).toBe('–');
});

test('a change is in percentage points with its sign', () => {
  expect(formatPoints(0.0012, 'en-GB')).toBe('+0.12 pp');
  expect(formatPoints(-0.0012, 'en-GB')).toBe('−0.12 pp');
  expect(formatPoints(0, 'en-GB')).toBe('0.000 pp');
});

test.each([
  [null, '–'],
  [38.4, '38 ms'],
  [1240, '1.2 sec'],
  [90_000, '1.5 min'],
  [7_200_000, '2 hr'],
  [300_000_000, '3.5 days'],
])('a time of %s ms is written %s', (value, text) => {
  expect(formatDuration(value, 'en-US')).toBe(text);
});

test('an instant without a zone is UTC, as the database writes it', () => {
  expect(instant('2026-11-20 09:30:00.000')).toBe(Date.UTC(2026, 10, 20, 9, 30));
  expect(instant('2026-11-20T09:30:00Z')).toBe(Date.UTC(2026, 10, 20, 9, 30));
  expect(instant('2026-11-20T10:30:00+01:00')).toBe(Date.UTC(2026, 10, 20, 9, 30));
  expect(instant('2026-11-20')).toBe(Date.UTC(2026, 10, 20));
  expect(() => instant('yesterday')).toThrow(RangeError);
});

test('times are relative, and a clock that runs ahead puts nothing into the future', () => {
  const now = Date.UTC(2026, 10, 20, 12);
  const ago = (seconds: number) => formatAgo(now - seconds * 1000, now, 'en-US');
  expect(ago(0)).toBe('just now');
  expect(ago(-5)).toBe('just now');
  expect(ago(42)).toBe('42 sec. ago');
  expect(ago(300)).toBe('5 min. ago');
  expect(ago(7200)).toBe('2 hr. ago');
  expect(ago(86_400)).toBe('yesterday');
});

test('time left is never rounded up, and what is past is overdue', () => {
  const now = Date.UTC(2026, 10, 20, 12);
  const left = (minutes: number) => formatTimeLeft(now + minutes * 60_000, now, 'en-US');
  expect(left(0.5)).toBe('less than a minute left');
  expect(left(59.9)).toBe('59 min left');
  expect(left(119.9)).toBe('1 hr left');
  expect(left(47.9 * 60)).toBe('47 hr left');
  expect(left(3 * 1440)).toBe('3 days left');
  expect(left(-0.5)).toBe('overdue');
  expect(left(-200)).toBe('overdue by 3 hr');
  expect(left(-9 * 1440)).toBe('overdue by 9 days');
});
