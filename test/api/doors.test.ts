import { connect } from 'node:net';
import { Problem, Session } from '@secateur/backend/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';

const password = 'a long enough password';
const origin = 'http://localhost:3000';
let service: RunningApp;
/** Everything the service wrote while these tests ran. */
const logged: string[] = [];

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => logged.push(String(text)) > 0);
  }
  service = await startApp({ logLevel: 'debug', publicUrl: origin });
});
afterAll(async () => {
  await service.stop();
  vi.restoreAllMocks();
});

async function problem(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const body = Problem.parse(await response.json());
  expect(body.status).toBe(response.status);
  return body;
}

const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});

async function newKey(scopes: string[]): Promise<{ id: string; key: string }> {
  const response = await service.request('/v1/keys', json({ name: 'test', scopes }));
  expect(response.status).toBe(201);
  return (await response.json()) as { id: string; key: string };
}

/** A fresh setup link, from which the password is not yet set. */
async function setupToken(): Promise<string> {
  const { Setup } = await import('@secateur/backend/app');
  const { admin_link } = await service.app.get(Setup).prepare();
  return new URL(admin_link ?? '').searchParams.get('token') ?? '';
}

test('is healthy and ready without a key', async () => {
  const anyone = { headers: { authorization: '' } };
  expect(await (await service.request('/healthz', anyone)).json()).toEqual({ alive: true });
  expect(await (await service.request('/readyz', anyone)).json()).toMatchObject({
    ready: true,
    engine: { answers: true },
  });
});

