import { HttpException } from '@nestjs/common';
import { EngineAwayError, QueryFailedError } from '@secateur/sql';
import { expect, test } from 'vitest';
import { Problem } from './contract/problems.js';
import * as errors from './errors.js';
import { errorFields } from './log.js';
import { answerTo } from './problem.js';

test.each([
  [new errors.InvalidInputError('Some fields cannot be used.', [{ field: 'id', reason: 'is missing' }]), 400],
  [new errors.UnauthenticatedError('Who?'), 401],
  [new errors.ForbiddenError('This needs the scope edit.'), 403],
  [new errors.NotFoundError('No such stream'), 404],
  [new errors.ConflictError('Was published meanwhile'), 409],
  [new errors.TooLargeError('Too many rows'), 413],
  [new errors.UnsupportedMediaError('Send JSON'), 415],
  [new errors.BusyError('Too much', 3), 429],
  [new EngineAwayError('auth/users', null, 'ECONNREFUSED'), 503],
  [new QueryFailedError('auth/users', 60, 'UNKNOWN_TABLE'), 500],
  [new Error('anything'), 500],
  ['thrown text', 500],
])('answers %s with a problem of status %d', (error, status) => {
  const { problem, unexpected } = answerTo(error, 'the-id');
  expect(Problem.parse(problem)).toEqual(problem);
  expect(problem.status).toBe(status);
  expect(unexpected).toBe(status === 500);
});

test('says when to try again', () => {
  expect(answerTo(new errors.BusyError('Too much', 2.2), 'x').headers).toEqual({ 'Retry-After': '3' });
  expect(answerTo(new EngineAwayError('q', 241, 'MEMORY_LIMIT_EXCEEDED'), 'x').headers).toHaveProperty(
    'Retry-After',
  );
});

test('names the scheme to someone unknown', () => {
  expect(answerTo(new errors.UnauthenticatedError('Who?'), 'x').headers['WWW-Authenticate']).toContain(
    'Bearer',
  );
});

test('tells the id of what went wrong and nothing else', () => {
  const { problem } = answerTo(new Error('person@example.com is in the way'), 'the-id');
  expect(problem.detail).toContain('the-id');
  expect(JSON.stringify(problem)).not.toContain('person@');
});

test("does not repeat the framework's words, which quote the address", () => {
  const { problem } = answerTo(new HttpException('Cannot GET /u/token', 404), 'x');
  expect(JSON.stringify(problem)).not.toContain('token');
});

test('logs an error without what a person may have sent', () => {
  const error = new Error(
    'Cannot parse "secret text" of person@example.com, +49 151 1234567, sk_0123456789abcdef_zzzzzzzzzzz',
  );
  const text = JSON.stringify(errorFields(error));
  expect(text).toContain('Cannot parse');
  for (const part of ['secret', 'person', '151', '0123456789abcdef']) expect(text).not.toContain(part);
  expect(text).toContain('problem.test.ts');
});
