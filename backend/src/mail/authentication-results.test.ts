import { expect, it } from 'vitest';
import { verdictOf } from './authentication-results.js';
import { readFields } from './header-block.js';

const ours = 'mx.orchard.example';
const verdict = (
  results: readonly string[],
  from = 'From: Vera <vera@pomona.example>',
  id: string | null = ours,
) =>
  verdictOf(readFields([...results.map((value) => `Authentication-Results: ${value}`), from].join('\n')), id);

const nothing = { dmarc: false, dkim: false, spf: false };

it('believes what our own mail server says of the From’s domain', () => {
  const both = `${ours}; dkim=pass (2048-bit key; unprotected) header.d=pomona.example header.s=s1;\n dmarc=pass (p=reject) header.from=pomona.example`;
  expect(verdict([both])).toEqual({ dmarc: true, dkim: true, spf: false });
  expect(verdict([`${ours.toUpperCase()} 1; dmarc=pass header.from=Pomona.example`])).toEqual({
    dmarc: true,
    dkim: false,
    spf: false,
  });
  expect(verdict([`${ours}; dkim=pass header.i=@pomona.example`])).toEqual({
    ...nothing,
    dkim: true,
  });
  expect(verdict([`${ours}; dkim=pass header.d=pomona.example`], 'From: vera@mail.pomona.example')).toEqual({
    ...nothing,
    dkim: true,
  });
});

it.each([
  ['another server', ['mx.forger.example; dmarc=pass header.from=pomona.example']],
  ['our server below another', ['mx.forger.example; none', `${ours}; dmarc=pass header.from=pomona.example`]],
  ['a failure', [`${ours}; dmarc=fail header.from=pomona.example; dkim=fail header.d=pomona.example`]],
  ['another domain', [`${ours}; dmarc=pass header.from=forger.example; dkim=pass header.d=forger.example`]],
  [
    'a pass in a comment',
    [`${ours}; dmarc=fail (dmarc=pass header.from=pomona.example) header.from=x.example`],
  ],
  ['a word that only begins so', [`${ours}; dmarc=passed header.from=pomona.example`]],
  ['a top-level domain', [`${ours}; dkim=pass header.d=example`]],
  ['a domain that ends alike', [`${ours}; dkim=pass header.d=mona.example`]],
  [
    'a pass in quotation marks',
    [`${ours}; dkim=fail reason="; dmarc=pass header.from=pomona.example" header.d=x.example`],
  ],
  [
    'a pass that a quotation mark in a comment uncovers',
    [`${ours}; dkim=fail ("; dmarc=pass header.from=pomona.example) header.d=x.example`],
  ],
  [
    'a pass behind a parenthesis in quotation marks',
    [`${ours}; spf=fail (sent by "a) b") smtp.mailfrom="x) ; dmarc=pass header.from=pomona.example"`],
  ],
  [
    'a pass behind an escaped parenthesis in a comment',
    [`${ours}; spf=fail (\\) ; dmarc=pass header.from=pomona.example) smtp.helo=x`],
  ],
  ['a quotation that never ends', [`${ours}; dmarc=pass header.from=pomona.example reason="x`]],
  ['a comment that never ends', [`${ours}; dmarc=pass header.from=pomona.example (x`]],
  ['a value as a name', [`${ours}; dmarc=pass reason=header.from = pomona.example`]],
  ['two domains of one result', [`${ours}; dmarc=pass header.from=x.example header.from=pomona.example`]],
  [
    'a pass beside a failure',
    [`${ours}; dmarc=fail header.from=x.example; dmarc=pass header.from=pomona.example`],
  ],
  [
    'a pass above a failure that our server wrote in a field of its own',
    [`${ours}; dmarc=pass header.from=pomona.example`, `${ours}; dmarc=fail header.from=pomona.example`],
  ],
  ['a DKIM pass beside a DMARC failure', [`${ours}; dkim=pass header.d=pomona.example; dmarc=fail`]],
  ['nothing', []],
])('does not believe %s', (_, results) => {
  expect(verdict(results)).toEqual(nothing);
});

it('reads quoted strings, comments and spaces as RFC 8601 allows them', () => {
  const value = `${ours} 1 ; dkim = pass (good; key) reason="a; \\"b\\" (c" header.d = "pomona.example" header.b=aGk+/w==;\n dmarc/1=pass (p=reject (really)) header.from=pomona.example; spf=pass smtp.mailfrom=vera@pomona.example`;
  expect(verdict([value])).toEqual({ dmarc: true, dkim: true, spf: true });
});

it('knows SPF only of the From’s own domain or of one above it', () => {
  const spf = (from: string) => verdict([`${ours}; spf=pass smtp.mailfrom=${from}`]).spf;
  expect([
    spf('pomona.example'),
    spf('"a b"@pomona.example'),
    spf('x@forger.example'),
    spf('example'),
  ]).toEqual([true, false, false, false]);
});

it('believes nobody without an id of ours, and of no From or several', () => {
  const pass = `${ours}; dmarc=pass header.from=pomona.example`;
  expect(verdict([pass], undefined, null)).toEqual(nothing);
  expect(verdict([pass], 'Subject: x')).toEqual(nothing);
  expect(verdict([pass], 'From: vera@pomona.example, otto@pomona.example')).toEqual(nothing);
});
