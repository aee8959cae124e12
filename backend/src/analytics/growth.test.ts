import { expect, test } from 'vitest';
import { grownBy, reachAtEnds } from './growth.js';

const first = '2026-11-01T00:00:00Z';
const second = '2026-11-02T00:00:00Z';
const third = '2026-11-03T00:00:00Z';
const flows = [
  { stream: 'news', at: first, began: 5, ended: 1 },
  { stream: 'news', at: second, began: 0, ended: 2 },
  { stream: 'offers', at: second, began: 1, ended: 9 },
  { stream: 'texts', at: second, began: 0, ended: 0 },
];
const channel = (stream: string) => [stream === 'texts' ? 'sms' : 'email', ''] as const;

test('flows of streams are added up by channel, and where nothing flowed there is no row', () => {
  expect(grownBy(flows, channel, 'none')).toEqual([{ keys: ['email', ''], at: '', began: 6, ended: 12 }]);
  expect(grownBy(flows, channel, 'bucket')).toEqual([
    { keys: ['email', ''], at: second, began: 1, ended: 11 },
    { keys: ['email', ''], at: first, began: 5, ended: 1 },
  ]);
});

test('the row in which most happened comes first, whichever way', () => {
  const rows = grownBy(flows, (stream) => [stream, ''], 'none');
  expect(rows.map(({ keys }) => keys[0])).toEqual(['offers', 'news']);
});

test('reach at the end of a bucket is what is left at the end, without what has come since', () => {
  const ends = reachAtEnds(20, [first, second, third], grownBy(flows, channel, 'bucket'));
  expect(ends).toEqual([
    { at: first, spells: 30 },
    { at: second, spells: 20 },
    { at: third, spells: 20 },
  ]);
  expect(reachAtEnds(7, [], [])).toEqual([]);
});
