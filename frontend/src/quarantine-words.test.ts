import type { BatchResult } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import { ApiError } from './api.js';
import { codeWords, doorWords, replayFailure, replayOutcome } from './quarantine-words.js';

const result = (change: Partial<BatchResult>): BatchResult => ({
  accepted: 0,
  duplicates: 0,
  pending: 0,
  rejected: [],
  flagged: [],
  ...change,
});

test('doors and codes are told in words, unknown ones as they are', () => {
  const titleOf = (provider: string) => (provider === 'sendgrid' ? 'SendGrid' : undefined);
  expect(doorWords('events', titleOf)).toBe('Events by the API');
  expect(doorWords('sendgrid', titleOf)).toBe('SendGrid');
  expect(doorWords('mailgun', titleOf)).toBe('Mailgun');
  expect(doorWords('fax-2', titleOf)).toBe('fax-2');
  expect(codeWords('unidentified')).toBe('Nobody known behind it');
  expect(codeWords('too_odd')).toBe('Too odd');
});

test.each<[string, Partial<BatchResult>, boolean, RegExp]>([
  ['taken', { accepted: 1 }, true, /^Taken: it counts/],
  ['waiting for the engine', { pending: 1 }, true, /as soon as the database answers/],
  ['known', { duplicates: 1 }, true, /^Known already/],
  ['empty', {}, true, /nothing in it/],
  [
    'refused again',
    { rejected: [{ index: 0, code: 'invalid', detail: 'id: required' }] },
    false,
    /^Refused again: id: required\. It waits on/,
  ],
])('a replay that was %s', (_name, change, taken, words) => {
  const outcome = replayOutcome(result(change));
  expect(outcome.taken).toBe(taken);
  expect(outcome.words).toMatch(words);
});

test.each<[number, string, RegExp]>([
  [422, 'No row of the batch could be taken.', /^Refused again: names nobody\. It waits on/],
  [404, 'nothing open in quarantine', /somebody else has replayed it/],
  [403, 'This needs the scope ingest, too', /Your role may not replay rows/],
  [503, 'The database cannot answer now.', /^Not replayed\. Busy: The database cannot answer now\.$/],
])('a replay that answers %d', (status, detail, words) => {
  const fields = status === 422 ? [{ field: '[0]', reason: 'names nobody' }] : undefined;
  const error = new ApiError({ kind: 'problem', request: 'POST', status, title: 'Busy', detail, fields });
  expect(replayFailure(error)).toMatchObject({ taken: false, words: expect.stringMatching(words) });
});
