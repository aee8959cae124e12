import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';

// RFC 8058 against the whole service: real routes, journal, engine and ledger. The corners of bodies and headers stand
// beside the source (backend/src/preferences/one-click.http.test.ts).

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  for (const [key, stream] of Object.entries(streams)) {
    const definition = {
      ...stream,
      class: 'commercial',
      brand: 'Rosewood',
      title: key,
      all_option_shown: true,
    };
    await call('PUT', `/v1/streams/${key}`, { ...definition, legal_basis: 'consent', regime: 'opt_out' });
  }
});
afterAll(() => app.stop());

const streams = {
  promotions: { channel: 'email', category: 'promotions', origin: 'shop' },
  newsletter: { channel: 'email', category: 'newsletter', origin: 'shop' },
  texts: { channel: 'sms', category: 'promotions', origin: 'shop' },
} as const;

const PAIR = 'List-Unsubscribe=One-Click';

async function call(method: string, path: string, body: unknown): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  const response = await app.request(path, { method, headers, body: JSON.stringify(body) });
  if (response.status >= 300) throw new Error(`${method} ${path} answered ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

/** A new subscriber in the US with one delivered message, and the path of that message's link. */
async function subscriberWithLink(id: string): Promise<string> {
  await call('POST', '/v1/subscribers', [{ id, email: `${id}@example.com`, jurisdiction: 'US' }]);
  const message = { ...streams.promotions, campaign: 'bf-2026', message_id: `m-${id}` };
  await call('POST', '/v1/events', [{ id: `d-${id}`, type: 'delivered', subscriber: id, ...message }]);
  const link = await call('POST', '/v1/links', {
    subscriber: id,
    message,
    all_option_shown: true,
    legal_basis: 'consent',
  });
  return new URL(String(link.url)).pathname;
}

async function allowed(id: string): Promise<string[]> {
  const keys = await Promise.all(
    Object.entries(streams).map(async ([key, message]) => {
      const { results } = await call('POST', '/v1/permissions/check', { message, subscribers: [id] });
      return (results as { allowed: boolean }[])[0]?.allowed ? [key] : [];
    }),
  );
  return keys.flat();
}

async function decisions(): Promise<Record<string, unknown>[]> {
  const response = await app.request('/v1/decisions?limit=999');
  return ((await response.json()) as { decisions: Record<string, unknown>[] }).decisions;
}

async function decision(id: unknown): Promise<Record<string, unknown>> {
  return (await (await app.request(`/v1/decisions/${id}`)).json()) as Record<string, unknown>;
}

/** Sends these bytes over a socket of their own and reads until the service closes it. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => socket.write(bytes, 'latin1'));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

function request(method: string, path: string, body = '', headers: readonly string[] = []): string {
  const length = method === 'POST' ? [`Content-Length: ${body.length}`] : [];
  return [
    `${method} ${path} HTTP/1.1`,
    'Host: mail.example.com',
    'Connection: close',
    ...headers,
    ...length,
    '',
    body,
  ].join('\r\n');
}

const status = (answer: string) => Number(answer.split(' ')[1]);
const header = (answer: string, name: string) =>
  new RegExp(`^${name}: (.*)$`, 'im').exec(answer)?.[1]?.trim();

describe('RFC 8058 through the whole service', () => {
  it('INV-8058-3, -5 the literal multipart example stops the one stream, attributed to its message', async () => {
    const path = await subscriberWithLink('u-multipart');
    const body = [
      '---FormBoundaryjWmhtjORrn',
      'Content-Disposition: form-data; name="List-Unsubscribe"',
      '',
      'One-Click',
      '---FormBoundaryjWmhtjORrn--',
      '',
    ].join('\r\n');
    const type = 'Content-Type: multipart/form-data; boundary=---FormBoundaryjWmhtjORrn';
    const answer = await raw(request('POST', path, body, [type]));
    expect(status(answer)).toBe(200);
    expect(await allowed('u-multipart')).toEqual(['newsletter', 'texts']);
    const [summary] = await decisions();
    expect(await decision(summary?.id)).toMatchObject({
      subscriber: 'u-multipart',
      trigger: 'one_click_unsubscribe',
      asked: 'this',
      streams_stopped: ['promotions'],
      attributed: { message_id: 'm-u-multipart', campaign: 'bf-2026' },
      flags: expect.arrayContaining(['possible_complaint']),
    });
  });

  it('INV-8058-5 urlencoded with JSON or no Content-Type at all', async () => {
    const paths = [await subscriberWithLink('u-json'), await subscriberWithLink('u-none')];
    for (const [index, headers] of [['Content-Type: application/json'], []].entries()) {
      expect(status(await raw(request('POST', paths[index] ?? '', PAIR, headers)))).toBe(200);
    }
    expect(await allowed('u-json')).not.toContain('promotions');
    expect(await allowed('u-none')).not.toContain('promotions');
  });

  it('INV-8058-6, -7 no key, no cookie, no redirect, no CSRF token, from any site', async () => {
    const path = await subscriberWithLink('u-plain');
    const headers = [
      'Cookie: session=someone',
      'Authorization: Bearer wrong',
      'Origin: https://evil.example',
    ];
    const answer = await raw(request('POST', path, PAIR, [...headers, 'Sec-Fetch-Site: cross-site']));
    expect(status(answer)).toBe(200);
    expect(header(answer, 'content-type')).toBe('text/plain; charset=utf-8');
    expect(header(answer, 'set-cookie')).toBeUndefined();
    expect(header(answer, 'location')).toBeUndefined();
    expect(await allowed('u-plain')).not.toContain('promotions');
  });

  it('INV-8058-8 GET, HEAD and OPTIONS leave every table as it was', async () => {
    const path = await subscriberWithLink('u-scanner');
    const counts = `SELECT (SELECT count() FROM decisions), (SELECT count() FROM events), (SELECT count() FROM statements)`;
    const before = (await decisions()).length;
    await app.engine.command(
      `CREATE TABLE before_get ENGINE = MergeTree ORDER BY tuple() AS SELECT [${counts.replaceAll('SELECT (', '(')}] AS n`,
    );
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      for (const query of ['', '?sub=0', `?${PAIR}`, '?do=everything&form=0123456789abcdef']) {
        const answer = await raw(request(method, path + query, '', ['User-Agent: BarracudaCentral/1.0']));
        expect(status(answer)).toBe(method === 'OPTIONS' ? 204 : 200);
      }
    }
    await app.engine.command(
      `SELECT throwIf((SELECT n FROM before_get) != [${counts.replaceAll('SELECT (', '(')}])`,
    );
    await expect(app.engine.command('SELECT throwIf(1)')).rejects.toThrow();
    expect(await decisions()).toHaveLength(before);
    expect(await allowed('u-scanner')).toEqual(['promotions', 'newsletter', 'texts']);
  });

  it('INV-8058-8 the page keeps its strict policy behind the headers of the dashboard', async () => {
    const answer = await raw(request('GET', await subscriberWithLink('u-policy')));
    expect(header(answer, 'content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(header(answer, 'referrer-policy')).toBe('no-referrer');
    expect(header(answer, 'cache-control')).toBe('no-store');
  });

  it('INV-8058-10 fifty identical POSTs at once and one later are one decision and fifty-one times 200', async () => {
    const path = await subscriberWithLink('u-storm');
    const before = (await decisions()).length;
    const answers = await Promise.all(Array.from({ length: 50 }, () => raw(request('POST', path, PAIR))));
    expect(new Set(answers.map(status))).toEqual(new Set([200]));
    expect(status(await raw(request('POST', path, PAIR)))).toBe(200);
    expect(await decisions()).toHaveLength(before + 1);
  });

  it('INV-8058-10 the same POST after the person came back is a new opt-out', async () => {
    const path = await subscriberWithLink('u-back');
    await raw(request('POST', path, PAIR));
    expect(await allowed('u-back')).not.toContain('promotions');
    const optIn = {
      id: 'back-1',
      type: 'opted_in',
      subscriber: 'u-back',
      ...streams.promotions,
      made_by: 'person',
    };
    await call('POST', '/v1/events', [{ ...optIn, basis: 'explicit_consent', evidence: 'form 7' }]);
    expect(await allowed('u-back')).toContain('promotions');
    await raw(request('POST', path, PAIR));
    expect(await allowed('u-back')).not.toContain('promotions');
  });

  it('INV-8058-10 the same POST is one decision also after the person moved to another address', async () => {
    const path = await subscriberWithLink('u-moved');
    await call('POST', '/v1/subscribers', [{ id: 'u-moved', email: 'new@example.com' }]);
    await raw(request('POST', path, PAIR));
    const before = (await decisions()).length;
    for (let n = 0; n < 3; n++) expect(status(await raw(request('POST', path, PAIR)))).toBe(200);
    expect(await decisions()).toHaveLength(before);
  });

  it('INV-8058-4 a forged link gets the answer of a genuine one and changes nothing', async () => {
    const path = await subscriberWithLink('u-forged');
    const genuine = await raw(request('POST', await subscriberWithLink('u-genuine'), PAIR));
    const before = (await decisions()).length;
    const flipped = path.slice(0, 40) + (path[40] === 'A' ? 'B' : 'A') + path.slice(41);
    for (const bad of [flipped, path.slice(0, -3), '/u/x', '/u/']) {
      const answer = await raw(request('POST', bad, PAIR));
      expect(answer.replace(/^date:.*$/im, '')).toBe(genuine.replace(/^date:.*$/im, ''));
    }
    expect(await decisions()).toHaveLength(before);
    expect(await allowed('u-forged')).toContain('promotions');
  });

  it('a message without all-option stops the channel, as row 2 of the floor says, and the decision names the row', async () => {
    await call('POST', '/v1/subscribers', [{ id: 'u-wide', email: 'wide@example.com', jurisdiction: 'US' }]);
    const message = { ...streams.promotions, campaign: 'bf-2026', message_id: 'm-wide' };
    const link = await call('POST', '/v1/links', { subscriber: 'u-wide', message, all_option_shown: false });
    await raw(request('POST', new URL(String(link.url)).pathname, PAIR));
    expect(await allowed('u-wide')).toEqual(['texts']);
    const [summary] = await decisions();
    expect(await decision(summary?.id)).toMatchObject({
      subscriber: 'u-wide',
      floor: [{ row: 2, scope: 'CHAN' }],
    });
  });
});
