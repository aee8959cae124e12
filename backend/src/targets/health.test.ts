import { describe, expect, test } from 'vitest';
import { Health } from './health.js';
import { Pace, waitBefore } from './pace.js';
import { verdictOf, worst } from './verdict.js';

const pace = { firstWait: 1000, mostWait: 300_000, refusedInARow: 2 };

describe('the wait before the next try', () => {
  test('doubles from one second to five minutes, half of it at random', () => {
    const waits = (random: number) =>
      [1, 2, 3, 9, 10, 50, 5000].map((tries) => waitBefore(tries, new Pace(), random));
    expect(waits(0)).toEqual([500, 1000, 2000, 128_000, 150_000, 150_000, 150_000]);
    expect(waits(0.5)).toEqual([750, 1500, 3000, 192_000, 225_000, 225_000, 225_000]);
    for (const [index, most] of [1000, 2000, 4000, 256_000, 300_000].entries())
      expect(waits(0.999_999)[index]).toBeCloseTo(most, -1);
  });
});

describe('a target', () => {
  test('is away after a failure, for longer with each probe that fails, and back with an answer', () => {
    const health = new Health(pace);
    expect([health.isAway, health.resumesAt]).toEqual([false, -Infinity]);
    health.failed(health.round, 10_000, 0, 0);
    expect([health.isAway, health.resumesAt]).toEqual([true, 10_500]);
    health.failed(health.round, 20_000, 0, 0);
    expect(health.resumesAt).toBe(21_000);
    health.acknowledged(health.round);
    expect([health.isAway, health.resumesAt]).toEqual([false, -Infinity]);
  });

  test('fails once when the calls that were out fail together, and is not back because one of them succeeds', () => {
    const health = new Health(pace);
    const { round } = health;
    for (let call = 0; call < 16; call++) health.failed(round, 10_000, 0, 0);
    expect(health.resumesAt).toBe(10_500);
    health.acknowledged(round);
    health.refused(round, { isGivenUp: false });
    expect([health.isAway, health.resumesAt]).toEqual([true, 10_500]);
  });

  test('is left alone for as long as it asks', () => {
    const health = new Health(pace);
    const { round } = health;
    health.failed(round, 10_000, 60_000, 0);
    expect(health.resumesAt).toBe(70_000);
    health.failed(round, 11_000, 90_000, 0);
    expect(health.resumesAt).toBe(101_000);
  });

  test('refuses all when so many were given up one after the other, until it takes one', () => {
    const health = new Health(pace);
    const refuse = (isGivenUp: boolean) => health.refused(health.round, { isGivenUp });
    for (const isGivenUp of [false, true, false]) refuse(isGivenUp);
    expect(health.refusesAll).toBe(false);
    refuse(true);
    expect(health.refusesAll).toBe(true);
    health.acknowledged(health.round);
    expect(health.refusesAll).toBe(false);
  });
});

describe('an answer', () => {
  const now = Date.parse('2026-11-20T10:00:00Z');
  test.each([
    [[200, 201, 202, 204, 299], 'acknowledged'],
    [[400, 402, 404, 405, 409, 413, 422, 451], 'refused'],
    [[301, 302, 307, 308, 401, 403, 408, 425, 429, 500, 502, 503, 504, 599], 'away'],
    [[410], 'gone'],
  ] as const)('of %j means %s', (statuses, kind) => {
    for (const status of statuses) expect([status, verdictOf(status, {}, now).kind]).toEqual([status, kind]);
  });

  test.each([
    ['seconds', { 'retry-after': '120' }, 120_000],
    ['a date', { 'retry-after': 'Fri, 20 Nov 2026 10:01:00 GMT' }, 60_000],
    ['a date that is over', { 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' }, 0],
    ['a year', { 'retry-after': '31536000' }, 24 * 3_600_000],
    ['the reset of SendGrid', { 'x-ratelimit-reset': String(now / 1000 + 30) }, 30_000],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['nothing', {}, undefined],
  ])('asks by %s to be left alone', (_, headers, expected) => {
    expect(verdictOf(429, headers, now).retryAfterMs).toBe(expected);
    expect(verdictOf(503, headers, now).retryAfterMs).toBe(expected);
  });

  test('of several counts by the worst', () => {
    const [ok, no, away] = [200, 400, 500].map((status) => verdictOf(status, {}, now));
    if (ok === undefined || no === undefined || away === undefined) throw new Error('none');
    expect(worst([ok, no, ok])).toBe(no);
    expect(worst([away, no, ok])).toBe(away);
    expect(worst([])).toBeUndefined();
  });
});