test.each([
  ['no key', ''],
  ['a wrong key', 'Bearer sk_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['another scheme', 'Basic YWRtaW46YWRtaW4='],
])('answers 401 to %s and says how', async (_, authorization) => {
  const response = await service.request('/v1/keys', { headers: { authorization } });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toContain('Bearer');
  expect((await problem(response)).detail).toContain('key');
});

test('a key opens what its scopes say, and the missing scope is named', async () => {
  const { key } = await newKey(['ingest']);
  const response = await service.request('/v1/keys', { headers: { authorization: `Bearer ${key}` } });
  expect(response.status).toBe(403);
  expect((await problem(response)).detail).toContain('admin');
});

test('a revoked key opens nothing, and one that was not revoked still does', async () => {
  const [revoked, kept] = [await newKey(['admin']), await newKey(['admin'])];
  const use = (key: string) => service.request('/v1/keys', { headers: { authorization: `Bearer ${key}` } });
  expect((await use(revoked.key)).status).toBe(200);
  const answer = await service.request(`/v1/keys/${revoked.id}`, { method: 'DELETE' });
  expect(await answer.json()).toMatchObject({ id: revoked.id, revoked: true });
  expect((await use(revoked.key)).status).toBe(401);
  expect((await use(kept.key)).status).toBe(200);
});

test('keys are stored as hashes and listed without them', async () => {
  const { key, id } = await newKey(['read']);
  const secret = key.split('_').slice(2).join('_');
  const rows = await service.engine.query('auth/api_keys', {});
  expect(rows.find((row) => row.id === id)?.hash).toMatch(/^[0-9a-f]{64}$/);
  const listed = await (await service.request('/v1/keys')).text();
  expect(listed).toContain(id);
  for (const text of [JSON.stringify(rows), listed]) expect(text).not.toContain(secret);
});

test('the setup link works once, and then the password does', async () => {
  const token = await setupToken();
  const setup = (with_: string) =>
    service.request('/v1/session/setup', json({ token: with_, password }, { authorization: '' }));
  expect((await setup('not-the-token')).status).toBe(401);
  const first = await setup(token);
  expect(first.status).toBe(200);
  expect(Session.parse(await first.json())).toMatchObject({ user: 'admin', roles: ['admin'] });
  expect((await problem(await setup(token))).status).toBe(401);

  const { Setup } = await import('@secateur/backend/app');
  expect(await service.app.get(Setup).prepare()).toEqual({});
  const [user] = await service.engine.query('auth/users', {});
  expect(user?.password).toMatch(/^scrypt\$/);
});

async function signIn(): Promise<{ cookie: string; setCookie: string; csrf: string }> {
  const response = await service.request(
    '/v1/session',
    json({ user: 'admin', password }, { authorization: '' }),
  );
  expect(response.status).toBe(200);
  const setCookie = response.headers.get('set-cookie') ?? '';
  return {
    setCookie,
    cookie: setCookie.split(';')[0] ?? '',
    csrf: Session.parse(await response.json()).csrf,
  };
}

test('a wrong password and an unknown user get the same answer', async () => {
  const attempt = async (user: string) => {
    const response = await service.request(
      '/v1/session',
      json({ user, password: 'wrong' }, { authorization: '' }),
    );
    return [response.status, await response.text()];
  };
  expect(await attempt('admin')).toEqual(await attempt('nobody'));
});

test('the cookie is out of reach of scripts and other sites', async () => {
  const { setCookie } = await signIn();
  expect(setCookie).toMatch(/^secateur=.+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
});

test('a session reads with its cookie and changes only with its token', async () => {
  const { cookie, csrf } = await signIn();
  const change = (headers: Record<string, string>) =>
    service.request(
      '/v1/keys',
      json({ name: 'from a session', scopes: ['read'] }, { authorization: '', cookie, ...headers }),
    );
  expect((await service.request('/v1/keys', { headers: { authorization: '', cookie } })).status).toBe(200);
  expect((await problem(await change({}))).detail).toContain('X-CSRF-Token');
  expect((await change({ 'x-csrf-token': `${csrf.slice(1)}A` })).status).toBe(403);
  expect((await change({ 'x-csrf-token': csrf, origin: 'https://elsewhere.example' })).status).toBe(403);
  expect((await change({ 'x-csrf-token': csrf, origin: 'null' })).status).toBe(403);
  expect((await change({ 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await change({ 'x-csrf-token': csrf, origin })).status).toBe(201);
  expect((await change({ 'x-csrf-token': csrf, origin: service.url })).status).toBe(201);
});

test('a wrong key is not made up for by a cookie', async () => {
  const { cookie } = await signIn();
  expect(
    (await service.request('/v1/keys', { headers: { authorization: 'Bearer wrong', cookie } })).status,
  ).toBe(401);
});

test('signing out ends the session everywhere, and signing in again at once works', async () => {
  const [first, second] = [await signIn(), await signIn()];
  const who = (cookie: string) => service.request('/v1/session', { headers: { authorization: '', cookie } });
  expect((await who(first.cookie)).status).toBe(200);
  const headers = { authorization: '', cookie: first.cookie, 'x-csrf-token': first.csrf };
  const out = await service.request('/v1/session', { method: 'DELETE', headers });
  expect(out.status).toBe(204);
  expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
  expect((await who(first.cookie)).status).toBe(401);
  expect((await who(second.cookie)).status).toBe(401);
  expect((await who((await signIn()).cookie)).status).toBe(200);
});

test('malformed JSON is refused with its position and without its text', async () => {
  const response = await service.request('/v1/keys', json('{"name": "hidden",\n  "scopes": [}'));
  expect(response.status).toBe(400);
  const { errors } = await problem(response);
  expect(errors).toEqual([
    { field: 'body', reason: 'is not JSON at line 2, column 14 (position 32): expected value or ]' },
  ]);
});

test('each wrong field is named', async () => {
  const response = await service.request('/v1/keys', json({ name: '', scopes: ['fly'], more: 1 }));
  expect(response.status).toBe(400);
  const fields = (await problem(response)).errors?.map(({ field }) => field);
  expect(fields?.sort()).toEqual(['more', 'name', 'scopes[0]']);
});

test.each(['text/csv', 'application/x-www-form-urlencoded', 'no media type at all', ';;;'])(
  'a body of type %s where JSON is needed is refused as such',
  async (type) => {
    const response = await service.request('/v1/keys', json('a=b', { 'content-type': type }));
    expect(response.status).toBe(415);
    expect((await problem(response)).detail).toContain('application/json');
  },
);

test('a body over 8 MiB is refused with 413', async () => {
  const response = await service.request('/v1/keys', json(`"${'x'.repeat(9 * 1024 * 1024)}"`));
  expect(response.status).toBe(413);
  expect((await problem(response)).detail).toContain('8 MiB');
});

describe('8 MiB of brackets', () => {
  const brackets = '['.repeat(8 * 1024 * 1024);
  const parse = vi.spyOn(JSON, 'parse');
  const parsed = () => parse.mock.calls.filter(([text]) => String(text).length > 100_000).length;
  beforeEach(() => void parse.mockClear());
  afterAll(() => parse.mockRestore());
  /** In pieces, so that no header tells the length. */
  const unannounced = (): RequestInit => ({
    ...json('', { authorization: '' }),
    body: new Blob([brackets]).stream(),
    duplex: 'half',
  });

  test.each([
    ['without a key', ''],
    ['with a wrong one', 'Bearer wrong'],
  ])('%s are answered 401 and not parsed', async (_, authorization) => {
    const response = await service.request('/v1/events', json(brackets, { authorization }));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    await problem(response);
    expect((await service.request('/v1/events', unannounced())).status).toBe(401);
    expect(parsed()).toBe(0);
  });

  test.each(['/v1/session', '/v1/session/setup', '/v1/nothing', '/nothing'])(
    'sent to %s are answered 413 and not parsed',
    async (path) => {
      for (const init of [json(brackets, { authorization: '' }), unannounced()]) {
        const response = await service.request(path, init);
        expect(response.status).toBe(413);
        expect((await problem(response)).detail).toContain('16 KiB');
      }
      expect(parsed()).toBe(0);
    },
  );

  test('with a key are parsed once', async () => {
    const response = await service.request('/v1/events', json(brackets));
    expect(response.status).toBe(400);
    expect((await problem(response)).detail).toContain('is not JSON after position 65537');
    expect(parsed()).toBe(1);
  });
});

test('an unknown route is 404, a known one with another method 405 with what it takes', async () => {
  expect((await problem(await service.request('/v1/nothing/here'))).status).toBe(404);
  const response = await service.request('/v1/keys', { method: 'PUT' });
  expect((await problem(response)).status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
  expect((await service.request('/v1/session/setup')).status).toBe(405);
});

test('an address that cannot be decoded is a problem too', async () => {
  const response = await service.request('/v1/%zz');
  expect((await problem(response)).status).toBe(400);
});

test('what is no HTTP at all gets no answer that helps', async () => {
  const { port } = new URL(service.url);
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('close', () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
});

test('every answer forbids frames, scripts from elsewhere, sniffing and referrers', async () => {
  for (const path of ['/healthz', '/v1/nothing', '/', '/docs']) {
    const { headers } = await service.request(path);
    expect(headers.get('content-security-policy')).toContain("default-src 'none';script-src 'self'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
  expect((await service.request('/v1/keys')).headers.get('cache-control')).toBe('no-store');
});

test('the API describes itself', async () => {
  const document = (await (await service.request('/docs/openapi.json')).json()) as {
    paths: Record<string, object>;
  };
  expect(Object.keys(document.paths)).toContain('/v1/session/setup');
  expect(JSON.stringify(document.paths['/v1/keys'])).toContain('"enum":["ingest"');
});

test('signing in is limited by address, and says when to try again', async () => {
  const attempt = () =>
    service.request('/v1/session', json({ user: 'x', password: 'y' }, { authorization: '' }));
  let response = await attempt();
  for (let each = 0; each < 12 && response.status !== 429; each++) response = await attempt();
  expect((await problem(response)).status).toBe(429);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
});

// Runs last: it reads what all the others made the service write.
test('no key, token, password, cookie or address stands in the log', async () => {
  const { key } = await newKey(['read']);
  await service.request(`/u/${'t'.repeat(60)}?x=person@example.com`);
  await service.request('/setup?token=in-the-address', { headers: { authorization: `Bearer ${key}` } });
  const text = logged.join('');
  expect(text).toContain('"message":"request"');
  const secrets = [
    service.key,
    key,
    password,
    'in-the-address',
    'person@example.com',
    'tttttttt',
    'secateur=',
  ];
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/sk_[0-9a-f]{16}_/);
});
