import type { Receipt } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import {
  lagWords,
  receiptWords,
  retriesOutcome,
  retryOutcome,
  type Target,
  targetState,
  testOutcome,
} from './target-words.js';

const now = Date.UTC(2026, 10, 20, 12);
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

function target(change: Partial<Target> = {}, summary: Partial<Target['summary']> = {}): Target {
  return {
    id: 't',
    kind: 'webhook',
    name: 'Warehouse',
    url: 'https://hooks.example',
    options: {},
    enabled: true,
    disabled_for: '',
    since: '0',
    created_at: ago(9000),
    changed_at: ago(9000),
    old_secret_until: null,
    summary: {
      waiting: 0,
      oldest_waiting_at: null,
      dead: 0,
      acknowledged: 0,
      last_acknowledged_at: null,
      p50_lag_ms: null,
      p99_lag_ms: null,
      last_failure: null,
      ...summary,
    },
    ...change,
  };
}

const failure = { at: ago(3), status: 503, detail: 'answered 503' };

test.each<[string, Target, string, string]>([
  ['nothing was ever told', target(), 'Nothing to tell yet', 'good'],
  ['all is acknowledged', target({}, { acknowledged: 3 }), 'Up to date', 'good'],
  ['it catches up', target({}, { waiting: 2, oldest_waiting_at: ago(5) }), '2 waiting', 'good'],
  ['it is late', target({}, { waiting: 2, oldest_waiting_at: ago(90) }), '2 waiting', 'warn'],
  [
    'it does not answer',
    target({}, { waiting: 1200, oldest_waiting_at: ago(5), last_failure: failure }),
    'Away, 1,200 waiting',
    'bad',
  ],
  ['somebody switched it off', target({ enabled: false }, { waiting: 5 }), 'Switched off', 'warn'],
  [
    'it wanted no more',
    target({ enabled: false, disabled_for: 'the target answered 410' }),
    'Disabled',
    'bad',
  ],
])('a target of which %s', (_name, one, short, tone) => {
  expect(targetState(one, now, 'en')).toMatchObject({ short, tone });
});

test('a target that is away says what it answered last, and since when the oldest waits', () => {
  const state = targetState(
    target({}, { waiting: 1, oldest_waiting_at: ago(5), last_failure: failure }),
    now,
  );
  expect(state).toMatchObject({ sentence: 'Answered 503.', since: ago(5) });
});

test('lags are told with their count, and nothing is not a lag of 0', () => {
  const { summary } = target({}, { acknowledged: 1204, p50_lag_ms: 180, p99_lag_ms: 1240 });
  expect(lagWords(summary, 'en-US')).toBe('p50 180 ms · p99 1.2 sec · 1,204 in 7 days');
  expect(lagWords(target().summary)).toBe('nothing acknowledged in 7 days');
});

const receipt = (change: Partial<Receipt>): Receipt => ({
  target: 't',
  target_name: 'Warehouse',
  kind: 'webhook',
  state: 'waiting',
  attempts: 0,
  first_sent_at: null,
  acknowledged_at: null,
  lag_ms: null,
  status: null,
  detail: '',
  ...change,
});

test.each<[Partial<Receipt>, string, string]>([
  [{ state: 'acknowledged', attempts: 1, lag_ms: 400 }, 'acknowledged after 400 ms', ''],
  [{ state: 'acknowledged', attempts: 3, lag_ms: 65_000 }, 'acknowledged after 1.1 min', 'at the third try'],
  [{ state: 'sent', attempts: 1 }, 'sent, not answered yet', ''],
  [{ state: 'dead', attempts: 4, detail: 'answered 422' }, 'given up after 4 tries', 'answered 422'],
  [{ state: 'waiting' }, 'waiting', ''],
  [{ state: 'waiting', attempts: 1, detail: 'answered 503' }, 'waiting', '1 try, the last answered 503'],
])('the receipt %j', (change, words, detail) => {
  expect(receiptWords(receipt(change), 'en-US')).toMatchObject({ words, detail });
});

test('a test, a retry and several retries say whether word was taken', () => {
  expect(testOutcome({ ok: true, status: 204, detail: 'answered 204', milliseconds: 38 }, 'en-US')).toEqual({
    taken: true,
    words: 'It would take word: answered 204, after 38 ms.',
  });
  expect(testOutcome({ ok: false, status: null, detail: 'no connection', milliseconds: 5 }).taken).toBe(
    false,
  );
  expect(retryOutcome({ state: 'dead', detail: 'answered 422' }).words).toBe(
    'Not taken: answered 422. It stays here.',
  );
  const outcomes = [
    { taken: true, words: '' },
    { taken: false, words: '' },
  ];
  expect(retriesOutcome(outcomes).words).toBe('1 acknowledged, 1 not taken: they stay here.');
  expect(retriesOutcome(outcomes.slice(0, 1))).toEqual({ taken: true, words: '1 acknowledged.' });
});
