import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LinkAnswer, LinkRequest } from '../contract/links.js';
import { lintHeaders } from './headers-lint.js';
import { type EdgeApp, secret, startEdge } from './testing/edge-app.js';
import { linkSeal, openLink } from './token.js';

let edge: EdgeApp;
beforeEach(async () => {
  edge = await startEdge();
});
afterEach(() => edge.close());

const message = {
  channel: 'email',
  category: 'promotions',
  origin: 'shop',
  campaign: 'bf-2026',
  message_id: 'm-77',
};
const body = { subscriber: 'u-1842', message, all_option_shown: true };

async function post(path: string, json: unknown) {
  const response = await fetch(`${edge.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(json),
  });
  return { status: response.status, json: await response.json() };
}

describe('POST /v1/links', () => {
  it('gives a link and headers in which the linter finds nothing (INV-8058-1, INV-2919-1)', async () => {
    const { status, json } = await post('/v1/links', body);
    const answer = json as LinkAnswer;
    expect(status).toBe(200);
    expect(answer.url).toMatch(/^https:\/\/mail\.example\.com\/u\/[A-Za-z0-9_-]{1,299}$/);
    expect(answer.headers['List-Unsubscribe']).toBe(`<${answer.url}>`);
    expect(answer.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(lintHeaders(Object.entries(answer.headers))).toEqual([]);
  });

  it('binds subscriber, stream, audience, campaign, message, all-option and legal basis', async () => {
    const request: LinkRequest = {
      subscriber: 'u-1842',
      message: { ...message, channel: 'email', audience: 'lapsed-de' },
      all_option_shown: true,
      legal_basis: 'consent',
    };
    const { url } = (await post('/v1/links', request)).json as LinkAnswer;
    const link = openLink(linkSeal([secret]), url.split('/u/')[1] ?? '');
    expect(link).toMatchObject({
      ...(await edge.ports.linkSubject('u-1842')),
      stream: { channel: 'email', category: 'promotions', origin: 'shop' },
      audience: 'lapsed-de',
      campaign: 'bf-2026',
      messageId: 'm-77',
      allOptionShown: true,
      legalBasis: 'consent',
      issuedAt: edge.clock.now / 60_000,
    });
  });

  it('gives a mailto beside the web address where there is a mailbox for it, and only in mail', async () => {
    await edge.close();
    edge = await startEdge('leave@mail.example.com');
    const { url, headers } = (await post('/v1/links', body)).json as LinkAnswer;
    const token = url.split('/u/')[1] ?? '';
    expect(headers['List-Unsubscribe']).toBe(
      `<${url}>, <mailto:leave@mail.example.com?subject=unsubscribe%20${token}>`,
    );
    expect(lintHeaders(Object.entries(headers))).toEqual([]);
    const text = await post('/v1/links', { ...body, message: { ...message, channel: 'sms' } });
    expect((text.json as LinkAnswer).headers['List-Unsubscribe']).not.toContain('mailto');
  });

  it('works at once: the link it gave opts out', async () => {
    const { url } = (await post('/v1/links', body)).json as LinkAnswer;
    const path = new URL(url).pathname;
    const answer = await fetch(`${edge.url}${path}`, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    expect(answer.status).toBe(200);
    expect(edge.ports.allowedKeys()).not.toContain('email.promotions.shop');
  });

  it('registers a stream at first sight, with a List-Id of its own', async () => {
    const ids = new Set<string>();
    for (const category of ['Söme Thing', 'some-thing', 'some thing', '###']) {
      const { status, json } = await post('/v1/links', { ...body, message: { ...message, category } });
      expect(status).toBe(200);
      const id = /<([^>]+)>$/.exec((json as LinkAnswer).headers['List-Id'])?.[1];
      expect(id).toMatch(/^[a-z0-9.-]+\.mail\.example\.com$/);
      ids.add(id ?? '');
    }
    expect(ids.size).toBe(4);
  });

  it('writes titles of any kind as RFC 5322 and 2047 want them', async () => {
    const stream = edge.ports.streams[0];
    if (stream === undefined) throw new Error('no stream');
    const header = async (title: string) => {
      stream.title = title;
      stream.listId = 'promotions.shop.example.com';
      return ((await post('/v1/links', body)).json as LinkAnswer).headers['List-Id'];
    };
    expect(await header('Weekly offers')).toBe('Weekly offers <promotions.shop.example.com>');
    expect(await header('Offers, "hot" <x>')).toBe('"Offers, \\"hot\\" <x>" <promotions.shop.example.com>');
    expect(await header('Müllers Grüße')).toBe(
      '=?UTF-8?B?TcO8bGxlcnMgR3LDvMOfZQ==?= <promotions.shop.example.com>',
    );
    expect(await header('a\r\nBcc: x@example.com')).not.toMatch(/[\r\n]/);
    expect(await header('x'.repeat(300))).toBe('<promotions.shop.example.com>');
  });

  it('refuses what does not fit, naming the field and what would fit', async () => {
    const { status, json } = await post('/v1/links', {
      ...body,
      message: { ...message, audience: 'a'.repeat(128) },
    });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      errors: [{ field: 'message.audience', reason: expect.stringMatching(/at most \d+ bytes/) }],
    });
  });

  it('names what is wrong with a body', async () => {
    const { status, json } = await post('/v1/links', { ...body, all_option_shown: undefined, extra: 1 });
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toMatch(/all_option_shown.*extra|extra.*all_option_shown/);
  });
});

describe('POST /v1/links/lint', () => {
  it('lists the faults of given headers', async () => {
    const { status, json } = await post('/v1/links/lint', [['List-Unsubscribe', '<http://a.example/u>']]);
    expect(status).toBe(200);
    expect((json as { faults: { code: string }[] }).faults.map(({ code }) => code)).toEqual([
      'http',
      'no_https',
      'missing',
    ]);
  });

  it('refuses what is no list of headers', async () => {
    expect((await post('/v1/links/lint', { a: 1 })).status).toBe(400);
  });
});
