import { describe, expect, test } from 'vitest';
import { type Candidate, rankSuspects } from './suspects.js';

const one = (
  kind: Candidate['kind'],
  key: string,
  delivered: number,
  observed: number,
  expected: number,
): Candidate => ({
  kind,
  key,
  delivered,
  observed,
  expected,
});
const names = (...all: Candidate[]): string[] =>
  rankSuspects(all, 60).map(({ kind, key }) => `${kind} ${key}`);

describe('suspects', () => {
  test('a campaign before its stream, its message type and a campaign that is merely big', () => {
    const found = names(
      one('stream', 'news', 60_000, 240, 180),
      one('campaign', 'big', 50_000, 155, 150),
      one('campaign', 'bad', 10_000, 85, 30),
      one('message_type', 'offer', 60_000, 240, 180),
    );
    expect(found[0]).toBe('campaign bad');
    expect(found).toContain('campaign big');
  });

  test('a segment where it is clearly more concentrated than the campaigns', () => {
    const campaign = one('campaign', 'c', 20_000, 120, 60);
    expect(names(campaign, one('segment', 'plan:free', 4000, 70, 12))[0]).toBe('segment plan:free');
    expect(names(campaign, one('segment', 'plan:free', 16_000, 100, 48))[0]).toBe('campaign c');
  });

  test('the channel where no stream bears most of it', () => {
    const found = names(
      one('stream', 'a', 9000, 47, 27),
      one('stream', 'b', 9000, 47, 27),
      one('channel', 'email', 18_000, 94, 54),
    );
    expect(found).toEqual(['channel email', 'stream a', 'stream b']);
  });

  test('what lies under the usual is none', () => {
    expect(names(one('campaign', 'good', 1000, 1, 3))).toEqual([]);
  });
});
