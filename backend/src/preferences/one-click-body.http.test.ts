import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EdgeApp, type RawAnswer, startEdge } from './testing/edge-app.js';

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

describe('a one-click body over HTTP', () => {
  it('INV-8058-5 the example of RFC 8058 section 8.2: urlencoded', async () => {
    expectPlain(await edge.raw(post(`/u/${edge.token()}`, PAIR)));
    expect(stopped()).toHaveLength(1);
  });

  it('INV-8058-5 the example of RFC 8058 section 8.3: multipart whose delimiter equals the boundary', async () => {
    const body = [
      '---FormBoundaryjWmhtjORrn',
      'Content-Disposition: form-data; name="List-Unsubscribe"',
      '',
      'One-Click',
      '---FormBoundaryjWmhtjORrn--',
      '',
    ].join('\r\n');
    const type = 'Content-Type: multipart/form-data; boundary=---FormBoundaryjWmhtjORrn';
    expectPlain(await edge.raw(post(`/u/${edge.token()}`, body, [type])));
    expect(stopped()).toHaveLength(1);
  });

  it('INV-8058-5 multipart as browsers write it', async () => {
    const body =
      '--xyz\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--xyz--\r\n';
    expectPlain(
      await edge.raw(post(`/u/${edge.token()}`, body, ['Content-Type: multipart/form-data; boundary=xyz'])),
    );
    expect(stopped()).toHaveLength(1);
  });

  it.each([
    ['no Content-Type', []],
    ['a charset', ['content-type: application/x-www-form-urlencoded; charset=UTF-8']],
    ['text/plain', ['CONTENT-TYPE: text/plain']],
    ['JSON, which it is not', ['Content-Type: application/json']],
    ['a header that is no media type', ['Content-Type: form']],
    ['an empty header', ['Content-Type:']],
    ['multipart without a boundary', ['Content-Type: multipart/form-data']],
  ])('INV-8058-5 takes the pair with %s (notifuse: only JSON was read, 400)', async (_, headers) => {
    expectPlain(await edge.raw(post(`/u/${edge.token()}`, PAIR, headers)));
    expect(stopped()).toHaveLength(1);
  });

  it('INV-8058-5 takes a chunked body, and one with white space around the pair', async () => {
    const chunked = `POST /u/${edge.token()} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\n${PAIR}\r\n0\r\n\r\n`;
    expectPlain(await edge.raw(chunked));
    expect(stopped()).toHaveLength(1);
    expectPlain(await edge.raw(post(`/u/${edge.token({ messageId: 'm-2' })}`, `\r\n ${PAIR} \r\n`)));
    expect(edge.ports.decisions).toHaveLength(2);
  });

  it.each([
    ['an empty body', ''],
    ['a foreign form', 'email=a%40example.com&submit=1'],
    ['JSON', '{"List-Unsubscribe":"One-Click"}'],
  ])('INV-8058-5 %s is not one-click: the page and no change', async (_, body) => {
    const answer = await edge.raw(post(`/u/${edge.token()}`, body));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain('<form method="post"');
    expect(edge.ports.submitted).toEqual([]);
  });

  it('a body beyond any form is refused without a stack', async () => {
    const answer = await edge.raw(post(`/u/${edge.token()}`, 'x'.repeat(300_000)));
    expect(answer.status).toBe(413);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  });
});
