import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EdgeApp, type RawAnswer, sampleLink, startEdge } from './testing/edge-app.js';
import { linkSeal, sealLink } from './token.js';

let edge: EdgeApp;
beforeEach(async () => {
  edge = await startEdge();
});
afterEach(() => edge.close());

const PAIR = 'List-Unsubscribe=One-Click';

/** A request as mailbox providers send it, byte by byte. */
function post(
  path: string,
  body: string,
  headers: readonly string[] = ['Content-Type: application/x-www-form-urlencoded'],
) {
  return [
    `POST ${path} HTTP/1.1`,
    'Host: mail.example.com',
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

function stopped(): string[] {
  return ['email.promotions.shop'].filter((key) => !edge.ports.allowedKeys().includes(key));
}

function expectPlain(answer: RawAnswer, status = 200) {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(answer.headers.location).toBeUndefined();
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.headers['cache-control']).toBe('no-store');
}

describe('RFC 8058 over HTTP', () => {
  it('INV-8058-3 the link alone says who, which stream, which message (dittofeed: the body was rejected for missing fields)', async () => {
    await edge.raw(post(`/u/${edge.token()}`, PAIR));
    const [incoming] = edge.ports.submitted;
    expect(incoming?.who).toEqual({
      person: sampleLink.person,
      externalId: sampleLink.externalId,
      identifier: sampleLink.identifier,
    });
    expect(incoming?.request).toMatchObject({
      type: 'opted_out',
      trigger: 'one_click_unsubscribe',
      asked: 'this',
      channel: 'email',
      category: 'promotions',
      origin: 'shop',
      // listmonk: the attribution was lost with the click.
      audience: 'lapsed-de',
      campaign: 'bf-2026',
      messageId: sampleLink.messageId,
      allOptionShown: false,
      legalBasis: 'soft_opt_in',
      madeBy: 'person',
      tolerance: 0,
      occurredAt: edge.clock.now,
      receivedAt: edge.clock.now,
    });
  });

  it('INV-8058-3 stops the one stream and leaves the others (dittofeed: every group of the channel; mautic: the whole channel)', async () => {
    const before = edge.ports.allowedKeys();
    await edge.raw(post(`/u/${edge.token()}`, PAIR));
    expect(edge.ports.allowedKeys()).toEqual(before.filter((key) => key !== 'email.promotions.shop'));
  });

  it('INV-8058-3 takes the token from the query, with a slash behind it, and with parameters that a gateway added', async () => {
    const paths = [
      `/u?t=${edge.token({ messageId: 'm-1' })}`,
      `/u/${edge.token({ messageId: 'm-2' })}/`,
      `/u/${edge.token({ messageId: 'm-3' })}?utm_source=newsletter&lang=de`,
      `/u/?token=${edge.token({ messageId: 'm-4' })}`,
    ];
    for (const path of paths) expectPlain(await edge.raw(post(path, PAIR)));
    expect(edge.ports.decisions.map(({ request }) => request.messageId)).toEqual([
      'm-1',
      'm-2',
      'm-3',
      'm-4',
    ]);
  });

  it('INV-8058-4 forged, cut, unknown key and erased person get one answer and change nothing', async () => {
    const genuine = await edge.raw(post(`/u/${edge.token()}`, PAIR));
    const submitted = edge.ports.submitted.length;
    const token = edge.token({ messageId: 'other' });
    const forged = `${token.slice(0, 60)}${token[60] === 'A' ? 'B' : 'A'}${token.slice(61)}`;
    const foreign = sealLink(linkSeal(['a key of somebody else']), sampleLink);
    const erased = edge.token({ person: '99999999-9999-4999-8999-999999999999' });
    edge.ports.erased.add('99999999-9999-4999-8999-999999999999');
    for (const bad of [
      forged,
      token.slice(0, -4),
      foreign,
      'x',
      '',
      '%00',
      '../../etc/passwd',
      'A'.repeat(5000),
    ]) {
      const answer = await edge.raw(post(`/u/${bad}`, PAIR));
      expect({ ...answer, headers: { ...answer.headers, date: '' } }).toEqual({
        ...genuine,
        headers: { ...genuine.headers, date: '' },
      });
    }
    expect(edge.ports.submitted).toHaveLength(submitted);
    const answer = await edge.raw(post(`/u/${erased}`, PAIR));
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(genuine.body);
    expect(edge.ports.decisions).toHaveLength(1);
  });

  it('INV-8058-4 a link signed before the key was rotated works', async () => {
    const token = sealLink(linkSeal(['a retired secret of the tests']), sampleLink);
    expectPlain(await edge.raw(post(`/u/${token}`, PAIR)));
    expect(stopped()).toHaveLength(1);
  });

  it('INV-8058-6 reads no cookie and no Authorization, sets no cookie, asks for nothing', async () => {
    const headers = [
      'Content-Type: application/x-www-form-urlencoded',
      'Cookie: session=someone-else',
      'Authorization: Basic c29tZW9uZTplbHNl',
      'Origin: https://evil.example',
      'Sec-Fetch-Site: cross-site',
    ];
    expectPlain(await edge.raw(post(`/u/${edge.token()}`, PAIR, headers)));
    expect(edge.ports.submitted[0]?.who.person).toBe(sampleLink.person);
  });

  it('INV-8058-6 honours any user agent (notifuse: a bot list answered "success" and did nothing)', async () => {
    const agents = ['Googlebot/2.1', 'BarracudaCentral/1.0', 'python-requests/2.31', 'curl/8.0', ''];
    for (const [index, agent] of agents.entries()) {
      const token = edge.token({ messageId: `m-${index}` });
      expectPlain(await edge.raw(post(`/u/${token}`, PAIR, [`User-Agent: ${agent}`])));
    }
    expect(edge.ports.decisions).toHaveLength(agents.length);
  });

  it('INV-8058-7 never redirects, whatever the address looks like', async () => {
    const token = edge.token();
    for (const path of [`/u/${token}`, `/u/${token}/`, `/u/${token}//`, `/u/${token}?lang=fr`, '/u', '/u/']) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const answer = await edge.raw(`${method} ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
        expect(answer.headers.location).toBeUndefined();
        expect([200, 204, 404]).toContain(answer.status);
      }
      expectPlain(await edge.raw(post(path, PAIR)));
    }
  });

  it('INV-8058-7 answers 202 when the opt-out is durable but the engine is away, and 503 when nothing is durable', async () => {
    edge.ports.away = true;
    expectPlain(await edge.raw(post(`/u/${edge.token()}`, PAIR)), 202);
    edge.ports.away = false;
    edge.ports.broken = true;
    const answer = await edge.raw(post(`/u/${edge.token({ messageId: 'm-2' })}`, PAIR));
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('60');
    expect(answer.body).not.toMatch(/journal|Error|\bat \//);
  });

  it('INV-8058-8 GET, HEAD and OPTIONS write nothing (dittofeed and mautic: GET and HEAD unsubscribed; keila: a GET after three minutes)', async () => {
    const token = edge.token();
    const before = edge.ports.allowedKeys();
    edge.clock.now += 3 * 60_000 + 1;
    const queries = ['', '?sub=0', `?${PAIR}`, '?do=all', '?do=stop&form=0123456789abcdef'];
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      for (const query of queries) {
        for (const purpose of ['', 'Sec-Purpose: prefetch\r\n', 'User-Agent: BarracudaCentral/1.0\r\n']) {
          const answer = await edge.raw(
            `${method} /u/${token}${query} HTTP/1.1\r\nHost: x\r\n${purpose}\r\n`,
          );
          expect(answer.status).toBe(method === 'OPTIONS' ? 204 : 200);
          expect(answer.headers['set-cookie']).toBeUndefined();
        }
      }
    }
    expect(edge.ports.submitted).toEqual([]);
    expect(edge.ports.allowedKeys()).toEqual(before);
  });

  it('INV-8058-8 a GET with the pair as its body is a GET', async () => {
    const request = post(`/u/${edge.token()}`, PAIR).replace('POST', 'GET');
    const answer = await edge.raw(request);
    expect(answer.status).toBe(200);
    expect(edge.ports.submitted).toEqual([]);
  });

  it('INV-8058-8 the page has a form to submit, no script, and nothing that submits itself', async () => {
    const { body, headers } = await edge.raw(`GET /u/${edge.token()} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(body).toContain('<form method="post"');
    expect(body).not.toMatch(/<script|http-equiv|onload|javascript:|autofocus/i);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('INV-8058-9 a valid POST is an opt-out at once; it may be a press on "junk", and is not worth less for it', async () => {
    const answer = await edge.raw(post(`/u/${edge.token()}`, PAIR));
    expect(answer.body.length).toBeLessThan(100);
    expect(stopped()).toHaveLength(1);
    expect(edge.ports.submitted[0]?.request.flags).toContain('possible_complaint');
  });

  it('INV-8058-10 the same POST many times, one after the other and at once, is one change and always 200', async () => {
    const bytes = post(`/u/${edge.token()}`, PAIR);
    for (let n = 0; n < 3; n++) expectPlain(await edge.raw(bytes));
    const answers = await Promise.all(Array.from({ length: 20 }, () => edge.raw(bytes)));
    for (const answer of answers) expectPlain(answer);
    expect(edge.ports.decisions).toHaveLength(1);
    // All of them were handed over under one event id, for the audit.
    expect(edge.ports.submitted).toHaveLength(23);
    expect(new Set(edge.ports.submitted.map(({ request }) => request.eventId)).size).toBe(1);
  });

  it('INV-8058-10 the same POST after the person came back is a new opt-out, not a lost copy', async () => {
    const bytes = post(`/u/${edge.token()}`, PAIR);
    await edge.raw(bytes);
    const [first] = edge.ports.submitted;
    if (first === undefined) throw new Error('nothing was submitted');
    for (let round = 0; round < 3; round++) {
      const back = {
        ...first.request,
        type: 'opted_in' as const,
        eventId: `back-${round}`,
        decision: `d-${round}`,
      };
      await edge.ports.submit([{ who: first.who, request: back }]);
      expect(stopped()).toEqual([]);
      await Promise.all([edge.raw(bytes), edge.raw(bytes), edge.raw(bytes)]);
      expect(stopped()).toHaveLength(1);
      expect(edge.ports.decisions.filter(({ request }) => request.type === 'opted_out')).toHaveLength(
        round + 2,
      );
    }
  });

  it('a link whose stream nobody knows any more still opts out', async () => {
    const stream = { channel: 'email' as const, hash: '0011223344556677' };
    expectPlain(await edge.raw(post(`/u/${edge.token({ stream })}`, PAIR)));
    expect(edge.ports.submitted[0]?.request).toMatchObject({
      channel: 'email',
      category: null,
      origin: null,
    });
    expect(edge.ports.submitted[0]?.request.flags).toContain('stream_unresolved');
  });

  it('notes hits in memory, with what the client said of its purpose', async () => {
    const token = edge.token();
    await edge.raw(`HEAD /u/${token} HTTP/1.1\r\nHost: x\r\nUser-Agent: BarracudaCentral/1.0\r\n\r\n`);
    await edge.raw(`GET /u/${token} HTTP/1.1\r\nHost: x\r\nSec-Purpose: prefetch;prerender\r\n\r\n`);
    await edge.raw(post(`/u/${token}`, PAIR));
    const evidence = JSON.parse(edge.ports.submitted[0]?.request.evidence ?? '{}');
    expect(edge.hits.of(evidence.link)).toMatchObject([
      { method: 'HEAD', prefetch: false, userAgent: 'BarracudaCentral/1.0' },
      { method: 'GET', prefetch: true },
    ]);
  });
});
