import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ApiError, call, curl, rememberCsrf } from './api.js';
import { returnPath } from './session.js';

afterEach(() => vi.unstubAllGlobals());

const Answer = z.object({ rows: z.array(z.number()) });

/** Stands for the network alone: what comes back is decided by the test. */
function answering(status: number, body: unknown) {
  const fetch = vi.fn(
    async (_path: string, _init: RequestInit) =>
      new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }),
  );
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

test('an answer is parsed with its contract', async () => {
  answering(200, { rows: [1, 2], more: true });
  await expect(call(Answer, '/v1/x')).resolves.toEqual({ rows: [1, 2] });
});

test('a problem is thrown with its words, never turned into empty data', async () => {
  answering(503, { type: 'about:blank', title: 'Engine away', status: 503, detail: 'Try again.' });
  const error = await failure(call(Answer, '/v1/x?secret=1'));
  expect(error).toMatchObject({ kind: 'problem', status: 503, title: 'Engine away', request: 'GET /v1/x' });
  expect(error.message).toBe('Try again.');
  expect(error.passing).toBe(true);
});

test('an answer outside the contract is an error that names the place', async () => {
  answering(200, { rows: ['one'] });
  const error = await failure(call(Answer, '/v1/x'));
  expect(error.kind).toBe('contract');
  expect(error.message).toContain('rows.0');
  expect(error.passing).toBe(false);
});

test('an error page of a proxy and an empty answer are errors, too', async () => {
  answering(502, '<html>Bad gateway</html>');
  expect((await failure(call(Answer, '/v1/x'))).status).toBe(502);
  answering(200, '');
  expect((await failure(call(Answer, '/v1/x'))).kind).toBe('contract');
});

test('a service that cannot be reached is said to be so', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const error = await failure(call(Answer, '/v1/x'));
  expect(error).toMatchObject({ kind: 'network', status: null, passing: true });
});

test('changes carry the token of the session, questions do not', async () => {
  const fetch = answering(200, { rows: [] });
  rememberCsrf('t-1');
  await call(Answer, '/v1/x', { method: 'POST', body: { a: 1 } });
  await call(Answer, '/v1/x');
  expect(fetch.mock.calls[0]?.[1]).toMatchObject({
    body: '{"a":1}',
    credentials: 'same-origin',
    headers: { 'x-csrf-token': 't-1', 'content-type': 'application/json' },
  });
  expect(fetch.mock.calls[1]?.[1].headers).not.toHaveProperty('x-csrf-token');
});

test('the curl of a call keeps its address in one piece', () => {
  expect(curl("/v1/x?a='b'&c=d", 'https://s.example')).toBe(
    `curl -H "Authorization: Bearer $SECATEUR_KEY" \\\n  'https://s.example/v1/x?a=%27b%27&c=d'`,
  );
});

test.each([
  [undefined, '/monitor'],
  ['/monitor?range=30d', '/monitor?range=30d'],
  ['https://elsewhere.example', '/monitor'],
  ['//elsewhere.example', '/monitor'],
  ['/\\elsewhere.example', '/monitor'],
  ['/sign-in?return=%2F', '/monitor'],
])('after signing in, %s leads to %s', (wanted, path) => {
  expect(returnPath(wanted)).toBe(path);
});
