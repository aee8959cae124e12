import { describe, expect, test } from 'vitest';
import type { Cell, Level } from './cell.js';
import { grouped } from './group.js';

const item = (level: Level, stream: string, key = ''): { cell: Cell } => ({
  cell: { level, stream, key, metric: 'opt_outs' },
});
const groups = (items: { cell: Cell }[], streams = 10): string[][] =>
  grouped(
    items,
    () => 'email',
    () => streams,
  ).map((group) => [...group.streams]);

describe('what alarms together', () => {
  test('on one stream is one incident; two streams are two', () => {
    expect(groups([item('stream', 'a'), item('campaign', 'a', 'c'), item('segment', 'a', 's')])).toEqual([
      ['a'],
    ]);
    expect(groups([item('stream', 'a'), item('stream', 'b')])).toEqual([['a'], ['b']]);
  });

  test('by one campaign, or in one segment, is one incident over several streams', () => {
    expect(groups([item('campaign', 'a', 'spring'), item('campaign', 'b', 'spring')])).toEqual([['a', 'b']]);
    expect(groups([item('segment', 'a', 's'), item('segment', 'b', 's'), item('stream', 'c')])).toEqual([
      ['a', 'b'],
      ['c'],
    ]);
  });

  test('on most streams of a channel is one incident of the channel', () => {
    const all = ['a', 'b', 'c'].map((stream) => item('stream', stream));
    expect(groups(all, 4)).toEqual([['a', 'b', 'c']]);
    expect(groups(all, 6)).toHaveLength(3);
  });
});
