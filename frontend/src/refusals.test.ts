import { expect, test } from 'vitest';
import { ApiError } from './api.js';
import { mappingRefusal, refusalSentence } from './refusals.js';

const forbidden = 'Only administrators may do this.';
const refused = (status: number, detail: string, fields?: { field: string; reason: string }[]) =>
  new ApiError({ kind: 'problem', request: 'PUT /v1/x', status, title: 'Refused', detail, fields });

test('a role that may not is told in a sentence, another 403 in its own words', () => {
  expect(refusalSentence(refused(403, 'This needs the scope admin.'), forbidden)).toBe(forbidden);
  expect(refusalSentence(refused(403, 'The request comes from another site.'), forbidden)).toBe(
    'Refused: The request comes from another site.',
  );
});

test('a wrong field is told by its reason, trouble of the service by title and detail', () => {
  const field = { field: 'secrets', reason: 'must hold one before the provider can be enabled' };
  expect(refusalSentence(refused(400, 'secrets must …', [field]), forbidden)).toBe(
    'Must hold one before the provider can be enabled.',
  );
  expect(refusalSentence(refused(503, 'Try again.'), forbidden)).toBe('Refused: Try again.');
  expect(refusalSentence(new Error('lost'), forbidden)).toBe('lost');
});

const nameOf = (key: string) => ({ gazette: 'Gazette by e-mail', offers: 'Offers by e-mail' })[key] ?? key;

test('a stream that inherits elsewhere is named with its parent', () => {
  const detail =
    'streams[0]: gazette inherits from offers; what people said to sendgrid:asm:80 would not reach it';
  expect(mappingRefusal(refused(409, detail), ['gazette'], nameOf)).toBe(
    'Gazette by e-mail inherits from Offers by e-mail already, so what people said to this group would not reach it.',
  );
});

test('a conflict of another kind is told as it is', () => {
  expect(mappingRefusal(refused(409, 'it is being changed'), [], nameOf)).toBe('It is being changed.');
});

test('the stream at fault is named, not counted', () => {
  const field = { field: 'streams[1]', reason: 'is a stream of sms, not email' };
  expect(mappingRefusal(refused(400, '…', [field]), ['offers', 'gazette'], nameOf)).toBe(
    'Gazette by e-mail: is a stream of sms, not email.',
  );
});

test('who may not map is told who may', () => {
  expect(mappingRefusal(refused(403, 'This needs the scope edit.'), [], nameOf)).toMatch(
    /^Only editors and administrators/,
  );
});
