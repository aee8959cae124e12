import type { TimeToHonour } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import { honourWords } from './honour.js';

const now = Date.UTC(2026, 10, 20, 12);
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
const honour = (change: Partial<TimeToHonour>): TimeToHonour => ({
  from: '',
  to: '',
  as_of: '',
  query: 'targets/time_to_honour',
  decisions: 1204,
  honoured: 1204,
  waiting: 0,
  oldest_waiting_at: null,
  dead: 0,
  p50_ms: 200,
  p99_ms: 900,
  targets: [],
  ...change,
});

test.each<[string, Partial<TimeToHonour>, string, string, boolean]>([
  ['all are acknowledged', {}, '1,204 of 1,204 acknowledged', '', false],
  ['nobody had to be told', { decisions: 0, honoured: 0 }, 'nobody had to be told', '', false],
  [
    'some are on their way',
    { honoured: 1202, waiting: 2, oldest_waiting_at: ago(2) },
    '1,202 of 1,204 acknowledged',
    '2 still wait',
    false,
  ],
  [
    'one is late',
    { honoured: 1203, waiting: 1, oldest_waiting_at: ago(61) },
    '1,203 of 1,204 acknowledged',
    '1 still waits',
    true,
  ],
  [
    'one was given up',
    { honoured: 1201, waiting: 2, oldest_waiting_at: ago(2), dead: 1 },
    '1,201 of 1,204 acknowledged',
    '2 still wait · 1 given up',
    true,
  ],
])('of the requests that others have to honour %s', (_name, change, foot, owed, isLate) => {
  expect(honourWords(honour(change), now, 'en')).toEqual({ foot, owed, isLate });
});
