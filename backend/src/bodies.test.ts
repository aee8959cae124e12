import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBodies } from './bodies.js';

let app: FastifyInstance;
beforeEach(() => {
  app = fastify();
  readBodies(app);
  for (const url of ['/u/:token', '/v1/echo']) {
    app.post(url, ({ body, rawBody }) => ({
      bytes: Buffer.isBuffer(body) ? body.toString('latin1') : null,
      parsed: Buffer.isBuffer(body) ? null : (body ?? null),
      raw: rawBody?.toString('latin1') ?? null,
    }));
  }
});
afterEach(() => app.close());

async function post(url: string, payload: string | Buffer | undefined, type?: string) {
  const headers = type === undefined ? {} : { 'content-type': type };
  const response = await app.inject({ method: 'POST', url, payload, headers });
  return { status: response.statusCode, ...response.json() };
}

const oneClick = 'List-Unsubscribe=One-Click';

test.each([
  undefined,
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=iso-8859-1',
  'multipart/form-data; boundary="a b"',
  'multipart/form-data; boundary=----=_Part_0_1.2',
  'multipart/form-data',
  'text/plain',
  'application/json',
  'application/JSON; charset=utf-8',
  'message/rfc822',
  'unknown',
  '/',
  'a/b/c',
  'application/x-www-form-urlencoded, application/x-www-form-urlencoded',
  '',
])('a one-click POST of type %j reaches its route as it was sent', async (type) => {
  expect(await post('/u/token', oneClick, type)).toEqual({
    status: 200,
    bytes: oneClick,
    parsed: null,
    raw: oneClick,
  });
});

test('a one-click POST without a body reaches its route', async () => {
  expect(await post('/u/token', undefined)).toMatchObject({ status: 200, bytes: null });
  expect(await post('/u/token', '', 'application/x-www-form-urlencoded')).toMatchObject({ status: 200 });
});

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'application/cloudevents-batch+json',
  'application/vnd.x+json',
])('%s is parsed and its bytes are kept', async (type) => {
  expect(await post('/v1/echo', '[ 1 ]', type)).toEqual({
    status: 200,
    bytes: null,
    parsed: [1],
    raw: '[ 1 ]',
  });
});

test.each(['application/x-ndjson', 'text/csv', 'application/jsonish'])(
  '%s is left as it is',
  async (type) => {
    expect(await post('/v1/echo', '{"a":1}\n{', type)).toMatchObject({ bytes: '{"a":1}\n{', parsed: null });
  },
);

test('a byte order mark is no fault, and an empty body is none', async () => {
  expect(await post('/v1/echo', '\ufeff{"a":1}', 'application/json')).toMatchObject({
    status: 200,
    parsed: { a: 1 },
  });
  expect(await post('/v1/echo', '', 'application/json')).toMatchObject({ status: 200, parsed: null });
});

test('of a stranger no more than 16 KiB are parsed, and an opt-out is not parsed at all', async () => {
  const long = `["${'x'.repeat(17 * 1024)}"]`;
  const { status, message } = await post('/v1/echo', long, 'application/json');
  expect(status).toBe(500); // Without the problem filter.
  expect(message).toContain('16 KiB');
  expect(await post('/u/token', long, 'application/json')).toMatchObject({ status: 200, bytes: long });
});

test('a name that would reach into prototypes is refused', async () => {
  const response = await post('/v1/echo', '{"__proto__":{"admin":true}}', 'application/json');
  expect(response.message).toContain('__proto__');
  expect(await post('/v1/echo', '{"note":"__proto__"}', 'application/json')).toMatchObject({ status: 200 });
});
